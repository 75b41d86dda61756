"""Rows that are numbered within the row that they belong to (`__order__`), and how they change places.

No two of them may share a number, and the databases look at each row as it is written, so that two rows cannot simply swap.
Those that move step aside first, to numbers that no row has: each to the one that is as far below the highest as its own is
above 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, String, case, literal, select
from sqlalchemy import update as update_table

from backoffice.core.access import Person
from backoffice.core.model import Record
from backoffice.core.operations import review, rights, snapshot, verdicts
from backoffice.core.operations.changes import CHANGE
from backoffice.core.operations.tables import table_of
from backoffice.extensions import db

if TYPE_CHECKING:
    from backoffice.core.operations.recording import Recording

HIGHEST = 2**31 - 1  # that an integer column can hold


def numbered(numbers: Sequence[int | None]) -> list[int]:
    """Returns the numbers of rows in their order: those that they have, where these rise and new rows (None) come last;
    otherwise all are counted anew."""
    known = [number for number in numbers if number is not None]
    rising = all(one < other for one, other in pairwise(known))
    if rising and list(numbers[: len(known)]) == known:
        last = known[-1] if known else 0
        return known + [last + 1 + place for place in range(len(numbers) - len(known))]
    return [1 + place for place in range(len(numbers))]


def aside(model: type[Record]) -> ColumnElement[Any]:
    """Returns the number to which a row steps aside."""
    return HIGHEST - table_of(model).columns[model.__order__]


def step_aside(operation: Recording, model: type[Record], coming: Select[Any]) -> None:
    """Has rows step aside that the changes `coming` will give back another number than they have; nothing is recorded of it."""
    table = table_of(model)
    row = table.alias()
    number = row.c[model.__order__]
    then = snapshot.restore_or_keep(operation.dialect, CHANGE.c.before, number)
    moving = coming.with_only_columns(row.c.id).where(row.c.id == CHANGE.c.entity_id, number.is_distinct_from(then))
    with operation.writing():
        operation.connection.execute(
            update_table(table).where(table.c.id.in_(moving)).values({model.__order__: aside(model)})
        )


def immovable(model: type[Record], moved: Mapping[int, int], person: Person) -> Iterator[tuple[int, dict[str, str]]]:
    """Yields which lines may not get another number (id: number), and why: all are asked at once."""
    table = table_of(model)
    number = case({**moved}, value=table.c.id, else_=table.c[model.__order__])
    rules = verdicts.asked(model, "update", frozenset({model.__order__}))
    after = verdicts.changed_row(table, {model.__order__: number})
    theirs = (rights.out_of_scope(person, model), literal(rights.NOT_THEIRS, String()))
    broken = case(
        theirs,
        *rights.not_theirs(person, model),
        else_=verdicts.first_broken(rules, verdicts.stored_row(table), after),
    )
    found = db.session.execute(select(table.c.id, broken.label("broken")).where(table.c.id.in_(moved)))
    for row_id, rule in found:
        if rule is not None:
            yield row_id, dict([review.sentence(table.name, rule)])
