"""Civil dates inside SQL: the organisation's today and whole years since a date."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date

from sqlalchemy import ColumnElement, Date, Integer, SQLColumnExpression, bindparam, case, cast, extract

from backoffice.core import clock

# Asked anew at each execution: a statement that lives over midnight, or in the cache, never carries yesterday.
TODAY: ColumnElement[clock.date] = bindparam("today", callable_=clock.today, type_=Date())


def years_since(day: SQLColumnExpression[clock.date | None]) -> ColumnElement[int]:
    """Returns the completed years from `day` to today: an age, for SQLite and PostgreSQL alike."""
    had = extract("month", day) * 100 + extract("day", day)
    now = extract("month", TODAY) * 100 + extract("day", TODAY)
    return cast(extract("year", TODAY) - extract("year", day) - case((had > now, 1), else_=0), Integer)


def years_before(day: date, years: int) -> date | None:
    """Returns the last date since which `years` years are completed on `day`; None where the calendar does not reach."""
    year = day.year - years
    if not MINYEAR <= year <= MAXYEAR:
        return None
    leap = day.month == 2 and day.day == 29 and (year % 4 or (year % 100 == 0 and year % 400))
    return day.replace(year=year, day=28) if leap else day.replace(year=year)
