"""Where a task is done: a page with a hand on it, and the database of the product, which says what became of the rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

from tests.benchmarks.tasks.hands import Hand


@dataclass(frozen=True)
class Desk:
    """One product, open on its first page."""

    page: Page
    hand: Hand
    database: Path

    @property
    def by_keys(self) -> bool:
        """Says whether there is no mouse."""
        return self.hand.name == "keyboard"

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Returns what the database says."""
        with closing(sqlite3.connect(self.database, timeout=10)) as connection:
            return connection.execute(statement, values).fetchall()

    def column(self, statement: str, *values: object) -> list[Any]:
        """Returns the first column of what the database says."""
        return [row[0] for row in self.rows(statement, *values)]

    def run(self, statement: str, *values: object) -> None:
        """Prepares rows of a task."""
        with closing(sqlite3.connect(self.database, timeout=10)) as connection, connection:
            connection.execute(statement, values)

    def link(self, name: str, *, within: str = "main") -> Locator:
        """Returns the link of this name."""
        return self.page.locator(within).get_by_role("link", name=name, exact=True).first

    def button(self, name: str, *, within: str = "body") -> Locator:
        """Returns the button of this name."""
        return self.page.locator(within).get_by_role("button", name=name, exact=True).first

    def field(self, label: str) -> Locator:
        """Returns the control with this label."""
        return self.page.get_by_label(label, exact=True).first


# A script prepares, yields as it begins, yields as it has done the task, and then asserts what must have become of it.
Script = Callable[[Desk], Iterator[None]]


def today() -> date:
    """Returns the day here."""
    return datetime.now().astimezone().date()


def last_month() -> date:
    """Returns a day of last month."""
    return today().replace(day=1) - timedelta(days=10)
