"""One way to change rows: planned, sealed, applied as one recorded Operation, and taken back.

with recording(person, door, verb, title=..., reason="", selection="", model=None) as operation:
    ...                                     the unit of work: what the session flushes is recorded; commits at the end
    operation.id, operation.at
    operation.update(Model, where, {column: value or SQL expression}) -> int      set-based, recorded
    operation.insert(Model, [{column: value}, ...]) -> list[int]                  set-based, recorded; returns the ids
    operation.delete(Model, where) -> int                                         dependents are recorded and go along

plan_edit(selection, values, person, *, door="bulk", reason="", seen_version=None) -> Plan
plan_delete(selection, person, *, door="bulk", reason="") -> Plan
plan_undo(operation, person, *, door="undo", reason="") -> Plan
find_plan(token, person) -> Plan            the one that a review page showed; LookupError when there is none
rest_of(plan, person) -> Plan               the same for the rows that have not moved since the review
without_refused(plan, rule, person) -> Plan the same without the rows that a rule refuses
apply(plan, person) -> Operation            raises PlanMoved, AlreadyApplied, NothingToDo, Invalid, Busy
create(model, values, person, door, reason="") -> Record
create_many(model, rows, operation) -> list[int]
refusals(model, rows) -> dict[int, Rule]    which of these new rows (column values) break which rule, set-based
record_event(person, verb, *, door, title, selection="", reason="", model=None, row_count=0) -> Operation
history(person, model, id) -> list[Entry]   newest first: who, when, door, reason, [(label, old, new)]
committed                                   blinker signal after each commit: send(operation id, tables={table, ...})
"""

from __future__ import annotations

from backoffice.core.operations.applying import apply
from backoffice.core.operations.creating import create, create_many
from backoffice.core.operations.display import FieldChange
from backoffice.core.operations.errors import (
    AlreadyApplied,
    Blocked,
    Busy,
    Conflict,
    Difference,
    Gone,
    Invalid,
    MovedRow,
    NothingToDo,
    OperationError,
    PlanMoved,
    UnrecordedWrite,
)
from backoffice.core.operations.guard import protect
from backoffice.core.operations.history import Entry, RowChange, history, record_event, row_changes
from backoffice.core.operations.models import Change, Operation, PlanRow, StoredPlan
from backoffice.core.operations.plan import Plan, find_plan
from backoffice.core.operations.plan_seal import rest_of, without_refused
from backoffice.core.operations.planning import plan_delete, plan_edit, plan_undo
from backoffice.core.operations.recording import Recording, committed, current, recording
from backoffice.core.operations.review import Dependent, Refusal, Sample
from backoffice.core.operations.rules import Effect, Fill, Row, Rule, rulebook, transitions
from backoffice.core.operations.verdicts import refusals

__all__ = [
    "AlreadyApplied",
    "Blocked",
    "Busy",
    "Change",
    "Conflict",
    "Dependent",
    "Difference",
    "Effect",
    "Entry",
    "FieldChange",
    "Fill",
    "Gone",
    "Invalid",
    "MovedRow",
    "NothingToDo",
    "Operation",
    "OperationError",
    "Plan",
    "PlanMoved",
    "PlanRow",
    "Recording",
    "Refusal",
    "Row",
    "RowChange",
    "Rule",
    "Sample",
    "StoredPlan",
    "UnrecordedWrite",
    "apply",
    "committed",
    "create",
    "create_many",
    "current",
    "find_plan",
    "history",
    "plan_delete",
    "plan_edit",
    "plan_undo",
    "protect",
    "record_event",
    "recording",
    "refusals",
    "rest_of",
    "row_changes",
    "rulebook",
    "transitions",
    "without_refused",
]
