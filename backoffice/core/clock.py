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


def in_words(instant: datetime) -> str:
    """Returns an instant as the clocks at the organisation's seat show it: "2026-03-01 14:05 CET"."""
    return in_zone(organisation_zone(), instant)


def in_zone(zone: ZoneInfo, instant: datetime) -> str:
    """Returns the same of another zone, or of many instants at once."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def today() -> date:
    """Returns the civil date at the organisation's seat. Overdue, running and late are all measured by it."""
    return utcnow().astimezone(organisation_zone()).date()


def next_time(wanted: time, now: datetime) -> datetime:
    """Returns the first instant after `now` at which the clocks at the organisation's seat show `wanted`.

    In the night in which they skip it, that is the moment at which they do; in the one in which they show it twice, the
    first time.
    """
    today_ = now.astimezone(organisation_zone()).date()
    nights = (datetime.combine(today_ + timedelta(days=n), wanted, organisation_zone()) for n in (0, 1))
    return next(night for instant in nights if (night := instant.astimezone(UTC)) > now)
