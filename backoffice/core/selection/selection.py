"""Which rows: one immutable value behind every page, count, file, bulk change and link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, Subquery, func, literal, select

from backoffice.core import access, reader
from backoffice.core.access import Person, Verb
from backoffice.core.database import if_in_time
from backoffice.core.selection import counts, ordering, paging, resolve, rows, words
from backoffice.core.selection import filters as urls
from backoffice.core.selection.approach import Found, fewest_of, first_found
from backoffice.core.selection.errors import QueryError
from backoffice.core.selection.fields import Model
from backoffice.core.selection.finding import Finding, finding
from backoffice.core.selection.ids import checked_ids
from backoffice.core.selection.language import checked, parse
from backoffice.core.selection.shapes import Count, Order, Page
from backoffice.core.selection.tree import Part, Term
from backoffice.core.unindexed import Unindexed
from backoffice.core.wording import gettext
from backoffice.extensions import db

MOST_ROWS = 1_000
WALKED_SECONDS = 0.2  # after which a page should be full
NEAR = 500  # rows, of which the first in order are offered to somebody who is typing


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
        return self._finding.where

    @cached_property
    def _finding(self) -> Finding:
        return finding(self.model, self.person, self._parts, self.ids, self.without)

    @cached_property
    def _found(self) -> Found | None:
        """The way to the fewest rows among which are all of these; None where no index leads to any."""
        return fewest_of(self._finding.ways)

    @property
    def _parts(self) -> tuple[Part, ...]:
        return (*self.terms, *self.filters)

    def select_ids(self) -> Select[tuple[int]]:
        """Returns the ids, in no order: for subqueries and INSERT…SELECT."""
        return self._finding.select_ids()

    def select(self, columns: Sequence[str]) -> Select[Any]:
        """Returns id, version and the chosen columns in the selection's order; relations as their keys."""
        return self._plan(columns).statement()

    def count(self, limit: int | None = None) -> Count:
        """Returns how many rows match; with `limit` counting stops early, and the answer says so."""
        return self.count_beside(_NOTHING, limit)[0]

    def count_beside(
        self, other: Select[Any], limit: int | None = None, params: Mapping[str, Any] | None = None
    ) -> tuple[Count, tuple[Any, ...]]:
        """Returns the count and the one row of another SELECT, which may take `params`, by one statement.

        It is kept with the other one's.
        """
        counting = self._finding.counting(limit, self._found if limit is not None and self.ids is None else None)
        statement = self._finding.beside(counting, other)
        counted, least, *row = db.session.execute(statement, params).one()
        count = counting.read(counted, least)
        if not count.exact and self.where() is None and counts.has_found_statistics(db.session()):
            return self.count_beside(other, limit, params)  # once: from now on the estimate is asked for as well
        return count, tuple(row)

    def tally(self, columns: Sequence[str], limit: int) -> list[tuple[Any, ...]] | None:
        """Returns each combination of values in plain `columns` and the number of its rows; None of more than `limit`."""
        if not self.count(limit).exact:
            return None
        found = self._gathered(columns, self._finding.first_rows(self._found)[0])
        values = [found.c[column] for column in columns]
        return [tuple(row) for row in db.session.execute(select(*values, func.count()).group_by(*values))]

    def gathered(self, columns: Sequence[str]) -> Subquery:
        """Returns all rows with these columns, in no order, to be added up or grouped; relations as their ids, keys and labels,
        amounts in minor units."""
        return self._gathered(columns, self.where())

    def _gathered(self, columns: Sequence[str], where: ColumnElement[bool] | None) -> Subquery:
        made = rows.plan(self.person, self.model, tuple(columns), ()).narrowed(where)
        named = {
            column.name: column for column in made.selected
        }  # one that each row has anyway may be asked for as well
        return made.unordered(list(named.values())).subquery()

    def page(
        self, columns: Sequence[str], size: int, number: int = 0, after: str | None = None, before: str | None = None
    ) -> Page:
        """Returns one page by one statement: by its 0-based number, or the rows after or before a cursor."""
        if not 1 <= size <= MOST_ROWS:
            raise QueryError(str(size), gettext("a page has 1 to %(most)s rows", most=reader.number(MOST_ROWS)))
        made = self._paged(tuple(columns))
        where = (size, number, after, before)
        if made.sorts:
            return paging.page(made, *where)
        self._require_order()
        if self.ids is not None or not self._finding.ways:
            return paging.page(made, *where)
        walked = if_in_time(db.session(), WALKED_SECONDS, lambda: paging.page(made, *where))
        return walked or paging.page(self._finding.sorted_page_of(made) or made, *where)

    def near(self, columns: Sequence[str], size: int) -> list[dict[str, Any]]:
        """Returns up to `size` rows, in order, of the first ones that an index names: soon, and of many not the first of all."""
        near = first_found(self.model, self._finding.ways, NEAR)
        if near is None:
            return []
        conditions = [near, *map(Unindexed, self._finding.conditions(walking=True))]
        made = rows.plan(self.person, self.model, tuple(columns), self.sort)
        return paging.page(made.narrowed(resolve.every(conditions), sorts=True), size, 0, None, None).rows

    def some(self, columns: Sequence[str], size: int) -> list[dict[str, Any]]:
        """Returns the same for somebody who goes on typing; of so few that they are not all near, those that there are."""
        found = self.near(columns, size)
        if len(found) == size or (self._found is not None and self._found.number <= NEAR):
            return found
        return self.page(columns, size).rows

    def beside(self, row_id: int, columns: Sequence[str]) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        """Returns the rows before and after a row where it stands, or would stand, in the list; None at the ends."""
        made = self._paged(tuple(columns))
        if not made.sorts:
            self._require_order()
        one = rows.by_ids(self.person, self.model, tuple(columns), self.sort)
        return paging.beside(made, replace(one, asked={"ids": (row_id,)}))

    def _paged(self, columns: tuple[str, ...]) -> rows.RowPlan:
        if self.ids is not None and not self._parts and not self.without:
            return replace(rows.by_ids(self.person, self.model, columns, self.sort), asked={"ids": self.ids})
        made = rows.plan(self.person, self.model, columns, self.sort)
        return self._finding.page_of(made, self._found) if self._narrows else made

    def _require_order(self) -> None:
        """Raises QueryError where so many rows would have to be sorted that nobody should wait for a page of them."""
        if ordering.has_index(self.model, self.person, self.sort):
            return
        counting = counts.up_to(self.select_ids(), ordering.MOST_SORTED)
        if not counting.read(*db.session.execute(select(*counting.statement)).one()).exact:
            raise ordering.too_long(self.sort)

    def stream(self, columns: Sequence[str], chunk: int = 1000) -> Iterator[dict[str, Any]]:
        """Returns all rows in order, in constant memory, from one snapshot on a connection of its own.

        The statement is made now; the rows may be read after the request is over.
        """
        return rows.stream(db.engine, self._plan(columns), chunk)

    def stream_texts(self, columns: Sequence[str], text_of: rows.TextOf, chunk: int = 2000) -> Iterator[list[str]]:
        """Returns the same rows in lists of texts that the database makes of them: `text_of` gives the expression.

        No value is taken apart in Python on its way, which is what makes a file of a million rows quick.
        """
        statement = rows.texts(self.model, self.person, columns, self.sort, self.where(), text_of)
        return rows.stream_texts(db.engine, statement, chunk)

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

    def _plan(self, columns: Sequence[str]) -> rows.RowPlan:
        made = rows.plan(self.person, self.model, tuple(columns), self.sort)
        return made.narrowed(self.where()) if self._narrows else made

    @property
    def _narrows(self) -> bool:
        """Says whether these are not all rows that the person may see."""
        return bool(self._parts or self.without) or self.ids is not None


_NOTHING = select(literal(0))
