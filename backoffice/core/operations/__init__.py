"""One way to change rows: planned, sealed, applied as one recorded Operation, and taken back.

with recording(person, door, verb, title=..., reason="", selection="", model=None) as operation:
    ...                                     the unit of work: what the session flushes is recorded; commits at the end
    operation.id, operation.at
    operation.update(Model, where, {column: value or SQL expression}) -> int      set-based, recorded
    operation.insert(Model, [{column: value}, ...]) -> list[int]                  set-based, recorded; returns the ids
    operation.delete(Model, where) -> int                                         dependents are recorded and go along

plan_edit(selection, values, person, *, door="bulk", reason="", seen_version=None, form=()) -> Plan
                                            a value sets, None clears; Add, Percent, Shift, Append, Prepend, Replace and
                                            Copy say what becomes of each row's own value; Link and Unlink add and
                                            remove the row of a collection that leads to another row, Addition adds
                                            one with values that all share and others that each takes from its row
plan_delete(selection, person, *, door="bulk", reason="", reassign=None, form=()) -> Plan
                                            `reassign`: which rows of other kinds get which row instead, first
each(model, names, wanted, refused, person) -> {field: Each}
                                            values of their own for each row, for plan_edit; rows that cannot have theirs
                                            are refused in the review, with the reason
draft_edit(selection, person, form=()) -> Plan  which rows are meant, before anything is asked for
retype(plan, form)                          what was typed last, for whoever goes back to the form
plan_undo(operation, person, *, door="undo", reason="") -> Plan
moves(model, person, door) -> list[Move]    what could be so moved; moving(plan) says how much of it there is
find_plan(token, person) -> Plan            the one that a review page showed; LookupError when there is none
rest_of(plan, person) -> Plan               the same for the rows that have not moved since the review
after_refusal(plan, person) -> Plan         the same, where the database refused it at the end: its rows are refused in it
renewed(plan, person) -> Plan               the same for the rows as they are now
without_refused(plan, rule, person) -> Plan the same without the rows that a rule refuses
apply(plan, person) -> Operation            raises PlanMoved, AlreadyApplied, NeedsApproval, NothingToDo, Invalid, Busy
edit_at_once(selection, values, person, *, door, seen_version=None) -> Operation | None
                                            the form or the cell of a row: planned and applied in one transaction
edit_with_lines, create_with_lines          the same together with the rows that belong to it, as one operation
kept_by_rules(model, ids) -> {id: why}      which rows no rule lets go: a form shows them only
watched(watcher)                            what is applied inside tells `watcher` each step, and stops where it raises
create(model, values, person, door, reason="") -> Record
create_many(model, rows, operation) -> list[int]
loading(operation, models)                  millions of whole rows into empty tables, recorded as runs of births
refusals(model, rows) -> dict[int, Rule]    which of these new rows (column values) break which rule, set-based
record_event(person, verb, *, door, title, selection="", reason="", model=None, row_count=0) -> Operation
history(person, model, id) -> list[Entry]   newest first: who, when, door, reason, [(label, old, new)]
story(person, model, id, belongings, limit) -> (list[Entry], bool)   the same of the row and of what belongs to it
compared(person, model, id, one, other) -> Comparison   two versions of a row: as two operations left it; None is now
approvals                                   big changes need two: the package says how
committed                                   blinker signal after each commit: send(operation id, tables={table, ...})
"""

from __future__ import annotations

from backoffice.core.operations.additions import Addition
from backoffice.core.operations.applying import apply, edit_at_once
from backoffice.core.operations.belonging import Belonging
from backoffice.core.operations.creating import create, create_many
from backoffice.core.operations.culprits import after_refusal
from backoffice.core.operations.display import FieldChange
from backoffice.core.operations.errors import (
    AlreadyApplied,
    Blocked,
    Busy,
    Conflict,
    Decided,
    Difference,
    Gone,
    Invalid,
    InvalidLines,
    MovedRow,
    NeedsApproval,
    NothingToDo,
    OperationError,
    PlanMoved,
    UnrecordedWrite,
)
from backoffice.core.operations.expressions import Add, Append, Copy, Each, Expression, Percent, Prepend, Replace, Shift
from backoffice.core.operations.guard import protect
from backoffice.core.operations.history import Entry, RowChange, history, record_event, row_changes
from backoffice.core.operations.lines import Line, Lines, create_with_lines, edit_with_lines, kept_by_rules
from backoffice.core.operations.links import Joint, Link, Unlink, joint
from backoffice.core.operations.loading import Load, loading
from backoffice.core.operations.models import Change, Operation, PlanRow, StoredPlan
from backoffice.core.operations.plan import Form, Plan, find_plan, retype
from backoffice.core.operations.plan_seal import renewed, rest_of, without_refused
from backoffice.core.operations.planning import draft_edit, plan_delete, plan_edit, plan_undo
from backoffice.core.operations.reassigning import Move, moves, moving
from backoffice.core.operations.recording import Recording, committed, current, recording
from backoffice.core.operations.review import Dependent, Refusal, Sample
from backoffice.core.operations.row_values import each
from backoffice.core.operations.rules import Effect, Fill, Foretelling, Planned, Row, Rule, rulebook, transitions
from backoffice.core.operations.stories import story
from backoffice.core.operations.suitable import sources, suits
from backoffice.core.operations.verdicts import refusals
from backoffice.core.operations.versions import Comparison, NoVersion, Side, compared
from backoffice.core.operations.watching import Watcher, watched
from backoffice.core.operations.written import last_written
from backoffice.core.selection import find_by

find_by("version", last_written)

__all__ = [
    "Add",
    "Addition",
    "AlreadyApplied",
    "Append",
    "Belonging",
    "Blocked",
    "Busy",
    "Change",
    "Comparison",
    "Conflict",
    "Copy",
    "Decided",
    "Dependent",
    "Difference",
    "Each",
    "Effect",
    "Entry",
    "Expression",
    "FieldChange",
    "Fill",
    "Foretelling",
    "Form",
    "Gone",
    "Invalid",
    "InvalidLines",
    "Joint",
    "Line",
    "Lines",
    "Link",
    "Load",
    "Move",
    "MovedRow",
    "NeedsApproval",
    "NoVersion",
    "NothingToDo",
    "Operation",
    "OperationError",
    "Percent",
    "Plan",
    "PlanMoved",
    "PlanRow",
    "Planned",
    "Prepend",
    "Recording",
    "Refusal",
    "Replace",
    "Row",
    "RowChange",
    "Rule",
    "Sample",
    "Shift",
    "Side",
    "StoredPlan",
    "Unlink",
    "UnrecordedWrite",
    "Watcher",
    "after_refusal",
    "apply",
    "committed",
    "compared",
    "create",
    "create_many",
    "create_with_lines",
    "current",
    "draft_edit",
    "each",
    "edit_at_once",
    "edit_with_lines",
    "find_plan",
    "history",
    "joint",
    "kept_by_rules",
    "loading",
    "moves",
    "moving",
    "plan_delete",
    "plan_edit",
    "plan_undo",
    "protect",
    "record_event",
    "recording",
    "refusals",
    "renewed",
    "rest_of",
    "retype",
    "row_changes",
    "rulebook",
    "sources",
    "story",
    "suits",
    "transitions",
    "watched",
    "without_refused",
]
