"""Stored values as a person sees them: fields with labels, related rows by name, amounts in major units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, cast, select
from sqlalchemy.types import Text

from backoffice.core.model import Record
from backoffice.core.money import to_decimal
from backoffice.core.operations import snapshot
from backoffice.core.operations.tables import label_of, table_of
from backoffice.core.selection import Field, Kind, Ref
from backoffice.core.wording import gettext
from backoffice.extensions import db

Values = Mapping[str, Any]  # column values as a snapshot holds them

STAMPS = ("created_at", "updated_at")  # the operation's own time says it


@dataclass(frozen=True)
class FieldChange:
    """One field of a row before and after; values as a Selection's rows give them (a relation is a Ref)."""

    field: Field
    before: Any
    after: Any

    @property
    def label(self) -> str:
        return self.field.label


def refs(model: Any, ids: Collection[int]) -> dict[int, Ref]:
    """Returns the rows that still exist, by id, as a page shows them."""
    if not ids:
        return {}
    rows = db.session.execute(_naming(model), {"ids": list(ids)})
    return {row[0]: Ref(row[0], row[1] or "", row[2] or "") for row in rows}


@cache
def _naming(model: Any) -> Select[Any]:
    key = cast(getattr(model, getattr(model, "__key__", "id")).expression, Text)
    label = cast(label_of(model), Text).label("row_label")
    return select(model.id, key.label("row_key"), label).where(model.id.in_(bindparam("ids", expanding=True)))


def ref(model: type[Record], row_id: int) -> Ref:
    """Returns one row as a page shows it, by its number alone where it is gone."""
    return refs(model, [row_id]).get(row_id) or Ref(row_id, str(row_id), numbered(row_id))


Pair = tuple[Values | None, Values | None]  # a row before and after; None is a row that is not there
Known = Mapping[Any, Mapping[int, Ref]]  # model -> id -> the row


def related(fields: Iterable[Field], pairs: Iterable[Pair]) -> Known:
    """Returns the rows that the relations in these snapshots lead to, by one statement per model."""
    wanted: dict[Any, set[int]] = defaultdict(set)
    states = [state for pair in pairs for state in pair if state]
    for field in fields:
        if field.kind is Kind.RELATION and field.column is not None:
            wanted[field.target] |= {state[field.column] for state in states if state.get(field.column) is not None}
    return {model: refs(model, ids) for model, ids in wanted.items()}


def numbered(row_id: int) -> str:
    """Returns what stands for a row whose name is not known: "no. 12"."""
    return gettext("no. %(number)s", number=row_id)


def field_changes(
    fields: Iterable[Field], before: Values | None, after: Values | None, known: Known | None = None
) -> list[FieldChange]:
    """Returns the fields whose values differ between two snapshots; None is a row that is not there.

    `known` are the related rows; they are looked up unless given.
    """
    fields = list(fields)
    known = related(fields, [(before, after)]) if known is None else known
    found = []
    for field in fields:
        column = field.column
        if column is None or column in STAMPS or not (column in (before or {}) or column in (after or {})):
            continue
        old, new = (before or {}).get(column), (after or {}).get(column)
        if old != new:
            found.append(FieldChange(field, shown(field, old, before, known), shown(field, new, after, known)))
    return found


def shown(field: Field, value: Any, row: Values | None, known: Known) -> Any:
    """Returns the JSON value of a field's column as the field shows it, a related row by its name."""
    if field.kind is not Kind.RELATION or value is None:
        return value_of(field, value, row)
    return known.get(field.target, {}).get(value) or Ref(value, str(value), numbered(value))


def value_of(field: Field, value: Any, row: Values | None = None) -> Any:
    """Returns the JSON value of a field's column as the field shows it; `row` says the currency of an amount."""
    if value is None or field.column is None:
        return None
    stored = snapshot.decode(table_of(field.model).columns[field.column].type, value)
    if field.kind is Kind.RELATION and field.target is not None:
        return ref(field.target, stored)
    if field.kind is Kind.MONEY:
        return to_decimal(stored, str((row or {}).get(field.currency or "")))
    return stored
