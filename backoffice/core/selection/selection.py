"""Which rows: one immutable value behind every page, count, file, bulk change and link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, func, select

from backoffice.core import access
from backoffice.core.access import Person, Verb
from backoffice.core.selection import filters as urls
from backoffice.core.selection import paging, resolve, rows, words
from backoffice.core.selection.errors import QueryError
from backoffice.core.selection.fields import Model
from backoffice.core.selection.language import checked, parse
from backoffice.core.selection.shapes import Count, Order, Page
from backoffice.core.selection.tree import Part, Term
from backoffice.extensions import db

MOST_IDS = 10_000
MOST_ROWS = 1_000
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Selection:
    """Rows of `model` that `person` may see, narrowed by `terms` and `filters`, in the order of `sort`.

    `ids` None means all that match, less `without`; otherwise only those ticked ones that match. Make one with `parse` or
    `from_args`: they check every part and raise QueryError.
    """

    model: Model
    person: Person
    search: str = ""
    terms: tuple[Part, ...] = ()
    filters: tuple[Term, ...] = ()
    sort: tuple[Order, ...] = ()
    ids: tuple[int, ...] | None = None
    without: tuple[int, ...] = ()

    @classmethod
    def parse(
        cls,
        model: Model,
        person: Person,
        *,
        search: str = "",
        filters: Iterable[Term] = (),
        sort: Iterable[str] = (),
        ids: Iterable[int] | None = None,
        without: Iterable[int] = (),
    ) -> Self:
        """Returns the selection; `sort` are field names, "-" before one turns it around.

        Raises QueryError for what cannot be understood or is not visible to `person`, `access.Refused` where they may not see
        the model at all.
        """
        access.require(person, Verb.VIEW, model)
        chosen = None if ids is None else checked_ids("ids", ids)
        found = cls(
            model,
            person,
            search,
            parse(search),
            checked(filters),
            paging.orders(sort),
            chosen,
            checked_ids("without", without),
        )
        found._plan(())
        return found

    @classmethod
    def from_args(cls, model: Model, person: Person, args: Mapping[str, Any], default_sort: Sequence[str] = ()) -> Self:
        """Returns the selection that URL parameters ask for: `search`, `sort`, `desc`, `flt…`, `ids`, `without`."""
        return cls.parse(
            model,
            person,
            search=str(args.get("search") or ""),
            filters=urls.read(args),
            sort=urls.read_sort(args) or default_sort,
            ids=urls.read_ids(args, "ids"),
            without=urls.read_ids(args, "without") or (),
        )

    def where(self) -> ColumnElement[bool] | None:
        """Returns the whole condition, row scope included; None where every row is meant."""
        parts: list[ColumnElement[bool]] = []
        scope = access.row_scope(self.person, self.model)
        if scope is not None:
            parts.append(scope)
        if self.ids is not None:
            parts.append(self.model.id.in_(self.ids))
        if self.without:
            parts.append(self.model.id.not_in(self.without))
        parts += [resolve.condition(self.model, self.person, part) for part in (*self.terms, *self.filters)]
        return resolve.every(parts)

    def select_ids(self) -> Select[tuple[int]]:
        """Returns the ids, in no order: for subqueries and INSERT…SELECT."""
        return self._narrow(select(self.model.id))

    def select(self, columns: Sequence[str]) -> Select[Any]:
        """Returns id, version and the chosen columns in the selection's order; relations as their keys."""
        return self._plan(columns).statement()

    def count(self, limit: int | None = None) -> Count:
        """Returns how many rows match; with `limit` counting stops there and the answer says so."""
        return _within(db.session.scalar(self._counting(limit)) or 0, limit)

    def count_beside(self, other: Select[Any], limit: int | None = None) -> tuple[Count, tuple[Any, ...]]:
        """Returns the count and the one row of another SELECT, by one statement."""
        beside = other.subquery()
        row = db.session.execute(select(self._counting(limit).scalar_subquery(), *beside.c)).one()
        return _within(row[0], limit), tuple(row[1:])

    def _counting(self, limit: int | None) -> Select[Any]:
        ids = self.select_ids()
        if limit is not None:
            ids = ids.limit(limit + 1)
        return select(func.count()).select_from(ids.subquery())

    def page(
        self, columns: Sequence[str], size: int, number: int = 0, after: str | None = None, before: str | None = None
    ) -> Page:
        """Returns one page by one statement: by its 0-based number, or the rows after or before a cursor."""
        if not 1 <= size <= MOST_ROWS:
            raise QueryError(str(size), f"a page has 1 to {MOST_ROWS:,} rows")
        return paging.page(self._plan(columns), size, number, after, before)

    def stream(self, columns: Sequence[str], chunk: int = 1000) -> Iterator[dict[str, Any]]:
        """Returns all rows in order, in constant memory, from one snapshot on a connection of its own.

        The statement is made now; the rows may be read after the request is over.
        """
        return rows.stream(db.engine, self._plan(columns), chunk)

    def words(self) -> str:
        """Returns which rows these are, as a person would say it: "withdrawn, course AAA, newest first"."""
        return words.describe(self)

    def narrowing(self) -> str:
        """Returns the same words without the order: what is done to these rows is done in any; "" for all rows."""
        return words.narrowing(self)

    def title(self, count: Count | int) -> str:
        """Returns the number and the words in one line: "2,140 enrollments: withdrawn, course AAA"."""
        return words.title(self, count)

    def params(self) -> dict[str, str]:
        """Returns the URL parameters from which `from_args` makes this selection again."""
        return urls.params(self)

    def narrowed(self, ids: Iterable[int] | None = None, without: Iterable[int] = ()) -> Self:
        """Returns the same selection with only the ticked `ids`, or without the unticked ones."""
        chosen = None if ids is None else checked_ids("ids", ids)
        return replace(self, ids=chosen, without=checked_ids("without", without))

    def replace_search(self, search: str) -> Self:
        """Returns the same selection with another search. Raises QueryError as `parse` does."""
        found = replace(self, search=search, terms=parse(search))
        found.where()
        return found

    def sorted_by(self, *sort: str) -> Self:
        """Returns the same rows in another order. Raises QueryError as `parse` does."""
        found = replace(self, sort=paging.orders(sort))
        found._plan(())
        return found

    def _narrow(self, statement: Select[Any]) -> Select[Any]:
        where = self.where()
        return statement if where is None else statement.where(where)

    def _plan(self, columns: Sequence[str]) -> rows.RowPlan:
        return rows.plan(self.model, self.person, columns, self.sort, self.where())


def _within(number: int, limit: int | None) -> Count:
    return Count(number) if limit is None or number <= limit else Count(limit, exact=False)


def checked_ids(part: str, ids: Iterable[int]) -> tuple[int, ...]:
    """Returns the numbers of rows, each once. Raises QueryError for too many and for what is the number of no row."""
    numbers = tuple(dict.fromkeys(ids))
    if len(numbers) > MOST_IDS:
        raise QueryError(part, f"at most {MOST_IDS:,} rows can be named one by one; narrow the search instead")
    for number in numbers:
        if not 0 < number <= LARGEST_ID:
            raise QueryError(str(number), f"is no number of a row (in “{part}”)")
    return numbers
