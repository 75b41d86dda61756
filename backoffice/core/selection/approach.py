"""How the rows of a selection are found. Which rows they are, their conditions alone say.

A page wants a few rows in an order, of a table that may have millions. Two ways lead there, and each is bad where the other is
good: take the few rows that an index knows and sort them, or go along the order and look at each row until the page is full.
So each part of the selection that an index can answer is looked up first: its rows are counted, as far as they are FEW. Where
some part has no more, the rows are taken from among those. Where all have more, or one that is alone has so many that a page
is full after less steps than there are rows to sort, the order is walked. Where that does not fill the page soon, because the rows
lie at the far end of the order, all of them are sorted after all, unless they are too many for that.

Two parts whose columns begin an index together are one way, which leads to fewer: active seats of a course, invoices of a state
and a month.

What was counted so need not be counted again: where the index answers all that is asked, it is how many rows there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import permutations, zip_longest
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Select,
    and_,
    any_,
    bindparam,
    case,
    func,
    select,
    union_all,
)

from backoffice.core import access, text_index
from backoffice.core.access import Person
from backoffice.core.selection.candidates import Finder, candidates
from backoffice.core.selection.compare import ORDERED
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
from backoffice.core.selection.tree import Group, Literal, Op, Part, Range, Term, Word
from backoffice.extensions import db

FEW = 20_000  # that an index names in order
FEW_TEXTS = 10_000  # that the text index names: it has to put several lists together
VERY_FEW = 500  # no other part needs to be looked up
LOOKED_UP = 6  # parts at most
IN_ORDER = (*ORDERED, Kind.CHOICE, Kind.BOOLEAN)
_MOST, _FEW, _FEW_TEXTS = (bindparam(name, type_=Integer) for name in ("most", "few", "few_texts"))
SORTED = 400_000  # that an index names: taking and sorting so many lasts about a second
STEPS = 100  # what a page costs along the order: its rows, and as many again where they lie unevenly


@dataclass(frozen=True, eq=False)
class Way:
    """The SELECT of ids among which are all rows that fulfil some parts: exactly those where it `answers` the parts.

    `condition` says the same of a row, in a form that an index answers, if there is one: about the stored `column`, which
    `equals` one of some values or is compared otherwise. A way through a relation has `origins`, from the simplest: the ways to
    the related rows that it begins with.
    """

    finder: Finder
    by_text: bool = False  # through the text index
    answers: tuple[Part, ...] = ()
    repeats: bool = False  # an id that was found in two ways
    condition: ColumnElement[bool] | None = None
    column: str = ""
    equals: bool = False
    origins: tuple[Way, ...] = ()

    @property
    def few(self) -> int:
        """As many as are counted."""
        return FEW_TEXTS if self.by_text else FEW

    @cached_property
    def number(self) -> Select[Any]:
        """The SELECT of how many ids it finds, as far as `most`; nothing where it begins with many related rows.

        What the bounds are, parameters say.
        """
        return select(self._counted(_MOST))

    @property
    def _bound(self) -> ColumnElement[int]:
        return _FEW_TEXTS if self.by_text else _FEW

    def _counted(self, most: ColumnElement[int]) -> ColumnElement[Any]:
        counted = select(func.count()).select_from(self.finder.limit(most).subquery()).scalar_subquery()
        few = [origin._counted(origin._bound + 1) <= origin._bound for origin in self.origins]
        return case((and_(*few), counted)) if few else counted


@dataclass(frozen=True)
class Found:
    """A way, and how many ids it leads to: one more than `way.few` stands for any number above."""

    way: Way
    number: int

    @property
    def is_few(self) -> bool:
        """Says whether all of them were counted."""
        return self.number <= self.way.few


def first_found(model: Model, ways: Iterable[Way], number: int) -> ColumnElement[bool] | None:
    """Returns the condition that a row is one of the first to which a way leads; None where none does."""
    way = next((way for way in ways if not way.origins or _counted(way, 0) is not None), None)
    if way is None:
        return None
    return among(model, replace(way, finder=way.finder.limit(number), condition=None), counting=False)


def fewest_of(ways: Iterable[Way]) -> Found | None:
    """Returns the way to the fewest; the first one where all lead to many.

    Another way must lead to a tenth of those that are known, or it is not worth being counted to its end; one for a part of what
    the best way answers leads to no fewer.
    """
    best: Found | None = None
    for way in ways:
        if best is not None and way.answers and set(way.answers) <= set(best.way.answers):
            continue
        most = min(way.few, best.number // 10) if best is not None and best.is_few else way.few
        number = _counted(way, most)
        if number is not None and (best is None or number <= most):
            best = Found(way, number)
        if best is not None and best.number <= VERY_FEW:
            break
    return best


def fewest_to_sort(ways: Iterable[Way]) -> Way | None:
    """Returns the way to the fewest; None where all lead to more than SORTED."""
    numbers = [(_counted(way, SORTED), way) for way in ways]
    few = [(number, way) for number, way in numbers if number is not None and number <= SORTED]
    return min(few, key=lambda each: each[0])[1] if few else None


def _counted(way: Way, most: int) -> int | None:
    """Returns to how many ids a way leads, as far as `most`; None where it begins with many related rows."""
    bounds = {"most": most + 1, "few": FEW, "few_texts": FEW_TEXTS}
    number: int | None = db.session.scalar(way.number, bounds)
    return number


def lie_close(model: Model, found: Found) -> bool:
    """Says whether a page of them is full sooner along the order than after they were sorted."""
    if found.number <= VERY_FEW:
        return False
    largest = db.session.scalar(select(func.max(model.id))) or 0
    return found.number**2 > STEPS * largest


def among(model: Model, way: Way, counting: bool) -> ColumnElement[bool]:
    """Returns the condition that a way leads to a row, in the form that makes the database begin with it."""
    sqlite = db.engine.dialect.name == "sqlite"
    if way.condition is not None and (counting or sqlite):
        return way.condition
    if sqlite:
        return model.id.in_(way.finder)
    # Where the first rows in an order are asked for, PostgreSQL would rather go along the order, expecting them soon.
    found: ColumnElement[bool] = model.id == any_(func.array(way.finder.scalar_subquery()))
    return found


def bounds(model: Model, part: Part, along: str) -> bool:
    """Says whether all rows that fulfil a part lie next to each other in the order of the field `along`."""
    if not isinstance(part, Term) or part.negated or part.path != (along,) or len(part.values) > 1:
        return False
    field = fields_of(model)[along]
    stored = field.kind in IN_ORDER and bool(field.column or field.years_since) and field.during is None
    return stored and isinstance(part.values[0], (Literal, Range))


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
