"""What a Selection gives and takes: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ref:
    """A related row as a page shows it: its id for the link, its key for files, its label for people."""

    id: int
    key: str
    label: str

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Order:
    """One sort key: the name of a field, or a path to one through relations. Rows without a value come last."""

    name: str
    descending: bool = False

    def __str__(self) -> str:
        return "-" * self.descending + self.name


@dataclass(frozen=True)
class Count:
    """How many rows there are; where counting stopped early, there are more than `number`."""

    number: int
    exact: bool = True

    def __str__(self) -> str:
        return f"{self.number:,}" if self.exact else f"more than {self.number:,}"


@dataclass(frozen=True)
class Page:
    """Rows in order, by field name; each has "id" and, where the model has one, "version".

    `next` and `previous` are cursors for `after` and `before`, None at the ends. `number` is the page number that was asked
    for, None for a page found by a cursor.
    """

    rows: list[dict[str, Any]]
    next: str | None
    previous: str | None
    number: int | None
