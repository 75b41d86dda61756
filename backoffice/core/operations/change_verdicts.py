"""Which of many changes, each with values of its own, break a rule: what a file asks for, as `verdicts.refusals` for new rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from backoffice.core.model import Record
from backoffice.core.operations import snapshot
from backoffice.core.operations.rules import Rule
from backoffice.core.operations.tables import table_of
from backoffice.core.operations.verdicts import asked, changed_row, first_broken, stored_row
from backoffice.core.operations.writes import chunks, documents
from backoffice.extensions import db

Values = Mapping[str, Any]


def refused_changes(model: type[Record], rows: Sequence[Values]) -> dict[int, Rule]:
    """Returns which of these changes ("id" and the columns to set) break which rule: place in `rows` -> the first one.

    The rows are not compared with each other; what only they break together, the database refuses at the end.
    """
    alike: dict[frozenset[str], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        alike[frozenset(row) - {"id"}].append(place)
    found: dict[int, Rule] = {}
    for columns, places in alike.items():
        for chunk in chunks(places):
            for place, rule in _broken(model, [rows[place] for place in chunk], columns):
                found[chunk[place]] = rule
    return found


def _broken(model: type[Record], rows: list[Values], columns: frozenset[str]) -> Iterator[tuple[int, Rule]]:
    table = table_of(model)
    dialect = db.session.get_bind().dialect.name
    if not model.derived_from().isdisjoint(columns):
        rows = _derived(model, rows)
        columns = frozenset(rows[0]) - {"id"}
    rules = {rule.name: rule for rule in asked(model, "update", columns)}
    given = documents(dialect, table, rows)
    new = {name: snapshot.restore(dialect, given.c.document, table.columns[name]) for name in columns}
    broken = first_broken(rules.values(), stored_row(table), changed_row(table, new)).label("broken")
    joined = select(given.c.place, broken).join_from(given, table, table.c.id == given.c.id)
    verdicts = joined.offset(0).subquery()  # OFFSET keeps the verdict from being computed once per mention
    statement = select(verdicts.c.place, verdicts.c.broken).where(verdicts.c.broken.is_not(None))
    for place, name in db.session.execute(statement):
        yield int(place), rules[name]


def _derived(model: type[Record], rows: list[Values]) -> list[Values]:
    """Returns the changes with the columns that follow from them."""
    table = table_of(model)
    statement = select(table).where(table.c.id.in_([row["id"] for row in rows]))
    stored = {row["id"]: row for row in db.session.execute(statement).mappings()}
    return [{**row, **model.derive({**stored[row["id"]], **row})} for row in rows]
