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
apply(plan, person) -> Operation            raises PlanMoved, AlreadyApplied, Invalid, Busy
create(model, values, person, door, reason="") -> Record
create_many(model, rows, operation) -> list[int]
refusals(model, rows) -> dict[int, Rule]    which of these new rows (column values) break which rule, set-based
record_event(person, verb, *, door, title, selection="", reason="", model=None, row_count=0) -> Operation
history(person, model, id) -> list[Entry]   newest first: who, when, door, reason, [(label, old, new)]
committed                                   blinker signal after each commit: send(operation id, tables={table, ...})
"""

from __future__ import annotations

from backoffice.core.operations.errors import (
    AlreadyApplied,
    Blocked,
    Busy,
    Conflict,
    Difference,
    Gone,
    Invalid,
    OperationError,
    PlanMoved,
    UnrecordedWrite,
)
from backoffice.core.operations.models import Change, Operation, PlanRow, StoredPlan
from backoffice.core.operations.rules import Effect, Row, Rule, rulebook, transitions

__all__ = [
    "AlreadyApplied",
    "Blocked",
    "Busy",
    "Change",
    "Conflict",
    "Difference",
    "Effect",
    "Gone",
    "Invalid",
    "Operation",
    "OperationError",
    "PlanMoved",
    "PlanRow",
    "Row",
    "Rule",
    "StoredPlan",
    "UnrecordedWrite",
    "rulebook",
    "transitions",
]
