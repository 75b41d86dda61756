"""Rows by what they are called: keys and labels, for whoever may pick a row of a kind and see nothing else of it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from backoffice.core import access
from backoffice.core.access import Person
from backoffice.core.selection.approach import Way, among, fewest_of, lie_close
from backoffice.core.selection.candidates import holding, is_searched
from backoffice.core.selection.compare import column_of
from backoffice.core.selection.fields import Kind, Model, key_field, label_field
from backoffice.core.selection.folding import holds_text
from backoffice.core.selection.shapes import Ref
from backoffice.core.text import fold
from backoffice.core.unindexed import Unindexed
from backoffice.extensions import db


def called(model: Model, person: Person, text: str, limit: int) -> list[Ref]:
    """Returns the rows that `person` may pick and whose key and label hold every word of `text`, by label."""
    scope = access.pick_scope(person, model)
    names = [field for field in (key_field(model), label_field(model)) if field.kind is Kind.TEXT]
    words = [folded for word in text.split() if (folded := fold(word))] if names else []
    held = [or_(*(holds_text(column_of(field), word) for field in names)) for word in words]
    few = _few(model, words) if all(map(is_searched, names)) else None
    return _refs(model, [*held, *([] if scope is None else [scope])], limit, few)


def _few(model: Model, words: list[str]) -> Way | None:
    """Returns the way to the rows that hold the longest word, if they are better sorted than looked for: so few are they."""
    found = fewest_of(Way(holding(model, word), by_text=True) for word in sorted(words, key=len)[-1:])
    return found.way if found is not None and found.is_few and not lie_close(model, found) else None


def with_key(model: Model, key: str) -> list[Ref]:
    """Returns the row that has exactly this key."""
    field = key_field(model)
    return _refs(model, [column_of(field) == key], 1) if field.kind is Kind.TEXT else []


def _refs(model: Model, conditions: list[ColumnElement[bool]], limit: int, few: Way | None = None) -> list[Ref]:
    key, label = column_of(key_field(model)), column_of(label_field(model))
    order = (label, model.id) if few is None else (Unindexed(label), Unindexed(model.id))
    found = conditions if few is None else [among(model, few, counting=False), *conditions]
    statement = select(model.id, key, label).where(*found).order_by(*order).limit(limit)
    return [Ref(number, str(known), str(name)) for number, known, name in db.session.execute(statement)]
