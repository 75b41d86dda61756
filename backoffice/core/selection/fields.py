"""The field catalog: what a model offers to columns, forms, filters, sorts and queries, read from its mapper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Boolean, Column, Date, DateTime, Float, Integer, Numeric, String, Text
from sqlalchemy import inspect as inspect_mapper
from sqlalchemy.orm import Mapper, MapperProperty, RelationshipDirection, RelationshipProperty
from sqlalchemy.types import TypeEngine

from backoffice.core import access, wording
from backoffice.core.access import Person, Verb
from backoffice.core.model import Choice, Money, UtcDateTime
from backoffice.core.once import once
from backoffice.core.text import words


class Kind(StrEnum):
    """What sort of value a field holds; it decides how the value is typed, compared, shown and written."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    RELATION = "relation"
    COLLECTION = "collection"


TO_ROWS = (Kind.RELATION, Kind.COLLECTION)

Model = type[Any]
Answer = TypeVar("Answer")


def _once(function: Callable[[Model], Answer]) -> Callable[[Model], Answer]:
    """Returns `function` asked once per model: mappers do not change while the program runs."""
    return cast(Callable[[Model], Answer], cache(function))


# The first type that a column's type is an instance of decides: subclasses stand before their bases.
_KINDS: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
    (Money, Kind.MONEY),
    (Choice, Kind.CHOICE),
    (Boolean, Kind.BOOLEAN),
    (UtcDateTime, Kind.DATETIME),
    (DateTime, Kind.DATETIME),
    (Date, Kind.DATE),
    (Integer, Kind.INTEGER),
    (Float, Kind.DECIMAL),
    (Numeric, Kind.DECIMAL),
    (Text, Kind.LONG_TEXT),
    (String, Kind.TEXT),
)


@dataclass(frozen=True)
class Field:
    """One thing that can be shown, asked for or changed.

    `called` and `explained` are English: `label` and `hint` say them in the reader's language. `way` is what the relation that
    leads to the field's row is called, where the field stands among those of another row.
    `attribute` is the mapped attribute to read, `column` the one to write (the foreign key of a relation; None where
    nothing can be written). `currency` names the field beside a MONEY field that holds its ISO 4217 code. `link` joins a
    relation or collection: (attribute here, attribute of `target`). `sorted_by` names the field whose order is this one's, with
    "-" before it if turned around. `years_since` names the date whose completed years it counts. `during` makes a date the first
    day of a stretch: it returns the condition that some of it lies between two days, None for an open end. `within` returns the
    condition that a computed date lies between two days, in a form that an index answers. `candidates` are, by value, SELECTs of the ids among which an index finds all rows that have it; of a text `among` returns such a SELECT. `explained` says in a
    form what a person could not guess.
    """

    name: str
    called: str
    kind: Kind
    model: Model
    attribute: str
    column: str | None = None
    choices: tuple[str, ...] = ()
    target: Model | None = None
    link: tuple[str, str] | None = None
    nullable: bool = True
    currency: str | None = None
    length: int | None = None
    explained: str = ""
    sorted_by: str = ""
    years_since: str = ""
    during: Callable[[Any, Any], Any] | None = field(default=None, compare=False)
    within: Callable[[Any, Any], Any] | None = field(default=None, compare=False)
    candidates: Mapping[Any, Any] = field(default_factory=dict, compare=False)
    among: Callable[[str], Any] | None = field(default=None, compare=False)
    way: str = ""

    @property
    def label(self) -> str:
        """What the reader knows the field by: "End reason", "Section end date"."""
        label = wording.gettext(self.called)
        return f"{wording.gettext(self.way)} {wording.inside(label)}" if self.way else label

    @property
    def hint(self) -> str:
        """What a form explains."""
        return wording.gettext(self.explained) if self.explained else ""


@_once
def fields_of(model: Model) -> dict[str, Field]:
    """Returns every field of `model` by name: id, columns and relations as they are declared, collections, computed."""
    mapper: Mapper[Any] = inspect_mapper(model)
    related = [field for relation in mapper.relationships if (field := _relation(model, relation))]
    by_column = {field.column: field for field in related if field.kind is Kind.RELATION}
    found = [by_column.get(prop.key) or _plain(model, prop) for prop in mapper.column_attrs]
    found += [field for field in related if field.kind is Kind.COLLECTION]
    found += [_computed(model, mapper, name) for name in getattr(model, "__computed__", ())]
    named = {field.name: field for field in found if field}
    return {"id": named["id"], **named}


