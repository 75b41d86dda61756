"""The constraints of the tables as rules with words: found in the review, and understood when the database refuses.

A feature's `Rule` named like a constraint (without the convention's prefix: "end_after_start" for
ck_term_end_after_start) gives it its sentence and its place; the others get a plain one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from babel.support import NullTranslations
from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Index,
    Table,
    UniqueConstraint,
    and_,
    exists,
    select,
    text,
)

from backoffice.core.model import Record
from backoffice.core.operations.rules import Row, Rule, rulebook
from backoffice.core.operations.tables import model_named, models, singular, table_of
from backoffice.core.selection import fields_of
from backoffice.core.text import words
from backoffice.core.wording import both, catalogue, gettext, inside, said
from backoffice.extensions import db

Sentence = tuple[str, str]  # field, message

KEPT = 200  # models, in as many languages as are spoken
_BY_CONVENTION = ("_known",)  # choices are checked as values, before any rule


@dataclass(frozen=True)
class Unique:
    """Columns that no two rows may share, all rows or those that meet `condition` (SQL over the bare column names)."""

    name: str
    columns: tuple[str, ...]
    condition: str | None


def rules_of(model: type[Record]) -> tuple[Rule, ...]:
    """Returns every rule of `model`: the features' own, then those that its constraints hold anyway."""
    own = {rule.name for rule in rulebook.rules(model)}
    return (
        *rulebook.rules(model),
        *(rule for rule in _held(table_of(model).name, catalogue()) if rule.name not in own),
    )


@lru_cache(KEPT)
def _held(kind: str, _spoken: NullTranslations) -> tuple[Rule, ...]:
    """Returns what a table's constraints hold, in the language that is spoken: each change of a row asks for it."""
    model = model_named(kind)
    return (*checks(model), *(_unique_rule(model, unique) for unique in uniques_of(table_of(model))))


def uniques_of(table: Table) -> list[Unique]:
    """Returns what must be unique in `table`, the key aside."""
    found = []
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and "id" not in constraint.columns:
            found.append(Unique(str(constraint.name), tuple(constraint.columns.keys()), None))
    for index in table.indexes:
        if index.unique:
            found.append(Unique(str(index.name), _names(index), _condition(index)))
    return sorted(found, key=lambda unique: unique.name)


def sentence_of(constraint: str) -> Sentence:
    """Returns the field and the message of the violated constraint of this name."""
    for model in models():
        for rule in rules_of(model):
            if constraint in (rule.name, f"ck_{table_of(model).name}_{rule.name}"):
                return field_of(model, rule.place), rule.said
        if any(constraint == key.name for key in table_of(model).foreign_key_constraints):
            return "", gettext(
                "A row that this %(noun)s belongs to is missing, or still needed by it.",
                noun=singular(table_of(model).name),
            )
    return "", gettext("The database refused the values. Nothing was changed.")


def sentence_of_unique(columns: str) -> Sentence:
    """Returns the field and the message for SQLite's "table.column, table.column"."""
    if named := re.fullmatch(r"index '(\w+)'", columns):
        return sentence_of(named.group(1))
    table, _, first = columns.split(", ")[0].partition(".")
    names = (first, *(column.partition(".")[2] for column in columns.split(", ")[1:]))
    for unique in uniques_of(db.metadata.tables[table]):
        if unique.columns == names:
            return sentence_of(unique.name)
    return "", gettext("The database refused the values. Nothing was changed.")


def field_of(model: type[Record], column: str) -> str:
    """Returns the field of the catalog that stands for `column`: "student" for student_id, "email" for email_key."""
    fields = fields_of(model)
    for name, field in fields.items():
        if column in (field.column, name):
            return name
    return column.removesuffix("_key") if column.removesuffix("_key") in fields else ""


