"""Weeks and months, with those in which nothing happened; and the period that figures over time are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from backoffice.core.summaries.labels import MONTH, WEEK, Label, dated, to_count


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included."""

    label: Label
    first: date
    last: date

    def search(self, field: str) -> str:
        """Returns the condition that the date in `field` lies in the period."""
        return between(field, self.first, self.last)


@dataclass(frozen=True)
class Spans:
    """What figures over time count: the period `now`, and the one `before` that it is compared with, on the day `as_of`."""

    as_of: date
    now: Period
    before: Period

    def __str__(self) -> str:
        """Returns what tells these from others: who asks for the same may share the answer."""
        return " ".join(f"{part.label} {part.first} {part.last}" for part in (self.now, self.before))


def days_back(as_of: date, number: int) -> Spans:
    """Returns the last `number` days, against as many before them."""
    first = as_of - timedelta(days=number - 1)
    earlier = to_count("the day before", "the %(num)s days before", number)
    before = Period(earlier, first - timedelta(days=number), first - timedelta(days=1))
    return Spans(as_of, Period(last_days(number), first, as_of), before)


def last_days(number: int) -> Label:
    """Returns what the last `number` days are called."""
    return to_count("Last day", "Last %(num)s days", number)


def between(field: str, first: date, last: date) -> str:
    """Returns the condition that the date in `field` lies from `first` to `last`, both included."""
    return f"{field}:{first}..{last}"


def weeks(as_of: date, number: int) -> tuple[Period, ...]:
    """Returns the last `number` weeks from Monday to Sunday, oldest first; the last one holds `as_of`."""
    monday = as_of - timedelta(days=as_of.weekday())
    starts = [monday - timedelta(weeks=back) for back in range(number - 1, -1, -1)]
    return tuple(Period(dated(WEEK, start), start, start + timedelta(days=6)) for start in starts)


def months(as_of: date, number: int) -> tuple[Period, ...]:
    """Returns the last `number` calendar months, oldest first; the last one holds `as_of`."""
    present = as_of.year * 12 + as_of.month - 1
    firsts = [date(count // 12, count % 12 + 1, 1) for count in range(present - number + 1, present + 2)]
    return tuple(
        Period(dated(MONTH, first), first, following - timedelta(days=1)) for first, following in pairwise(firsts)
    )


def weeks_of(period: Period) -> tuple[Period, ...]:
    """Returns the weeks of `period`, each from Monday on; the first and the last end where it does."""
    number = ((period.last - period.first).days + period.first.weekday()) // 7 + 1
    return _within(period, weeks(period.last, number))


def months_of(period: Period) -> tuple[Period, ...]:
    """Returns the calendar months of `period`; the first and the last end where it does."""
    first, last = (day.year * 12 + day.month for day in (period.first, period.last))
    return _within(period, months(period.last, last - first + 1))


def _within(period: Period, parts: Sequence[Period]) -> tuple[Period, ...]:
    return tuple(
        Period(part.label, max(part.first, period.first), min(part.last, period.last))
        for part in parts
        if part.last >= period.first
    )


def begun(period: Period, as_of: date) -> Period:
    """Returns `period` without the days that are still to come."""
    return Period(period.label, period.first, max(period.first, min(period.last, as_of)))


def spanning(field: str, periods: Sequence[Period]) -> str:
    """Returns the condition that the date in `field` lies in one of consecutive `periods`."""
    return between(field, periods[0].first, periods[-1].last)


def bucket(day: date, periods: Sequence[Period]) -> int:
    """Returns the index of the one of consecutive `periods` that holds `day`."""
    return next(index for index, period in enumerate(periods) if day <= period.last)
