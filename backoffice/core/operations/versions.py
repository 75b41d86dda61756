"""A row as an operation left it, put together from the row as it is and from what was changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from backoffice.core import access, reader
from backoffice.core.access import Person, Verb
from backoffice.core.model import Record
from backoffice.core.operations import births, display, rights
from backoffice.core.operations.changes import CHANGE
from backoffice.core.operations.display import STAMPS, Values
from backoffice.core.operations.merging import as_it_is, state_then
from backoffice.core.operations.tables import table_of
from backoffice.core.selection import Field
from backoffice.core.wording import gettext
from backoffice.extensions import db

MOST_LATER = 1000  # changes; what a row was before so many is not put together


class NoVersion(LookupError):
    """The row has no such version, or none that can be put together."""


@dataclass(frozen=True)
class Side:
    """One field in both versions; values as a Selection's rows give them (a relation is a Ref). `differs_now`: the row as it
    is has another value than the first version.
    """

    field: Field
    one: Any
    other: Any
    differs: bool
    differs_now: bool


@dataclass(frozen=True)
class Comparison:
    """Two versions of a row, field by field."""

    version: int
    sides: Sequence[Side]

    @property
    def differing(self) -> list[Side]:
        """The fields whose values are not the same in both."""
        return [side for side in self.sides if side.differs]

    @property
    def same(self) -> list[Side]:
        """The other fields."""
        return [side for side in self.sides if not side.differs]


def compared(person: Person, model: type[Record], row_id: int, one: int, other: int | None = None) -> Comparison:
    """Returns two versions of a row in the fields that `person` may see: as the operation `one` left it, and as `other` did;
    None is the row as it is. The row is one that they may see. Raises NoVersion where it has no such version.
    """
    access.require(person, Verb.VIEW, model)
    found = as_it_is(model, row_id)
    if found is None:
        raise NoVersion(gettext("This row is no longer there."))
    version, now = found
    then = _left_by(model, row_id, one, now)
    there = now if other is None else _left_by(model, row_id, other, now)
    fields = [field for field in rights.visible(person, model) if field.column in now and field.column not in STAMPS]
    known = display.related(fields, [(then, there)])
    return Comparison(version, [_side(field, then, there, now, known) for field in fields])


def _side(field: Field, then: Values, there: Values, now: Values, known: display.Known) -> Side:
    old, new, present = (state.get(field.column or "") for state in (then, there, now))
    return Side(
        field,
        display.shown(field, old, then, known),
        display.shown(field, new, there, known),
        old != new,
        old != present,
    )


def _left_by(model: type[Record], row_id: int, operation_id: int, now: Values) -> Values:
    """Returns the row as the operation left it."""
    mine = (CHANGE.c.entity_type == table_of(model).name) & (CHANGE.c.entity_id == row_id)
    change = db.session.execute(
        select(CHANGE.c.id, CHANGE.c.action).where(mine, CHANGE.c.operation_id == operation_id)
    ).first()
    if change is None:
        return _born(model, row_id, operation_id)
    if change.action == "delete":
        raise NoVersion(gettext("This operation deleted the row, so it left no version of it."))
    later = select(CHANGE.c.before).where(mine, CHANGE.c.id > change.id).order_by(CHANGE.c.id).limit(MOST_LATER + 1)
    changes: Sequence[Row[Any]] = db.session.execute(later).all()
    if len(changes) > MOST_LATER:
        raise NoVersion(
            gettext(
                "The row was changed more than %(most)s times since; choose a later version.",
                most=reader.number(MOST_LATER),
            )
        )
    return state_then(now, changes)


def _born(model: type[Record], row_id: int, operation_id: int) -> Values:
    born = births.of_row(db.session.connection(), model, row_id)
    if born is None or born.operation_id != operation_id or born.after is None:
        raise NoVersion(gettext("This operation left no version of the row that is still known."))
    return born.after