def worded(model: type[Record], name: str, message: str, field: str | None = None) -> Rule:
    """Returns the rule that the CHECK or UNIQUE `name` of `model` holds, with a sentence and a place of its own."""
    held = next((rule for rule in checks(model) if rule.name == name), None)
    if held is not None:
        return replace(held, message=message, field=field)
    unique = next(unique for unique in uniques_of(table_of(model)) if unique.name == name)

    def refuses(before: Row | None, after: Row) -> ColumnElement[bool]:
        return _unique_rule(model, unique).refuses(before, after)  # not before every feature has its fields

    columns = (*unique.columns, *_mentioned(model, unique.condition or ""))
    return Rule(name, message, tuple(dict.fromkeys(columns)), refuses, ("create", "update", "undo"), field)


def checks(model: type[Record]) -> Iterator[Rule]:
    """Returns the rules that the CHECKs of `model` hold, choices aside: they are checked as values."""
    table = table_of(model)
    for constraint in sorted(table.constraints, key=lambda constraint: str(constraint.name)):
        if isinstance(constraint, CheckConstraint) and not str(constraint.name).endswith(_BY_CONVENTION):
            yield _check_rule(model, str(constraint.name).removeprefix(f"ck_{table.name}_"), str(constraint.sqltext))


def _check_rule(model: type[Record], name: str, condition: str) -> Rule:
    columns = _mentioned(model, condition)

    def refuses(before: Row | None, after: Row) -> ColumnElement[bool]:
        return _met(text(f"NOT ({condition})"), columns, after)

    message = gettext("This is not possible: %(name)s.", name=inside(said(name)))
    return Rule(name, message, tuple(dict.fromkeys(columns)), refuses)


def _unique_rule(model: type[Record], unique: Unique) -> Rule:
    conditional = _mentioned(model, unique.condition or "")

    def refuses(before: Row | None, after: Row) -> ColumnElement[bool]:
        other = table_of(model).alias()
        # "=" and not "==", which is IS NULL for an empty value: rows without one share nothing
        taken: list[Any] = [
            other.columns[name].op("=", is_comparison=True)(getattr(after, name)) for name in unique.columns
        ]
        if before is not None:
            taken.append(other.c.id != before.id)
        along = Row.along(after)
        if along is not None:
            taken.append(other.c.id.not_in(along))
        if unique.condition is None:
            return exists(select(other.c.id).where(*taken))
        taken.append(text(f"({unique.condition})"))
        meant = _met(text(f"({unique.condition})"), conditional, after)
        return and_(meant, exists(select(other.c.id).where(*taken)))

    labels = [_label(model, name) for name in unique.columns]
    known = both((", ".join(labels[:-1]), labels[-1])) if len(labels) > 1 else labels[0]
    noun = singular(table_of(model).name)
    message = gettext("Another %(noun)s already has this %(fields)s.", noun=noun, fields=known)
    fields = (*unique.columns, *conditional)
    return Rule(unique.name, message, tuple(dict.fromkeys(fields)), refuses, ("create", "update", "undo"))


def _mentioned(model: type[Record], condition: str) -> tuple[str, ...]:
    """Returns the columns that SQL text speaks of."""
    return tuple(name for name in re.findall(r"[a-z_0-9]+", condition) if name in table_of(model).columns)


def _met(condition: Any, columns: Sequence[str], row: Row) -> ColumnElement[bool]:
    """Returns whether SQL text over bare column names holds for a row of expressions."""
    named = select(*(getattr(row, name).label(name) for name in dict.fromkeys(columns))).correlate_except()
    return exists(select(text("1")).select_from(named.subquery()).where(condition))


def _label(model: type[Record], column: str) -> str:
    name = field_of(model, column)
    label = fields_of(model)[name].label if name else words(column)
    return inside(label)


def _names(index: Index) -> tuple[str, ...]:
    return tuple(column.name for column in index.columns if isinstance(column, Column))


def _condition(index: Index) -> str | None:
    where = index.dialect_options["sqlite"].get("where")
    return None if where is None else str(where)
