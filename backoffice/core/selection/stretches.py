"""The rows of a page, read along an index.

Rows without a value come last in every order. No index has them there on both databases and in both directions, but each index
has all those with a value in order, and all those without. So an order is read in two stretches, one after the other: each is a
piece of the same index, forwards or backwards, and a cursor is a place in one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from backoffice.core.selection.fields import Kind
from backoffice.core.selection.keys import Key, Place, are_alike, beyond, further_by, ordered, place_of
from backoffice.core.selection.rows import RowPlan
from backoffice.extensions import db

Rows = list[Sequence[Any]]


@dataclass(frozen=True)
class Stretch:
    """Rows that follow each other: those that fulfil `where`, ordered by `keys`, which are the plan's from `skipped` on."""

    keys: Sequence[Key]
    where: ColumnElement[bool] | None = None
    skipped: int = 0

    def of(self, statement: Select[Any]) -> Select[Any]:
        """Returns the part of a statement that lies in this stretch."""
        return statement if self.where is None else statement.where(self.where)


def rows_beyond(made: RowPlan, values: Sequence[Any], backward: bool, number: int) -> Rows:
    """Returns the next rows after the one whose keys have these values, `backward` those before it; the nearest first.

    The values of a row's keys stand behind what the plan selects.
    """
    stretches = _stretches(made)
    here = len(stretches) - 1 if values[0] is None else 0
    stretches = stretches[here::-1] if backward else stretches[here:]
    first = stretches[0]
    found = _read(made, first, number, backward, place=values[first.skipped :])
    for stretch in stretches[1:]:
        if len(found) < number:
            found += _read(made, stretch, number - len(found), backward)
    return found


def rows_at(made: RowPlan, offset: int, number: int) -> Rows:
    """Returns `number` rows in order, less the first `offset`."""
    found: Rows = []
    for stretch in _stretches(made):
        here = _read(made, stretch, number - len(found), offset=0 if found else offset)
        found += here
        if len(found) == number:
            break
        offset -= 0 if here or not offset else min(offset, _length(made, stretch))
    return found


def _stretches(made: RowPlan) -> list[Stretch]:
    first, *others = made.keys
    if made.leads and first.kind is Kind.TEXT and not first.nullable:
        # True of each row. Without a beginning SQLite would rather sort all rows than go along the related ones' index.
        return [Stretch(made.keys, first.expression >= literal("", String()))]
    if made.sorts or not first.nullable:
        return [Stretch(made.keys)]
    filled = Stretch([replace(first, nullable=False), *others], first.expression.is_not(None))
    return [filled, Stretch(others, first.expression.is_(None), 1)] if others else [filled]


def _read(
    made: RowPlan,
    stretch: Stretch,
    number: int,
    backward: bool = False,
    offset: int = 0,
    place: Sequence[Any] = (),
) -> Rows:
    """Returns rows from `place` on, if it is given: the values of the keys of a row."""
    kind = (stretch.skipped, backward, bool(offset), tuple(value is None for value in place))
    if kind not in made.statements:
        made.statements[kind] = _statement(made, stretch, *kind[1:])
    asked = {f"place{position}": value for position, value in enumerate(place)}
    return list(db.session.execute(made.statements[kind], {**made.asked, "number": number, "offset": offset, **asked}))


def _statement(made: RowPlan, stretch: Stretch, backward: bool, offset: bool, missing: tuple[bool, ...]) -> Select[Any]:
    """Returns what looks rows up late: their ids come from the indexes alone, and only what is shown is computed.

    How many rows and from where on are parameters, so that the statement is made once.
    """
    ids = _ids(made, stretch, backward, missing, bindparam("number", type_=Integer))
    ids = ids.offset(bindparam("offset", type_=Integer)) if offset else ids
    shown = replace(made, where=made.model.id.in_(ids.correlate(None)), sorts=True)
    values = [key.expression.label(f"__key{position}") for position, key in enumerate(made.keys)]
    return shown.unordered([*made.selected, *values]).order_by(*ordered(stretch.keys, backward, sorts=True))


def _ids(
    made: RowPlan, stretch: Stretch, backward: bool, missing: tuple[bool, ...], number: ColumnElement[int]
) -> Select[Any]:
    """Returns the SELECT of the ids, in order, from the place on that the parameters name."""
    keys, place = stretch.keys, place_of(stretch.keys, missing) if missing else ()
    if place and are_alike(keys) and not made.sorts and db.engine.dialect.name == "sqlite":
        return _merged(made, stretch, place, backward, number)
    ids = stretch.of(made.ids()).order_by(*ordered(keys, backward, made.sorts)).limit(number)
    return ids.where(beyond(keys, place, backward)) if place else ids


def _merged(made: RowPlan, stretch: Stretch, place: Place, backward: bool, number: ColumnElement[int]) -> Select[Any]:
    """Returns the same where SQLite does not find the place in an index: it jumps to a value of the first key alone, and a
    million rows may share it. It does find where each of these lists begins, and merges them."""
    keys = stretch.keys
    known = [value for value in place if value is not None]  # none is missing: the keys are alike
    lists = [
        _list(_beginning_with(further, made, stretch).ids(), keys, known[:same], backward, number)
        for same, further in enumerate(further_by(keys, place, backward))
    ]
    names = [literal_column(_name(position), type_=Integer()) for position in range(len(keys))]
    down = keys[0].descending is not backward
    found = union_all(*lists).order_by(*(name.desc() if down else name.asc() for name in names)).limit(number)
    return select(found.subquery().c[0])


def _beginning_with(further: ColumnElement[bool], made: RowPlan, stretch: Stretch) -> RowPlan:
    """Returns the plan for the rows from a place on. Of several bounds of a column SQLite goes by the first one: the place's,
    which is nearer than those of what is searched for, or than where a first stretch begins."""
    others = [made.where, stretch.where if stretch.skipped else None]
    return made.narrowed(and_(further, *(condition for condition in others if condition is not None)))


def _list(
    ids: Select[Any],
    keys: Sequence[Key],
    known: Sequence[ColumnElement[Any]],
    backward: bool,
    number: ColumnElement[int],
) -> Select[Any]:
    """Returns ids with their keys, of which the first ones are `known`: SQLite is not to sort by an expression that it knows."""
    values = [*known, *(key.expression for key in keys[len(known) :])]
    keyed = ids.add_columns(*(value.label(_name(position)) for position, value in enumerate(values)))
    if not known:
        return keyed
    first = keyed.order_by(*ordered(keys[len(known) :], backward)).limit(number).subquery()
    return select(*first.c)


def _name(position: int) -> str:
    return f"key{position}"


def _length(made: RowPlan, stretch: Stretch) -> int:
    ids = stretch.of(made.ids())
    return db.session.scalar(select(func.count()).select_from(ids.subquery()), made.asked) or 0
