"""Fields by path, for one person: what may be a column, a filter or a line of a details page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from backoffice.core import access
from backoffice.core.access import Person
from backoffice.core.once import once
from backoffice.core.selection import Field, Kind, fields_of, visible_field

SHOWN_ALONE = frozenset({Kind.COLLECTION})  # not a value; panels show them


def field_at(person: Person, model: type[Any], path: str) -> Field | None:
    """Returns the field at the end of `path`, labelled by its way there; None if `person` may not see all of it."""
    return _walk(path, model, lambda owner, name: visible_field(person, owner, name))


@once
def fields_at(person: Person, model: type[Any], names: tuple[str, ...]) -> Mapping[str, Field]:
    """Returns those fields among declared ones that `person` may see."""
    found = ((name, field_at(person, model, name)) for name in names)
    return {name: field for name, field in found if field is not None}


@once
def editable_at(person: Person, model: type[Any], names: tuple[str, ...]) -> Mapping[str, Field]:
    """Returns those fields that `person` may change in an existing row."""
    fields = fields_at(person, model, names).items()
    return {name: f for name, f in fields if access.editable(person, model, name) and _pickable(person, f)}


@once
def fillable_at(person: Person, model: type[Any], names: tuple[str, ...]) -> Mapping[str, Field]:
    """Returns those fields that `person` may fill in for a new row."""
    own, fields = access.right_of(person, model), fields_at(person, model, names).items()
    return {name: field for name, field in fields if own.edits(name) and _pickable(person, field)}


def _pickable(person: Person, field: Field) -> bool:
    """Says whether `person` may pick what the field can be set to."""
    return field.target is None or access.may_name(person, field.target)


def declared_field(model: type[Any], path: str) -> Field | None:
    """Returns the field at the end of `path`, whoever asks; None if there is no such field."""
    return _walk(path, model, lambda owner, name: fields_of(owner).get(name))


def _walk(path: str, model: type[Any], find: Callable[[Any, str], Field | None]) -> Field | None:
    *steps, last = path.split(".")
    owner, way = model, None
    for step in steps:
        way = find(owner, step)
        if way is None or way.kind is not Kind.RELATION or way.target is None:
            return None
        owner = way.target
    field = find(owner, last)
    if field is None or field.kind in SHOWN_ALONE:
        return None
    return replace(field, way=way.called) if way else field


def currency_beside(path: str, field: Field) -> str:
    """Returns the path of the currency of the money field at `path`."""
    way, dot, _ = path.rpartition(".")
    return f"{way}{dot}{field.currency or 'currency'}"


def with_helpers(person: Person, model: type[Any], columns: dict[str, Field]) -> tuple[str, ...]:
    """Returns the names to ask a selection for: the columns and what names the row."""
    return tuple(dict.fromkeys((*columns, label_name(person, model))))


def label_name(person: Person, model: type[Any]) -> str:
    """Returns the field that stands for a row of `model` before `person`: its label, else its key, else its number."""
    names = (getattr(model, "__label__", "id"), getattr(model, "__key__", "id"))
    return next((name for name in names if visible_field(person, model, name)), "id")
