"""What a Selection gives and takes: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backoffice.core import reader
from backoffice.core.wording import gettext


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
    """How many rows there are; where counting stopped early, `number` or more, and perhaps an estimate: `about` so many."""

    number: int
    exact: bool = True
    about: int | None = None

    def with_seen(self, number: int) -> Count:
        """Returns the count, knowing that `number` rows have been seen."""
        if self.exact or number <= self.number:
            return self
        return Count(number, exact=False, about=self.about if self.about and self.about > number else None)

    @property
    def shown(self) -> str:
        """The number as the reader writes it: "10,000+"."""
        return reader.figures(str(self))

    @property
    def words(self) -> str:
        """The same with the estimate beside it: "10,000+, about 2.9 million"."""
        if self.about is None:
            return self.shown
        return gettext("%(number)s, about %(estimate)s", number=self.shown, estimate=rounded(self.about))

    def __str__(self) -> str:
        return f"{self.number:,}" if self.exact else f"{self.number:,}+"


def rounded(number: int) -> str:
    """Returns an estimate in words, with the two digits that may be true: "43,000", "2.9 million"."""
    rough = round(number, 2 - len(str(number)))
    if rough < 1_000_000:
        return reader.number(rough)
    if rough < 1_000_000_000:
        return gettext("%(number)s million", number=_tenths(rough / 1_000_000))
    return gettext("%(number)s billion", number=_tenths(rough / 1_000_000_000))


def _tenths(number: float) -> str:
    return reader.figures(f"{number:.1f}".removesuffix(".0"))


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
