"""How figures count: over the very Selection that the link opens, so that both always speak of the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from backoffice.core.access import Person
from backoffice.core.selection import Selection
from backoffice.core.summaries.data import Link, Series, number
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

    def count(self, person: Person, search: str) -> int:
        """Returns how many rows the grid would show for `search`."""
        return int(db.session.scalar(self.select(person, search, func.count())) or 0)

    def number(self, person: Person, search: str, label: str = "") -> Series:
        """Returns that count as a series of one number, linked to the grid."""
        return number(self.count(person, search), self.link(search), label=label)
