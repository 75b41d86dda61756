"""Stamps: one random mark per table in the shared cache, renewed after every commit that touches the table.

A figure is kept together with the stamps that its reader took *before* computing. It is good as long as they are still
the present ones, so a commit in any process makes it stale, and a computation that a commit overtook is never shown.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import suppress

from flask import current_app
from sqlalchemy import ClauseElement, Table
from sqlalchemy.sql.util import find_tables

from backoffice.core.summaries.flight import one_at_a_time
from backoffice.extensions import cache

Stamps = dict[str, str]

ASKED = "asked for"  # stands among the tables for the wish of a person: its stamp is renewed by Refresh

_KEPT = 30 * 24 * 60 * 60  # seconds; a stamp that is gone only costs a computation


def key(table: str) -> str:
    """Returns the name under which a table's stamp is kept."""
    return f"stamp:{table}"


def tables_of(clause: ClauseElement) -> set[str]:
    """Returns the names of the tables that a statement or a condition reads, those of its subqueries included."""
    found = find_tables(clause, check_columns=True, include_selects=True, include_joins=True)
    return {str(table.name) for table in found if isinstance(table, Table)}


def mark_of(clause: ClauseElement) -> str:
    """Returns what tells a statement or a condition from another one, the values in it included."""
    compiled = clause.compile()
    return f"{compiled} {sorted(compiled.params.items())}"


def read(tables: Iterable[str], found: Iterable[object]) -> Stamps:
    """Returns the stamps that were `found` in the cache for `tables`; those that are not there are left out."""
    return {table: stamp for table, stamp in zip(tables, found, strict=True) if isinstance(stamp, str)}


def take(tables: Iterable[str]) -> Stamps:
    """Returns the present stamps of `tables`, and makes those that do not exist yet.

    A table is left out where the cache keeps nothing: what reads it is then computed and not kept.
    """
    names = sorted(tables)
    stamps = _get(names)
    if len(stamps) < len(names):
        with one_at_a_time("stamps"):
            _renew(set(names) - _get(names).keys())
        stamps = _get(names)
    return stamps


def renew(tables: Iterable[str]) -> None:
    """Makes every figure that reads one of `tables` stale, in all processes. To be called after the commit."""
    owed = _owed()
    wanted = set(tables)
    with suppress(KeyError):
        while True:
            wanted.add(owed.pop())
    owed.update(wanted - set(_renew(wanted)))


def settle() -> None:
    """Renews what could not be renewed while the cache did not answer."""
    if _owed():
        renew(())


def _owed() -> set[str]:
    owed: set[str] = current_app.extensions["summaries"].owed
    return owed


def _renew(tables: Iterable[str]) -> list[str]:
    names = {key(table): table for table in tables}
    kept = cache.set_many({name: uuid.uuid4().hex for name in names}, timeout=_KEPT)
    return [names[name] for name in kept]


def _get(tables: list[str]) -> Stamps:
    return read(tables, cache.get_many(*map(key, tables)))
