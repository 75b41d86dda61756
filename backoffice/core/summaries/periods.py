"""Weeks and months, with those in which nothing happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included."""

    label: str
    first: date
    last: date

    def search(self, field: str) -> str:
        """Returns the condition that the date in `field` lies in the period."""
        return between(field, self.first, self.last)


def between(field: str, first: date, last: date) -> str:
    """Returns the condition that the date in `field` lies from `first` to `last`, both included."""
    return f"{field}:{first}..{last}"


def weeks(as_of: date, number: int) -> tuple[Period, ...]:
    """Returns the last `number` weeks from Monday to Sunday, oldest first; the last one holds `as_of`."""
    monday = as_of - timedelta(days=as_of.weekday())
    starts = [monday - timedelta(weeks=back) for back in range(number - 1, -1, -1)]
    return tuple(Period(f"{start:%d %b}", start, start + timedelta(days=6)) for start in starts)


def months(as_of: date, number: int) -> tuple[Period, ...]:
    """Returns the last `number` calendar months, oldest first; the last one holds `as_of`."""
    present = as_of.year * 12 + as_of.month - 1
    firsts = [date(count // 12, count % 12 + 1, 1) for count in range(present - number + 1, present + 2)]
    return tuple(
        Period(f"{first:%b %Y}", first, following - timedelta(days=1)) for first, following in pairwise(firsts)
    )


def spanning(field: str, periods: Sequence[Period]) -> str:
    """Returns the condition that the date in `field` lies in one of consecutive `periods`."""
    return between(field, periods[0].first, periods[-1].last)


def bucket(day: date, periods: Sequence[Period]) -> int:
    """Returns the index of the one of consecutive `periods` that holds `day`."""
    return next(index for index, period in enumerate(periods) if day <= period.last)
