"""Which ways lead to the rows of a selection: those by an index, through a relation, by the words that a row holds.

Two parts whose columns begin an index together are one way, which leads to fewer: active seats of a course, invoices of a state
and a month. Which way is taken, `approach` decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import permutations, zip_longest
from typing import Any

from sqlalchemy import Column, Select, and_, select, union_all

from backoffice.core import access, text_index
from backoffice.core.access import Person
from backoffice.core.selection.approach import Way
from backoffice.core.selection.candidates import candidates
from backoffice.core.selection.fields import (
    TO_ROWS,
    Field,
    Kind,
    Model,
    fields_of,
    target_of,
    visible_field,
    visible_fields,
)
from backoffice.core.selection.resolve import condition, folded_word, occurs, searched_ways
from backoffice.core.selection.tree import Group, Literal, Op, Part, Term, Word
from backoffice.extensions import db

LOOKED_UP = 6  # parts at most


def ways_to(model: Model, person: Person, parts: Sequence[Part]) -> Iterator[Way]:
    """Yields the ways to the rows of single parts and of pairs of them, those that promise few first."""
    affirmed = list(_affirmed(parts))
    yield from _ways_by_words(model, person, [part for part in affirmed if isinstance(part, Word)])
    ways = (_way_of(model, person, part) for part in affirmed if not isinstance(part, Word))
    known = [way for way in ways if way is not None]
    single = sorted(known, key=lambda way: not (way.origins or way.by_text))
    yield from [*_pairs(model, single), *single][:LOOKED_UP]


def _pairs(model: Model, ways: Sequence[Way]) -> Iterator[Way]:
    """Yields the ways for two parts at once of which the first equals what an index begins with and the other is about the
    column behind it."""
    for first, second in permutations(ways, 2):
        if first.condition is None or second.condition is None or not first.equals or not second.column:
            continue
        if _begin_together(model, first.column, second.column):
            both = and_(first.condition, second.condition)
            answers, origins = first.answers + second.answers, first.origins + second.origins
            yield Way(select(model.id).where(both), answers=answers, condition=both, origins=origins)


def _begin_together(model: Model, first: str, second: str) -> bool:
    """Says whether an index of all rows begins with these two columns."""
    wanted = (_stored(model, first), _stored(model, second))
    return any(
        all(column is other for column, other in zip_longest(index.expressions[:2], wanted))
        for index in model.__table__.indexes
        if all(index.dialect_options[name].get("where") is None for name in ("sqlite", "postgresql"))
    )


def _ways_by_words(model: Model, person: Person, parts: Sequence[Word]) -> Iterator[Way]:
    words = sorted({folded_word(part) for part in parts}, key=len, reverse=True)
    through = list(searched_ways(model, person))
    if words and not through:
        answered = tuple(parts) if _finds_exactly(model, person, words) else ()
        yield Way(_holding(model, person, [], words), by_text=True, answers=answered)
    elif words:
        for word in words[:LOOKED_UP]:
            ways = [way for way in ([], *through) if _searched(model, person, way, word)]
            exactly = all(_finds_exactly(target_of(way[-1]) if way else model, person, [word]) for way in ways)
            answered = tuple(part for part in parts if folded_word(part) == word) if exactly else ()
            found = [_holding(model, person, way, [word]) for way in ways]
            finder = union_all(*found) if found[1:] else found[0]
            yield Way(finder, by_text=True, answers=answered, repeats=bool(found[1:]))


def _finds_exactly(model: Model, person: Person, words: Sequence[str]) -> bool:
    """Says whether `_holding` leads to no other rows than those that hold the words in what the person may see."""
    if db.engine.dialect.name != "sqlite":
        return True
    seen = visible_fields(person, model)
    hidden = any(name not in seen for name in model.__search__ if name in fields_of(model))
    return not hidden and all(map(text_index.is_exact, words))


def _affirmed(parts: Iterable[Part]) -> Iterator[Part]:
    """Yields the parts that each row fulfils, those of groups too."""
    for part in parts:
        if isinstance(part, Group) and not part.negated and not part.either:
            yield from _affirmed(part.parts)
        elif not part.negated:
            yield part


def _way_of(model: Model, person: Person, part: Term | Group) -> Way | None:
    """Returns the way to the rows of one part; to those of alternatives only if there is one to each."""
    if isinstance(part, Term):
        return _way(model, person, part)
    found = [next(ways_to(model, person, [each]), None) for each in part.parts]
    known = [way for way in found if way is not None]
    if len(known) < len(found):
        return None
    finder = union_all(*(select(way.finder.subquery().c[0]) for way in known))
    origins = tuple(origin for way in known for origin in way.origins)
    return Way(finder, by_text=any(way.by_text for way in known), repeats=True, origins=origins)


def _searched(model: Model, person: Person, way: Sequence[Field], word: str) -> bool:
    return occurs(target_of(way[-1]) if way else model, person, (word,), walking=True) is not None


def _holding(model: Model, person: Person, way: Sequence[Field], words: Sequence[str]) -> Select[Any]:
    """Returns the SELECT of the ids of rows from which `way` leads to one that holds `words`: found from there."""
    sqlite = db.engine.dialect.name == "sqlite"
    if sqlite and not way:  # the table need not be looked at, nor may SQLite begin with it
        return select(text_index.index_of(model).c.rowid).where(text_index.may_hold(text_index.index_of(model), words))
    found, here = select(model.id).select_from(model), model
    for field in way:
        target = target_of(field)
        local, remote = field.link or ("", "")
        scope = access.row_scope(person, target)
        found = found.join(target, getattr(target, remote) == getattr(here, local))
        found, here = found if scope is None else found.where(scope), target
    if sqlite:  # the index alone names all that may hold them, and a few more
        index = text_index.index_of(here)
        return found.join(index, index.c.rowid == here.id).where(text_index.may_hold(index, words))
    held = occurs(here, person, words, walking=True)
    return found if held is None else found.where(held)


def _way(model: Model, person: Person, term: Term) -> Way | None:
    """Returns the way to the rows of one term, if an index has it."""
    field = visible_field(person, model, term.path[0])
    if field is not None and field.kind not in TO_ROWS:
        finder = candidates(field, term)
        if finder is not None:
            return Way(finder, by_text=True)
    if field is not None and not _indexed(field):
        return None
    known = condition(model, person, term)  # without a field it is a list of rows
    way = Way(select(model.id).where(known), answers=(term,), condition=known)
    if field is None:
        return way
    through = field.kind in TO_ROWS and bool(term.path[1:])
    named = term.op is Op.EQUALS and all(isinstance(value, Literal) for value in term.values)
    return replace(
        way,
        column=_about(field) if field.kind is not Kind.MONEY else "",
        equals=through or (named and field.kind in (*TO_ROWS, Kind.CHOICE, Kind.BOOLEAN)),
        origins=(_origin(target_of(field), person, term),) if through else (),
    )


def _origin(target: Model, person: Person, term: Term) -> Way:
    """Returns the way to the related rows that fulfil the rest of a term; to all of them where no index leads there."""
    return _way(target, person, replace(term, path=term.path[1:])) or Way(select(target.id))


def _indexed(field: Field) -> bool:
    """Says whether an index answers conditions on the field: one that begins with the column that it is about."""
    if field.kind is Kind.MONEY:
        return field.attribute in field.model.__sorted__
    return bool(_about(field)) and begins_index(field.model, _about(field))


def _about(field: Field) -> str:
    """Returns the stored column that conditions on the field compare; nothing where there is none."""
    if field.link:
        return field.link[0]
    return field.column or field.years_since or (field.name if field.name == "id" else "")


def begins_index(model: Model, attribute: str) -> bool:
    """Says whether an index of the model's table begins with this column."""
    table = model.__table__
    leading = {next(iter(index.columns), None) for index in table.indexes} | set(list(table.primary_key.columns)[:1])
    leading |= {next(iter(c.columns), None) for c in table.constraints if c.__visit_name__ == "unique_constraint"}
    return _stored(model, attribute) in leading


def _stored(model: Model, attribute: str) -> Column[Any]:
    column: Column[Any] = model.__table__.c[model.__mapper__.attrs[attribute].columns[0].name]
    return column
