"""What happened to a row, and what an operation did, as the person who asks may see it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, false, select, true

from backoffice.core import access
from backoffice.core.access import Person, Verb
from backoffice.core.model import Record
from backoffice.core.operations import births, display, rights, undoable
from backoffice.core.operations.changes import CHANGE
from backoffice.core.operations.display import FieldChange, Values, numbered
from backoffice.core.operations.models import Operation
from backoffice.core.operations.recording import recording
from backoffice.core.operations.tables import model_named, singular, table_of
from backoffice.core.selection import Field, Ref
from backoffice.core.wording import gettext
from backoffice.extensions import db

MOST = 100
_DONE: dict[str, Callable[[], str]] = {
    "create": lambda: gettext("Created"),
    "update": lambda: gettext("Changed"),
    "delete": lambda: gettext("Deleted"),
}


@dataclass(frozen=True)
class About:
    """Rows of another kind that an entry is about: one of them, or `number` that were loaded together."""

    model: type[Record]
    ref: Ref | None
    number: int = 1
    there: bool = True  # False where the row is gone


@dataclass(frozen=True)
class Entry:
    """One operation in the history of a row. Its own words may name hidden fields and other rows: so `title` and `reason`
    say them only where the operation is `open` to the person, and otherwise no more than what became of the row.
    """

    operation_id: int
    change_id: int  # its place in the history of the row; 0 where it is the first of all
    open: bool
    title: str
    who: str
    when: datetime
    door: str
    verb: str
    action: str
    reason: str
    changes: tuple[FieldChange, ...]
    undo: str  # what taking the operation back is called where it can be, and it wrote this row alone; else ""
    about: About | None = None  # where it is not the row itself


class _Born(NamedTuple):
    """The creation of a row that is in a run, as the statement of the others gives them."""

    operation: Operation
    is_open: bool
    change_id: int
    action: str
    before: Values | None
    after: Values | None


@dataclass(frozen=True)
class RowChange:
    """One row that an operation wrote."""

    kind: str
    ref: Ref
    action: str
    changes: tuple[FieldChange, ...]


def history(
    person: Person, model: type[Record], row_id: int, limit: int = MOST, before: int | None = None
) -> list[Entry]:
    """Returns what happened to the row, newest first, with the fields that `person` may see; `before` is the `change_id`
    after which to go on."""
    access.require(person, Verb.VIEW, model)
    fields = rights.visible(person, model)
    statement = (
        told(person)
        .where(CHANGE.c.entity_type == table_of(model).name, CHANGE.c.entity_id == row_id)
        .order_by(CHANGE.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(CHANGE.c.id < before)
    found: list[Any] = list(db.session.execute(statement))
    if len(found) < limit:
        found += _birth(person, model, row_id)
    known = display.related(fields, [(row.before, row.after) for row in found])
    return offered(person, [entry_of(fields, known, *row[:6]) for row in found])


def told(person: Person) -> Select[Any]:
    """Returns the SELECT of changes, each with its operation, as `entry_of` takes them."""
    change = (CHANGE.c.id, CHANGE.c.action, CHANGE.c.before, CHANGE.c.after)
    return _operations(person).add_columns(*change).join(CHANGE, CHANGE.c.operation_id == Operation.id)


def operations_with(person: Person, ids: Collection[int]) -> Select[Any]:
    """Returns the SELECT of operations with what `entry_of` asks of them."""
    return _operations(person).where(Operation.id.in_(ids))


def _operations(person: Person) -> Select[Any]:
    asked: tuple[Any, ...] = (Operation, _is_open_to(person).label("is_open"))
    return select(*asked)


def _birth(person: Person, model: type[Record], row_id: int) -> list[Any]:
    born = births.of_row(db.session.connection(), model, row_id)
    if born is None:
        return []
    mine = db.session.execute(operations_with(person, [born.operation_id]))
    return [_Born(operation, is_open, 0, born.action, born.before, born.after) for operation, is_open in mine]


def _is_open_to(person: Person) -> ColumnElement[bool]:
    """Returns the condition on Operation that `person` may open its page."""
    if not access.may(person, Verb.VIEW, Operation):
        return false()
    scope = access.row_scope(person, Operation)
    return true() if scope is None else scope


def entry_of(
    fields: list[Field],
    known: display.Known,
    operation: Operation,
    is_open: bool,
    change_id: int,
    action: str,
    before: Values | None,
    after: Values | None,
) -> Entry:
    """Returns an operation in the history of a row, in the `fields` that the person may see; see `offered`."""
    wrote = sum(number for actions in operation.counts.values() for number in actions.values())
    return Entry(
        operation.id,
        change_id,
        bool(is_open),
        operation.title if is_open else _DONE[action](),
        operation.actor_name,
        operation.at,
        operation.door,
        operation.verb,
        action,
        operation.reason if is_open else "",
        tuple(display.field_changes(fields, before, after, known)),
        operation.way_back if is_open and wrote == 1 else "",
    )


def offered(person: Person, entries: Sequence[Entry]) -> list[Entry]:
    """Returns the entries with an undo only where it can be done."""
    asked = undoable.answers(person, {entry.operation_id for entry in entries if entry.undo})
    return [
        replace(entry, undo="") if entry.undo and not asked[entry.operation_id].offered else entry for entry in entries
    ]


def row_changes(operation: Operation, person: Person, limit: int = MOST, after: int = 0) -> list[RowChange]:
    """Returns the first rows that an operation wrote, of the kinds and with the fields that `person` may see."""
    statement = select(CHANGE).where(CHANGE.c.operation_id == operation.id, CHANGE.c.id > after)
    kinds = [kind for kind in operation.counts if access.may(person, Verb.VIEW, model_named(kind))]
    statement = statement.where(CHANGE.c.entity_type.in_(kinds)).order_by(CHANGE.c.id).limit(limit)
    found = births.page(db.session.connection(), operation.id, limit) or db.session.execute(statement).all()
    return [row for kind in kinds for row in _of_kind(person, kind, [c for c in found if c.entity_type == kind])]


def _of_kind(person: Person, kind: str, changes: list[Any]) -> list[RowChange]:
    """Returns the rows of one kind, by a number of statements that does not depend on how many there are."""
    model = model_named(kind)
    fields = rights.visible(person, model)
    there = display.refs(model, [change.entity_id for change in changes])
    known = display.related(fields, [(change.before, change.after) for change in changes])
    named = access.visible(person, model, model.__label__)
    return [
        RowChange(
            singular(kind),
            there.get(change.entity_id) or as_it_was(change, model.__label__ if named else ""),
            change.action,
            tuple(display.field_changes(fields, change.before, change.after, known)),
        )
        for change in changes
    ]


def as_it_was(change: Any, label: str) -> Ref:
    """Returns a row that is gone by what it was called, its number where that is not known."""
    state = change.before or change.after or {}
    return Ref(change.entity_id, str(change.entity_id), str(state.get(label, numbered(change.entity_id))))


def record_event(
    person: Person,
    verb: str,
    *,
    door: str,
    title: str,
    selection: str = "",
    reason: str = "",
    model: type[Record] | None = None,
    row_count: int = 0,
) -> Operation:
    """Records something that changed no rows, such as an export or a sign-in, and returns its entry."""
    with recording(person, door, verb, title=title, selection=selection, reason=reason, model=model) as operation:
        operation.row_count = row_count
        operation.keep = True
    return db.session.get_one(Operation, operation.id)
