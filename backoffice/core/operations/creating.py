"""New rows: one from a form, many from a file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import select

from backoffice.core import access, reader
from backoffice.core.access import Person, Refused, System, Verb
from backoffice.core.model import Record
from backoffice.core.operations import display, following, rights, values, verdicts
from backoffice.core.operations.constraints import field_of
from backoffice.core.operations.errors import Invalid
from backoffice.core.operations.recording import Recording, recording
from backoffice.core.operations.tables import owners, singular, table_of
from backoffice.core.operations.writes import with_defaults
from backoffice.core.selection import fields_of
from backoffice.core.text import words
from backoffice.core.wording import gettext, inside, said
from backoffice.extensions import db


def create(model: type[Record], given: Mapping[str, Any], person: Person, door: str, reason: str = "") -> Record:
    """Returns a new row made of field values. Raises Invalid with a sentence per field that cannot be."""
    rights.require(person, Verb.CREATE, model, door)
    require_fields(person, model, given)
    with recording(person, door, "create", reason=reason, model=model) as operation:
        cleaned = values.cleaned(model, given, person)
        given_columns = values.as_columns(model, cleaned, cleaned)
        row = complete(model, following.filled(operation, model, [given_columns], frozenset(given_columns))[0])
        _wait_for_owners(operation, model, row)
        broken = verdicts.refusals(model, [row])
        if broken:
            raise Invalid({field_of(model, broken[0].place): broken[0].said})
        row_id = operation.insert(model, [row])[0]
        operation.title = operation.title or _title(model, row_id)
    return db.session.get_one(model, row_id)


def _wait_for_owners(operation: Recording, model: type[Record], row: Mapping[str, Any]) -> None:
    """Waits for whoever holds what the new row belongs to, to save it with its lines (see `lines`), and sees what they wrote.

    The foreign key would wait as well, but with the row half written: whoever holds the owner might wait for that, and
    one of the two be sent away.
    """
    for owner in owners(table_of(model)) if operation.dialect == "postgresql" else ():
        held = select(owner.parent.c.id).where(owner.parent.c.id == row[owner.column.name])
        operation.connection.execute(held.with_for_update(read=True, key_share=True))


def _title(model: type[Record], row_id: int) -> str:
    with reader.kept():
        noun = singular(table_of(model).name)
        return gettext("Create %(noun)s %(row)s", noun=noun, row=display.ref(model, row_id).label)


def create_many(model: type[Record], rows: Iterable[Mapping[str, Any]], operation: Recording) -> list[int]:
    """Adds rows of column values, set-based, and returns their ids in the order given. Rules are asked by `refusals`."""
    return operation.insert(model, rows)


def complete(model: type[Record], given: Mapping[str, Any], later: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Returns a whole new row with defaults and derived columns. Raises Invalid for what is needed and not given.

    The columns `later` are filled in when the row is written.
    """
    row = with_defaults(model, given)
    _require_values(model, row, model.derived_from())
    row |= model.derive(row)
    _require_values(model, row, row.keys() - later)
    return row


def _require_values(model: type[Record], row: Mapping[str, Any], names: Collection[str]) -> None:
    errors = {}
    for name, value in row.items():
        if value is None and not table_of(model).columns[name].nullable and name in names:
            field = field_of(model, name)
            label = fields_of(model)[field].label if field else words(name)
            errors[field] = gettext("%(label)s is needed.", label=label)
    if errors:
        raise Invalid(errors)


def require_fields(person: Person, model: type[Record], names: Iterable[str]) -> None:
    """Raises access.Refused for a field that the person may not set in a new row."""
    if isinstance(person, System):
        return
    own = access.right_of(person, model)
    for name in names:
        if not own.edits(name):
            raise Refused(
                gettext(
                    "%(person)s may not set %(field)s of %(table)s",
                    person=person.full_name,
                    field=inside(said(name)),
                    table=inside(said(table_of(model).name)),
                )
            )
