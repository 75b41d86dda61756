"""The business tables: by name, with their names for people and what refers to what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, Table, select
from sqlalchemy.orm import Session

from backoffice.core.model import Record
from backoffice.core.text import nouns
from backoffice.core.wording import ngettext
from backoffice.extensions import db


def models() -> list[type[Record]]:
    """Returns every business model."""
    return list(_models(_declared()).values())


def table_of(model: type[Record]) -> Table:
    """Returns the table of `model`."""
    return cast(Table, model.__table__)


def model_named(entity_type: str) -> type[Record]:
    """Returns the model whose rows changes of `entity_type` are about. Raises LookupError for an unknown one."""
    try:
        return _models(_declared())[entity_type]
    except KeyError:
        raise LookupError(f"no business table is called {entity_type}") from None


def protected_tables() -> frozenset[str]:
    """Returns the names of the tables that only an operation may write."""
    return frozenset(_models(_declared()))


def _declared() -> int:
    """Returns how many tables are declared; what is known of them is worked out anew when there is another one."""
    return len(db.metadata.tables)


@lru_cache(maxsize=1)
def _models(declared: int) -> Mapping[str, type[Record]]:
    found: dict[str, type[Record]] = {}
    waiting = list(Record.__subclasses__())
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        if "__table__" in model.__dict__:
            found[table_of(model).name] = model
    return found


def singular(entity_type: str) -> str:
    """Returns what one row is called: "invoice line"."""
    return noun(1, entity_type)


def counted(count: int, entity_type: str) -> str:
    """Returns a number with its noun, as records keep it: "1 invoice line", "2,140 enrollments"."""
    return f"{count:,} {noun(count, entity_type)}"


def noun(count: int, entity_type: str) -> str:
    """Returns what so many rows are called."""
    return ngettext(*nouns(entity_type), count)


def plural(entity_type: str) -> str:
    """Returns what several rows are called."""
    return noun(2, entity_type)


@dataclass(frozen=True)
class Reference:
    """A foreign key onto a business table: `child.column` holds the id of a row of `parent`."""

    child: Table
    column: Column[Any]
    parent: Table
    on_delete: str  # CASCADE, SET NULL or RESTRICT


def references() -> tuple[Reference, ...]:
    """Returns every foreign key onto the id of a business table, of other tables as well."""
    return _references(_declared())


@lru_cache(maxsize=1)
def _references(declared: int) -> tuple[Reference, ...]:
    found = []
    names = protected_tables()
    for table in db.metadata.sorted_tables:
        for constraint in table.foreign_key_constraints:
            element = next((e for e in constraint.elements if e.column.name == "id"), None)
            if element is not None and element.column.table.name in names:
                rule = (constraint.ondelete or "RESTRICT").upper().replace("NO ACTION", "RESTRICT")
                found.append(Reference(table, element.parent, element.column.table, rule))
    return tuple(sorted(found, key=lambda reference: (reference.child.name, reference.column.name)))


def referring_to(table: Table) -> list[Reference]:
    """Returns the foreign keys that hold ids of `table`."""
    return [reference for reference in references() if reference.parent.name == table.name]


def owners(table: Table) -> list[Reference]:
    """Returns the foreign keys by which rows of `table` belong to others, with which they go."""
    return [reference for reference in references() if reference.child is table and reference.on_delete == "CASCADE"]


def label_of(model: type[Any]) -> ColumnElement[str]:
    """Returns the SQL expression of what stands for a row on the screen."""
    return cast(ColumnElement[str], getattr(model, model.__label__).expression)


def labels(session: Session, model: type[Record], ids: list[int]) -> dict[int, str]:
    """Returns what stands for each of the rows that still exist."""
    if not ids:
        return {}
    found = session.execute(select(model.id, label_of(model)).where(model.id.in_(ids)))
    return {row[0]: str(row[1]) for row in found}
