"""How the rows of a selection are found. Which rows they are, their conditions alone say.

A page wants a few rows in an order, of a table that may have millions. Two ways lead there, and each is bad where the other is
good: take the few rows that an index knows and sort them, or go along the order and look at each row until the page is full.
So each part of the selection that an index can answer is looked up first: its rows are counted, as far as they are FEW. Where
some part has no more, the rows are taken from among those. Where all have more, or one that is alone has so many that a page
is full after less steps than there are rows to sort, the order is walked. Where that does not fill the page soon, because the rows
lie at the far end of the order, all of them are sorted after all, unless they are too many for that.

What was counted so need not be counted again: where the index answers all that is asked, it is how many rows there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    any_,
    bindparam,
    case,
    func,
    select,
)

from backoffice.core.selection.candidates import Finder
from backoffice.core.selection.compare import ORDERED
from backoffice.core.selection.fields import (
    Kind,
    Model,
    fields_of,
)
from backoffice.core.selection.tree import Literal, Part, Range, Term
from backoffice.extensions import db

FEW = 20_000  # that an index names in order
FEW_TEXTS = 10_000  # that the text index names: it has to put several lists together
VERY_FEW = 500  # no other part needs to be looked up
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
