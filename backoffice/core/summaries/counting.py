"""How figures count: over the very Selection that the link opens, so that both always speak of the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from backoffice.core.access import Person
from backoffice.core.selection import Selection
from backoffice.core.summaries.comparing import Counted
from backoffice.core.summaries.data import Link, Series, number
from backoffice.core.summaries.labels import Label
from backoffice.core.unindexed import Unindexed
from backoffice.extensions import db


@dataclass(frozen=True)
class Rows:
    """The rows of one grid, as far as a person may see them."""

    model: type[Any]
    grid: str

    def link(self, search: str, sort: str = "") -> Link:
        """Returns the link to the grid with `search` and `sort`."""
        return Link(self.grid, search, sort)

    def select(self, person: Person, search: str, *columns: Any) -> Select[Any]:
        """Returns the statement that reads `columns` of the rows that the grid would show for `search`.

        Joined models must be aliased: the condition may hold subqueries over the plain ones.
        """
        statement = select(*columns).select_from(self.model)
        condition = Selection.parse(self.model, person, search=search).where()
        return statement if condition is None else statement.where(condition)

    def scan(self, person: Person, search: str, *columns: Any) -> Select[Any]:
        """Returns the same statement, whose search chooses no index: its grouping does, or what is said beside."""
        statement = select(*columns).select_from(self.model)
        condition = Selection.parse(self.model, person, search=search).where()
        return statement if condition is None else statement.where(Unindexed(condition))

    def count(self, person: Person, search: str, *first: ColumnElement[bool]) -> int:
        """Returns how many rows the grid would show for `search`; `first` says parts of it by which their index finds few."""
        read = self.scan if first else self.select
        return int(db.session.scalar(read(person, search, func.count()).where(*first)) or 0)

    def counted(self, person: Person, searches: Sequence[str]) -> list[Counted]:
        """Returns the counts of several searches with their links, by one statement."""
        counts = [self.select(person, search, func.count()).scalar_subquery() for search in searches]
        numbers = db.session.execute(select(*counts)).one()
        return [Counted(n, self.link(search), n) for n, search in zip(numbers, searches, strict=True)]

    def number(self, person: Person, search: str, label: Label = "", *first: ColumnElement[bool]) -> Series:
        """Returns that count as a series of one number, linked to the grid."""
        return number(self.count(person, search, *first), self.link(search), label=label)
