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
    Engine,
    Select,
    Table,
    func,
    literal,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import Session

from backoffice.core.selection.candidates import Finder
from backoffice.core.selection.fields import Model
from backoffice.core.selection.shapes import Count

LOOKED_AT = 10_000  # rows, where nothing tells beforehand which of them match
_ANALYZED: WeakSet[Engine] = WeakSet()  # databases that are known to have statistics
_KEPT = text("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'")  # there is none where ANALYZE was never run
# The largest id, then the rows that ANALYZE met in each index of the whole table: of "1000 50 1" the first number.
_MET = """SELECT (SELECT coalesce(max(id), 0) FROM "{name}") || coalesce(',' || group_concat(CAST(stat AS INTEGER)), '')
FROM sqlite_stat1 WHERE idx IN (SELECT name FROM pragma_index_list('{name}') WHERE NOT partial)"""
# Rows of a page when it was last looked at, times the pages that the table has now: so the planner does it.
_PLANNED = """SELECT round(reltuples / relpages * (pg_relation_size(oid) / current_setting('block_size')::int))
FROM pg_class WHERE oid = CAST('{name}' AS regclass) AND relpages > 0 AND reltuples > 0"""

_NOTHING = (literal(0), literal(0))


@dataclass(frozen=True)
class Counting:
    """Two figures to select, and what they say."""

    statement: tuple[ColumnElement[Any], ColumnElement[Any]]
    read: Callable[[Any, Any], Count]


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


def of_all(session: Session, model: Model, limit: int) -> Counting:
    """Counts the rows of the table as far as `limit`, with an estimate of how many there are beyond, if there is a fair one.

    It knows none until `has_found_statistics` was asked.
    """
    bind = session.get_bind()
    known = bind.dialect.name != "sqlite" or bind in _ANALYZED
    return _of_all(model.__table__, limit, bind.dialect.name if known else "")


def has_found_statistics(session: Session) -> bool:
    """Says whether the database has statistics that nobody knew of until now: then `of_all` has an estimate from now on.

    SQLite has them once ANALYZE was run, and their table stays.
    """
    connection = session.connection()
    if connection.dialect.name != "sqlite" or connection.engine in _ANALYZED or connection.scalar(_KEPT) is None:
        return False
    _ANALYZED.add(connection.engine)
    return True


@lru_cache
def _of_all(rows: Table, limit: int, statistics: str) -> Counting:
    asked, estimate = _ESTIMATES[statistics]

    def read(number: int, met: Any) -> Count:
        count = _within(number, limit)
        about = 0 if count.exact else estimate(met)
        return replace(count, about=about) if about > count.number else count

    estimated: ColumnElement[Any] = literal_column(f"({asked})".format(name=rows.name))  # names are ours
    return Counting((_number(select(rows.c.id).limit(limit + 1)), estimated), read)


def _by_postgresql(rows: float | None) -> int:
    return int(rows or 0)


def _by_sqlite(met: str) -> int:
    """Returns about how many rows ANALYZE met; 0 where most of them came or went since then.

    It looked at a part of each index (`loaders.SAMPLE`), so one of them may be wrong several times over: the median is not, and
    there are no more rows than ids.
    """
    most, *rows = map(int, met.split(","))
    fair = min(median_low(rows), most) if rows else 0
    return fair if fair >= most / 2 else 0


# By the database that has statistics: the SELECT, and what its answer says.
_ESTIMATES: dict[str, tuple[str, Callable[[Any], int]]] = {
    "sqlite": (_MET, _by_sqlite),
    "postgresql": (_PLANNED, _by_postgresql),
    "": ("SELECT 0", int),
}


def _number(ids: Select[Any]) -> ColumnElement[int]:
    return select(func.count()).select_from(ids.subquery()).scalar_subquery()


def _within(number: int, limit: int) -> Count:
    return Count(number) if number <= limit else Count(limit, exact=False)