@once
def visible_fields(person: Person, model: Model) -> Mapping[str, Field]:
    """Returns the fields of `model` that `person` may see, in catalog order."""
    return {name: field for name, field in fields_of(model).items() if _visible(person, field)}


def visible_field(person: Person, model: Model, name: str) -> Field | None:
    """Returns the field `name` of `model`; None where there is none that `person` may see."""
    return visible_fields(person, model).get(name)


def _visible(person: Person, field: Field) -> bool:
    if field.kind is Kind.COLLECTION and not access.may(person, Verb.VIEW, target_of(field)):
        return False
    if field.kind is Kind.RELATION and not access.may_name(person, target_of(field)):
        return False
    if field.name == "id":
        return access.may(person, Verb.VIEW, field.model)
    return access.visible(person, field.model, field.name)


def target_of(field: Field) -> Model:
    """Returns the model that a relation or collection leads to."""
    if field.target is None:
        raise TypeError(f"{field.name} leads nowhere")
    return field.target


@_once
def key_field(model: Model) -> Field:
    """Returns the field that people name a row of `model` by; it need not be in the catalog."""
    return _named(model, getattr(model, "__key__", "id"))


@_once
def label_field(model: Model) -> Field:
    """Returns the field that stands for a row of `model` on the screen; it need not be in the catalog."""
    return _named(model, getattr(model, "__label__", "id"))


def _named(model: Model, name: str) -> Field:
    return fields_of(model).get(name) or _computed(model, inspect_mapper(model), name)


def kind_of(type_: TypeEngine[Any]) -> Kind | None:
    """Returns the kind of a column's type; None for what people cannot read, such as JSON."""
    return next((kind for known, kind in _KINDS if isinstance(type_, known)), None)


def _plain(model: Model, prop: MapperProperty[Any]) -> Field | None:
    column = prop.columns[0]
    kind = kind_of(column.type)
    internal = prop.key == "search_text" or getattr(column, "info", {}).get("internal")
    if not isinstance(column, Column) or kind is None or internal:
        return None
    name = prop.key.removesuffix("_minor") if kind is Kind.MONEY else prop.key
    fixed = column.primary_key or column.computed is not None
    return Field(
        name,
        column.info.get("label") or words(name),
        kind,
        model,
        prop.key,
        column=None if fixed else prop.key,
        choices=tuple(getattr(column.type, "choices", ())),
        nullable=bool(column.nullable),
        currency=getattr(column.type, "currency", None),
        length=getattr(column.type, "length", None),
        explained=column.info.get("hint", ""),
    )


def _relation(model: Model, relation: RelationshipProperty[Any]) -> Field | None:
    link = _link(relation)
    if link is None or relation.info.get("internal"):
        return None
    single = relation.direction is RelationshipDirection.MANYTOONE
    local = relation.parent.attrs[link[0]].columns[0]
    return Field(
        relation.key,
        relation.info.get("label") or words(relation.key),
        Kind.RELATION if single else Kind.COLLECTION,
        model,
        relation.key,
        column=link[0] if single else None,
        target=relation.mapper.class_,
        link=link,
        nullable=bool(local.nullable) if single else True,
        explained=local.info.get("hint", "") if single else "",
    )


def _link(relation: RelationshipProperty[Any]) -> tuple[str, str] | None:
    """Returns the attributes that join; of a composite foreign key the pair that holds the primary key."""
    if relation.direction is RelationshipDirection.MANYTOMANY:
        return None
    for local, remote in relation.local_remote_pairs or ():
        if local.primary_key or remote.primary_key:
            return relation.parent.get_property_by_column(local).key, relation.mapper.get_property_by_column(remote).key
    return None


def _computed(model: Model, mapper: Mapper[Any], name: str) -> Field:
    expression = getattr(model, name)
    info = {**getattr(mapper.all_orm_descriptors[name], "info", {}), **getattr(expression, "info", {})}
    kind = Kind(str(info["kind"]).lower()) if "kind" in info else kind_of(expression.type)
    if kind is None:
        raise TypeError(f"{model.__name__}.{name} needs a kind in its info")
    choices = tuple(info.get("choices", getattr(expression.type, "choices", ())))
    label = info.get("label") or words(name)
    return Field(
        name,
        label,
        kind,
        model,
        name,
        choices=choices,
        currency=info.get("currency"),
        sorted_by=info.get("sorted_by", ""),
        years_since=info.get("years_since", ""),
        during=info.get("during"),
        within=info.get("within"),
        candidates=info.get("candidates", {}),
        among=info.get("among"),
    )
