"""What time it is: instants are UTC, "today" is the organisation's civil date."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from flask import current_app

ZONES = frozenset(available_timezones() - {"Factory", "localtime"})  # the names that IANA gives places


def utcnow() -> datetime:
    """Returns the present instant, aware, in UTC."""
    return datetime.now(UTC)


def organisation_zone() -> ZoneInfo:
    """Returns the organisation's time zone (setting TIMEZONE)."""
    return ZoneInfo(current_app.config["TIMEZONE"])


def today() -> date:
    """Returns the civil date at the organisation's seat. Overdue, running and late are all measured by it."""
    return utcnow().astimezone(organisation_zone()).date()


def here_and_today() -> tuple[str, date]:
    """Returns all that a day depends on: what was worked out for one with "today" in it holds as long as this is the same."""
    return current_app.config["TIMEZONE"], today()


def next_time(wanted: time, now: datetime) -> datetime:
    """Returns the first instant after `now` at which the clocks at the organisation's seat show `wanted`.

    In the night in which they skip it, that is the moment at which they do; in the one in which they show it twice, the
    first time.
    """
    today_ = now.astimezone(organisation_zone()).date()
    nights = (datetime.combine(today_ + timedelta(days=n), wanted, organisation_zone()) for n in (0, 1))
    return next(night for instant in nights if (night := instant.astimezone(UTC)) > now)
