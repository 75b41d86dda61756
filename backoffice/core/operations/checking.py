"""Single fields of a form while it is filled in, by the rules by which it will be saved. Nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import cast, null, select

from backoffice.core.access import Person
from backoffice.core.model import Record
from backoffice.core.operations import creating, following, rights, snapshot, values, verdicts
from backoffice.core.operations.constraints import field_of
from backoffice.core.operations.errors import Invalid
from backoffice.core.operations.rules import Row, Rule
from backoffice.core.operations.tables import table_of
from backoffice.core.operations.writes import with_defaults
from backoffice.core.selection import visible_fields
from backoffice.extensions import db

Columns = dict[str, Any]


def wrong_fields(
    model: type[Record], given: Mapping[str, Any], names: Collection[str], person: Person, row_id: int | None = None
) -> dict[str, str]:
    """Returns what saving would say at the fields `names`, as far as it can be told yet; {} where nothing is wrong.

    `given` is what the form of a new row, or of the row `row_id`, holds so far. What is still missing is no mistake before
    somebody saves; rules that read what the person may not see are left to the saving too.
    """
    if row_id is None:
        creating.require_fields(person, model, given)
    else:
        rights.require_fields(person, model, given)
    cleaned, errors = _cleaned(model, given, person)
    stored = _stored(model, row_id)
    if row_id is not None and stored is None:
        return {}
    columns = values.as_columns(model, cleaned, stored or cleaned)
    found = {name: errors[name] for name in names if name in errors}
    broken = _broken(model, columns, stored, set(names) - set(found), person)
    return found | broken


def _cleaned(model: type[Record], given: Mapping[str, Any], person: Person) -> tuple[dict[str, Any], dict[str, str]]:
    """Returns the values that can be, and a sentence for each that cannot."""
    found: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, value in given.items():
        try:
            found |= values.cleaned(model, {name: value}, person)
        except Invalid as error:
            errors |= error.errors
    return found, errors


def _stored(model: type[Record], row_id: int | None) -> Columns | None:
    if row_id is None:
        return None
    table = table_of(model)
    row = db.session.execute(select(table).where(table.c.id == row_id)).mappings().first()
    return dict(row) if row is not None else None


def _broken(
    model: type[Record], columns: Columns, stored: Columns | None, names: Collection[str], person: Person
) -> dict[str, str]:
    """Returns the sentence of the first rule that each field breaks, by one statement."""
    new, unknown = _new(model, columns) if stored is None else _changed(model, columns, stored)
    rules = verdicts.asked(model, "create" if stored is None else "update", frozenset(new), unknown)
    seen = visible_fields(person, model)
    asked = {
        name: [r for r in rules if field_of(model, r.place) == name and _is_seen(model, r, seen)] for name in names
    }
    asked = {name: own for name, own in asked.items() if own}
    if not asked:
        return {}
    before, after = _rows(model, new, stored)
    verdict = select(*(verdicts.first_broken(own, before, after).label(name) for name, own in asked.items()))
    if stored is not None:
        verdict = verdict.where(table_of(model).c.id == stored["id"])
    broken: Mapping[Any, Any] = db.session.execute(verdict).mappings().first() or {}
    sentences = {rule.name: rule.said for own in asked.values() for rule in own}
    return {name: sentences[rule] for name, rule in broken.items() if rule is not None}


def _is_seen(model: type[Record], rule: Rule, seen: Mapping[str, Any]) -> bool:
    return all(field_of(model, column) in {"", *seen} for column in rule.fields)


def _new(model: type[Record], columns: Columns) -> tuple[Columns, frozenset[str]]:
    """Returns a new row as far as it is known, and the columns that nobody knows yet."""
    row = with_defaults(model, columns)
    unknown = following.fill_columns(model, frozenset(columns))
    needed = model.derived_from()
    if any(row[name] is None and not table_of(model).columns[name].nullable for name in needed):
        return row, unknown | {name for name, value in row.items() if value is None and name not in columns}
    return row | model.derive(row), unknown


def _changed(model: type[Record], columns: Columns, stored: Columns) -> tuple[Columns, frozenset[str]]:
    """Returns what would change in a stored row, and the columns that nobody knows yet."""
    new = {name: value for name, value in columns.items() if value != stored[name]}
    unknown = following.fill_columns(model, frozenset(new))
    derived = {} if model.derived_from().isdisjoint(new) else model.derive({**stored, **new})
    return {**new, **{name: value for name, value in derived.items() if value != stored[name]}}, unknown


def _rows(model: type[Record], new: Columns, stored: Columns | None) -> tuple[Row | None, Row]:
    table, dialect = table_of(model), db.session.get_bind().dialect.name
    after = {name: snapshot.stored(dialect, value, table.columns[name].type) for name, value in new.items()}
    if stored is not None:
        return verdicts.stored_row(table), verdicts.changed_row(table, after)
    return None, Row({**{column.name: cast(null(), column.type) for column in table.columns}, **after})
