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
apply(plan, person) -> Operation            raises PlanMoved, AlreadyApplied, NothingToDo, Invalid, Busy
watched(watcher)                            what is applied inside tells `watcher` each step, and stops where it raises
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
    NothingToDo,
    OperationError,
    PlanMoved,
    UnrecordedWrite,
)
from backoffice.core.operations.guard import protect
from backoffice.core.operations.history import Entry, RowChange, history, record_event, row_changes
from backoffice.core.operations.models import Change, Operation, PlanRow, StoredPlan
from backoffice.core.operations.plan import Plan, find_plan
from backoffice.core.operations.planning import plan_delete, plan_edit, plan_undo
from backoffice.core.operations.recording import Recording, committed, current, recording
from backoffice.core.operations.review import Dependent, Refusal, Sample
from backoffice.core.operations.rules import Effect, Fill, Row, Rule, rulebook, transitions
from backoffice.core.operations.verdicts import refusals
from backoffice.core.operations.watching import Watcher, watched

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
    "Watcher",
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
    "row_changes",
    "rulebook",
    "transitions",
    "watched",
]
