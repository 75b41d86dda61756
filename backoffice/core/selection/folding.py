"""Text compared without case and accents in SQL, for columns that have no folded column beside them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Engine, Integer, String, and_, event, func, or_
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from backoffice.core import text_index
from backoffice.core.text import fold


class Folded(FunctionElement[str]):
    """core.text.fold as far as the database can: the function itself on SQLite, built from its own on PostgreSQL."""

    name = "folded"
    type = String()
    inherit_cache = True


class Octets(FunctionElement[int]):
    """The length of a text in bytes."""

    name = "octet_length"
    type = Integer()
    inherit_cache = True


@compiles(Folded)
@compiles(Octets)
def _call(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
    return f"{element.name}({compiler.process(element.clauses, **options)})"


@compiles(Folded, "postgresql")
def _fold_on_postgresql(element: Folded, compiler: SQLCompiler, **options: Any) -> str:
    (column,) = element.clauses
    bare = f"regexp_replace(normalize({compiler.process(column, **options)}, NFKD), '[\\u0300-\\u036f]', '', 'g')"
    letters = f"translate(lower({bare}), 'øđłħŧıð', 'odlhtid')"
    for letter, pair in (("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("þ", "th")):
        letters = f"replace({letters}, '{letter}', '{pair}')"
    return letters


@compiles(Octets, "sqlite")
def _octets_on_sqlite(element: Octets, compiler: SQLCompiler, **options: Any) -> str:
    return f"length(CAST({compiler.process(element.clauses, **options)} AS BLOB))"


@lru_cache(maxsize=20_000)  # a column of cities holds few different ones
def _folded_once(text: str | None) -> str | None:
    return None if text is None else fold(text)


@event.listens_for(Engine, "connect")
def _give_sqlite_the_function(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("folded", 1, _folded_once, deterministic=True)


def same_text(column: ColumnElement[str], texts: Sequence[str]) -> ColumnElement[bool]:
    """Returns the condition that `column` reads as one of `texts`, whatever the case and accents."""
    wanted = [fold(text) for text in texts]
    return or_(
        column.in_(texts), func.lower(column).in_(wanted), and_(_beyond_ascii(column), Folded(column).in_(wanted))
    )


def contains_text(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Returns the condition that `text` occurs in `column`, whatever the case and accents; % and _ are letters."""
    wanted = fold(text)
    return _whatever_the_case(column, lambda folded: folded.contains(wanted, autoescape=True))


def holds_text(column: ColumnElement[str], wanted: str) -> ColumnElement[bool]:
    """Returns the condition that `column` holds a folded text as search understands it."""
    return _whatever_the_case(column, lambda folded: text_index.holds(folded, wanted))


def _whatever_the_case(
    column: ColumnElement[str], condition: Callable[[ColumnElement[str]], ColumnElement[bool]]
) -> ColumnElement[bool]:
    return or_(condition(func.lower(column)), and_(_beyond_ascii(column), condition(Folded(column))))


def _beyond_ascii(column: ColumnElement[str]) -> ColumnElement[bool]:
    """The costly folding is only for the few texts that need it."""
    return Octets(column) != func.length(column)
