"""Counting within bounds: up to so many rows, and by looking at no more than so many. What is not exact says so.

Where counting stopped and every row of a table is meant, the database's own statistics give an estimate of how many there are.
It is shown beside what was counted, as "about" so many, and not at all where the statistics are missing or cannot be true.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from statistics import median_low
from typing import Any
from weakref import WeakSet

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.orm import Session

from backoffice.core.selection.candidates import Finder
from backoffice.core.selection.fields import Model
from backoffice.core.selection.shapes import Count

LOOKED_AT = 10_000  # rows, where nothing tells beforehand which of them match
_ANALYZED: WeakSet[Engine] = WeakSet()  # databases that are known to have statistics
_KEPT = text("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'")  # there is none where ANALYZE was never run
_ROWS: ColumnElement[int] = literal_column(
    "CAST(stat AS INTEGER)"
)  # of an index, "1000 50 1": the first number is that of its rows
_OF_WHOLE_TABLE = text("idx IN (SELECT name FROM pragma_index_list(:name) WHERE NOT partial)")
# Rows of a page when it was last looked at, times the pages that the table has now: so the planner does it.
_PLANNED = text(
    "SELECT reltuples / relpages * (pg_relation_size(oid) / current_setting('block_size')::int)"
    " FROM pg_class WHERE oid = CAST(:name AS regclass) AND relpages > 0 AND reltuples > 0"
)

_NOTHING = (literal(0), literal(0))


@dataclass(frozen=True)
class Counting:
    """Two figures to select, and what they say."""

    statement: tuple[ColumnElement[Any], ColumnElement[Any]]
    read: Callable[[int, int], Count]


def exactly(ids: Select[Any]) -> Counting:
    """Counts all of `ids`."""
    return Counting((_number(ids), literal(0)), lambda number, _: Count(number))


def up_to(ids: Select[Any], limit: int) -> Counting:
    """Counts `ids` as far as `limit`."""
    return Counting((_number(ids.limit(limit + 1)), literal(0)), lambda number, _: _within(number, limit))


def known(number: int, limit: int) -> Counting:
    """Says what was counted already: all of them, or more than `limit`."""
    return Counting(_NOTHING, lambda *_: _within(number, limit))


def looking(model: Model, matching: Select[Any], limit: int) -> Counting:
    """Counts those that match among the first rows of the table; all of them where the table has no more."""
    first = select(model.id).order_by(model.id)
    beyond = select(func.count()).select_from(first.limit(1).offset(LOOKED_AT).correlate(None).subquery())

    def read(number: int, more: int) -> Count:
        return _within(number, limit) if not more else Count(min(number, limit), exact=False)

    return Counting((_among_first(model, matching, first), beyond.scalar_subquery()), read)


def among_many(model: Model, matching: Select[Any], many: Finder, limit: int) -> Counting:
    """Counts those that match among the first of many ids, which are more than are looked at."""
    at_least = _among_first(model, matching, many)
    return Counting((at_least, literal(0)), lambda number, _: Count(min(number, limit), exact=False))


def _among_first(model: Model, matching: Select[Any], ids: Finder) -> ColumnElement[int]:
    first = ids.limit(LOOKED_AT).subquery()
    return _number(matching.where(model.id.in_(select(*first.c))))


def estimated(session: Session, model: Model, count: Count) -> Count:
    """Returns `count`, at which counting all rows of the table stopped, with an estimate of them if there is a fair one."""
    estimate = _by_sqlite if session.get_bind().dialect.name == "sqlite" else _by_postgresql
    rows = estimate(session, model)
    return replace(count, about=rows) if rows > count.number else count


def _by_postgresql(session: Session, model: Model) -> int:
    return round(session.scalar(_PLANNED, {"name": model.__tablename__}) or 0)


def _by_sqlite(session: Session, model: Model) -> int:
    """Returns about how many rows ANALYZE met; 0 where most of them came or went since then.

    It looked at a part of each index (`loaders.SAMPLE`), so one of them may be wrong several times over: the median is not, and
    there are no more rows than ids.
    """
    connection = session.connection()
    if not _has_statistics(connection):
        return 0
    met = [tuple(row) for row in connection.execute(_met(model.__table__), {"name": model.__tablename__})]
    rows, most = median_low(met) if met else (0, 0)
    return min(rows, most) if rows >= most / 2 else 0


def _has_statistics(connection: Connection) -> bool:
    """Says whether ANALYZE was ever run. Its table stays from then on, so who found it there need not look again."""
    found: bool = connection.engine in _ANALYZED or connection.scalar(_KEPT) is not None
    if found:
        _ANALYZED.add(connection.engine)
    return found


@lru_cache
def _met(rows: Table) -> Select[Any]:
    """Returns the statement for the rows that ANALYZE met in each index of the whole table, and the largest id."""
    last = select(func.max(rows.c.id)).scalar_subquery()
    return select(_ROWS, last).select_from(table("sqlite_stat1")).where(_OF_WHOLE_TABLE)


def _number(ids: Select[Any]) -> ColumnElement[int]:
    return select(func.count()).select_from(ids.subquery()).scalar_subquery()


def _within(number: int, limit: int) -> Count:
    return Count(number) if number <= limit else Count(limit, exact=False)
