"""Completed years: the day since which they are completed, in leap years too."""

from __future__ import annotations

from datetime import date

import pytest

from backoffice.core.civil import years_before

BORN = [date(year, month, day) for year in (1999, 2000, 2004) for month, day in ((2, 28), (3, 1), (11, 20))]
BORN += [date(2000, 2, 29), date(2004, 2, 29)]


def completed(born: date, today: date) -> int:
    return today.year - born.year - ((born.month, born.day) > (today.month, today.day))


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1), date(2026, 11, 20)])
def test_who_is_so_old_was_born_on_that_day_or_before(today: date) -> None:
    asked = [(born, years) for born in BORN for years in range(-1, 40)]

    assert [born <= (years_before(today, years) or date.min) for born, years in asked] == [
        completed(born, today) >= years for born, years in asked
    ]


@pytest.mark.parametrize("years", [2026, 10**18, -8000])
def test_there_is_no_day_outside_the_calendar(years: int) -> None:
    assert years_before(date(2026, 11, 20), years) is None
