"""New rows: one from a form, many from a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from backoffice.core import access
from backoffice.core.access import Person, Refused, System, Verb
from backoffice.core.model import Record
from backoffice.core.operations import display, following, rights, values, verdicts
from backoffice.core.operations.constraints import field_of
from backoffice.core.operations.errors import Invalid
from backoffice.core.operations.recording import Recording, recording
from backoffice.core.operations.tables import singular, table_of
from backoffice.core.operations.writes import with_defaults
from backoffice.core.selection import fields_of
from backoffice.core.text import words
from backoffice.extensions import db


def create(model: type[Record], given: Mapping[str, Any], person: Person, door: str, reason: str = "") -> Record:
    """Returns a new row made of field values. Raises Invalid with a sentence per field that cannot be."""
    rights.require(person, Verb.CREATE, model, door)
    require_fields(person, model, given)
    noun = singular(table_of(model).name)
    with recording(person, door, "create", reason=reason, model=model) as operation:
        cleaned = values.cleaned(model, given, person)
        given_columns = values.as_columns(model, cleaned, cleaned)
        row = complete(model, following.filled(operation, model, [given_columns], frozenset(given_columns))[0])
        broken = verdicts.refusals(model, [row])
        if broken:
            raise Invalid({field_of(model, broken[0].place): broken[0].message})
        row_id = operation.insert(model, [row])[0]
        operation.title = operation.title or f"Create {noun} {display.ref(model, row_id).label}"
    return db.session.get_one(model, row_id)


def create_many(model: type[Record], rows: Iterable[Mapping[str, Any]], operation: Recording) -> list[int]:
    """Adds rows of column values, set-based, and returns their ids in the order given. Rules are asked by `refusals`."""
    return operation.insert(model, rows)


def complete(model: type[Record], given: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a whole new row with defaults and derived columns. Raises Invalid for what is needed and not given."""
    row = with_defaults(model, given)
    _require_values(model, row, only=model.derived_from())
    row |= model.derive(row)
    _require_values(model, row)
    return row


def _require_values(model: type[Record], row: Mapping[str, Any], only: frozenset[str] | None = None) -> None:
    errors = {}
    for name, value in row.items():
        if value is None and not table_of(model).columns[name].nullable and (only is None or name in only):
            field = field_of(model, name)
            label = fields_of(model)[field].label if field else words(name)
            errors[field] = f"{label} is needed."
    if errors:
        raise Invalid(errors)


def require_fields(person: Person, model: type[Record], names: Iterable[str]) -> None:
    """Raises access.Refused for a field that the person may not set in a new row."""
    if isinstance(person, System):
        return
    own = access.right_of(person, model)
    for name in names:
        if not own.edits(name):
            raise Refused(f"{person.full_name} may not set {words(name).lower()} of {table_of(model).name}")
