"""What time it is: instants are UTC, "today" is the organisation's civil date."""

from __future__ import annotations

from datetime import UTC, date, datetime
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
