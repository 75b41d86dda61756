"""Rows by what they are called: keys and labels, for whoever may pick a row of a kind and see nothing else of it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from backoffice.core import access
from backoffice.core.access import Person
from backoffice.core.selection.compare import column_of
from backoffice.core.selection.fields import Kind, Model, key_field, label_field
from backoffice.core.selection.folding import contains_text
from backoffice.core.selection.shapes import Ref
from backoffice.extensions import db


def called(model: Model, person: Person, text: str, limit: int) -> list[Ref]:
    """Returns the rows that `person` may pick and whose key and label hold every word of `text`, by label."""
    scope = access.pick_scope(person, model)
    names = [column_of(field) for field in (key_field(model), label_field(model)) if field.kind is Kind.TEXT]
    held = [or_(*(contains_text(column, word) for column in names)) for word in text.split()] if names else []
    return _refs(model, [*held, *([] if scope is None else [scope])], limit)


def with_key(model: Model, key: str) -> list[Ref]:
    """Returns the row that has exactly this key."""
    field = key_field(model)
    return _refs(model, [column_of(field) == key], 1) if field.kind is Kind.TEXT else []


def _refs(model: Model, conditions: list[ColumnElement[bool]], limit: int) -> list[Ref]:
    key, label = column_of(key_field(model)), column_of(label_field(model))
    statement = select(model.id, key, label).where(*conditions).order_by(label, model.id).limit(limit)
    return [Ref(number, str(known), str(name)) for number, known, name in db.session.execute(statement)]
