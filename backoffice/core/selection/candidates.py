"""Among which rows an index finds all that fulfil a term, where the condition itself is none that an index could answer.

A computed field names such rows for its values (`candidates` in its info). Of a field that every row has, such as the
version, whoever knows tells (`find_by`). A searched text is found by the text index. Of a
short code, such as a currency, the index has few spellings: those that mean the same are looked for first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import CompoundSelect, Select, func, select, union_all
from sqlalchemy.orm import aliased

from backoffice.core import text_index
from backoffice.core.selection.compare import TEXTS, column_of
from backoffice.core.selection.fields import Field, Model
from backoffice.core.selection.folding import same_text
from backoffice.core.selection.tree import Literal, Op, Term
from backoffice.core.selection.values import typed
from backoffice.core.text import fold
from backoffice.extensions import db

Finder = Select[Any] | CompoundSelect[Any]

LONGEST_CODE = 3
_finders: dict[str, Callable[[Model, Any], Finder]] = {}


def find_by(name: str, finder: Callable[[Model, Any], Finder]) -> None:
    """Has `finder` return the SELECT of ids among which are all rows of a model with a value of the field `name`."""
    _finders[name] = finder


def candidates(field: Field, term: Term) -> Finder | None:
    """Returns the SELECT of ids of `field.model` among which are all rows whose field fulfils `term`; None without an index."""
    found = list(_each(field, term))
    if not found or None in found:
        return None
    known = [finder for finder in found if finder is not None]
    # SQLite knows no union of unions.
    return union_all(*(select(finder.subquery().c[0]) for finder in known)) if known[1:] else known[0]


def _each(field: Field, term: Term) -> Iterator[Finder | None]:
    for value in term.values:
        if not isinstance(value, Literal):
            yield None
        elif term.op is Op.EQUALS and field.name in _finders:
            yield _finders[field.name](field.model, typed(field, value.text, str(term)))
        elif field.among is not None and term.op is Op.EQUALS:
            yield field.among(value.text)
        elif field.kind in TEXTS:
            short = term.op is Op.EQUALS and field.column and 0 < (field.length or 0) <= LONGEST_CODE
            yield _spelled(field, value.text) if short else _holding(field, term.op, value.text)
        else:
            yield field.candidates.get(typed(field, value.text, str(term))) if term.op is Op.EQUALS else None


def _holding(field: Field, op: Op, text: str) -> Finder | None:
    """Returns the rows whose search text holds what the field holds: any fragment, or a whole text, which begins a word."""
    folded = fold(text)
    shortest = text_index.SHORTEST if op is Op.CONTAINS else 1
    return holding(field.model, folded) if is_searched(field) and len(folded) >= shortest else None


def is_searched(field: Field) -> bool:
    """Says whether the text index knows what the field holds."""
    return field.name in getattr(field.model, "__search__", ())


def holding(model: Model, folded: str) -> Finder:
    """Returns the rows whose search text holds a folded text."""
    if db.engine.dialect.name == "sqlite":
        index = text_index.index_of(model)
        return select(index.c.rowid).where(text_index.may_hold(index, (folded,)))
    return select(model.id).where(text_index.holds(model.search_text, folded))


def _spelled(field: Field, code: str) -> Finder:
    """Returns the rows with a code that reads as this one; each spelling is read once, by jumps along the index."""
    column, other = column_of(field), getattr(aliased(field.model), field.attribute)
    known = select(func.min(column).label("code")).cte(recursive=True)
    following = select(func.min(other)).where(other > known.c.code).scalar_subquery()
    known = known.union_all(select(following).where(known.c.code.is_not(None)))
    return select(field.model.id).where(column.in_(select(known.c.code).where(same_text(known.c.code, [code]))))
