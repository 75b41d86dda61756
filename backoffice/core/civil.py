"""Civil dates inside SQL: the organisation's today and whole years since a date."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Date, Integer, SQLColumnExpression, bindparam, case, cast, extract

from backoffice.core import clock

# Asked anew at each execution: a statement that lives over midnight, or in the cache, never carries yesterday.
TODAY: ColumnElement[clock.date] = bindparam("today", callable_=clock.today, type_=Date())


def years_since(day: SQLColumnExpression[clock.date | None]) -> ColumnElement[int]:
    """Returns the completed years from `day` to today: an age, for SQLite and PostgreSQL alike."""
    had = extract("month", day) * 100 + extract("day", day)
    now = extract("month", TODAY) * 100 + extract("day", TODAY)
    return cast(extract("year", TODAY) - extract("year", day) - case((had > now, 1), else_=0), Integer)
