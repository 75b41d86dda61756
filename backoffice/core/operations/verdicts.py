"""Which rule a row breaks, as one SQL expression over the row before and after."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, String, Table, case, cast, literal, null, select
from sqlalchemy.sql.visitors import iterate

from backoffice.core.model import Record
from backoffice.core.operations import following, snapshot
from backoffice.core.operations.constraints import rules_of
from backoffice.core.operations.rules import Row, Rule
from backoffice.core.operations.tables import table_of
from backoffice.core.operations.writes import CHUNK, chunks, documents, with_defaults
from backoffice.extensions import db

NONE = cast(null(), String)


def first_broken(rules: Iterable[Rule], before: Row | None, after: Row | None) -> ColumnElement[Any]:
    """Returns the expression of the name of the first rule that refuses; NULL where none does."""
    cases = [(rule.refuses(before, after), literal(rule.name)) for rule in rules]
    return case(*cases, else_=NONE) if cases else NONE


def asked(
    model: type[Record], moment: str, columns: frozenset[str] | None = None, unknown: frozenset[str] = frozenset()
) -> list[Rule]:
    """Returns the rules to ask at `moment` when `columns` change (None: all of them).

    Constraints over the columns `unknown`, whose new values are not known yet, are left to the database; those that a
    feature makes hold by what it fills in are not asked.
    """
    settled = following.settled(model, columns) if columns and moment == "update" else frozenset()
    return [
        rule
        for rule in rules_of(model)
        if moment in rule.moments
        and (columns is None or rule.concerns(columns))
        and unknown.isdisjoint(rule.fields)
        and rule.name not in settled
    ]


def stored_row(table: Table) -> Row:
    """Returns a row as it is stored."""
    return Row({column.name: column for column in table.columns})


def changed_row(table: Table, new: Mapping[str, ColumnElement[Any]]) -> Row:
    """Returns a stored row with the expressions `new` in place of its columns; computed columns follow."""
    row = {column.name: column for column in table.columns}
    return Row({**row, **new})


def columns_read(table: Table, expression: ColumnElement[Any]) -> frozenset[str]:
    """Returns the columns of `table` that an expression reads; for a computed column also what that is computed from."""
    found = {part for part in iterate(expression) if isinstance(part, Column) and part.table is table}
    names = {column.name for column in found}
    for column in found:
        if column.computed is not None:
            names |= set(re.findall(r"\w+", str(column.computed.sqltext))) & set(table.columns.keys())
    return frozenset(names) - {"id", "version"}


def refusals(model: type[Record], rows: Sequence[Mapping[str, Any]]) -> dict[int, Rule]:
    """Returns which of these new rows (column values) break which rule: place in `rows` -> the first one.

    The rows are not compared with each other; what only they break together, the database refuses at the end.
    """
    rules = {rule.name: rule for rule in asked(model, "create")}
    found: dict[int, Rule] = {}
    for number, chunk in enumerate(chunks(rows)):
        complete = [_complete(model, row) for row in chunk]
        for place, name in _broken(model, complete, list(rules.values())):
            found[number * CHUNK + place] = rules[name]
    return found


def _complete(model: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    row = with_defaults(model, values)
    return row | model.derive(row)


def _broken(model: type[Record], rows: Sequence[Mapping[str, Any]], rules: list[Rule]) -> list[tuple[int, str]]:
    table = table_of(model)
    dialect = db.session.get_bind().dialect.name
    given = documents(dialect, table, rows)
    values: dict[str, ColumnElement[Any]] = {}
    for column in table.columns:
        known = column.name in rows[0]
        values[column.name] = (
            snapshot.restore(dialect, given.c.document, column) if known else cast(null(), column.type)
        )
    broken = first_broken(rules, None, Row(values)).label("broken")
    verdicts = select(given.c.place, broken).offset(0).subquery()
    statement = select(verdicts.c.place, verdicts.c.broken).where(verdicts.c.broken.is_not(None))
    return [(int(place), name) for place, name in db.session.execute(statement)]
