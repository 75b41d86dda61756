"""Values as people type them, turned into values that a database compares. Nothing odd gets through to a driver."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from backoffice.core import clock
from backoffice.core.selection.errors import QueryError
from backoffice.core.selection.fields import Field, Kind
from backoffice.core.text import fold
from backoffice.core.wording import gettext, ngettext

LARGEST_INTEGER = 2**63 - 1
LARGEST_AMOUNT = Decimal(10) ** 14  # with four decimal places still 64 bits of minor units

_INTEGER = re.compile(r"[+-]?[0-9]{1,20}")
_DECIMAL = re.compile(r"[+-]?([0-9]{1,20}(\.[0-9]{0,10})?|\.[0-9]{1,10})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RELATIVE = re.compile(r"([+-][0-9]{1,5})([dwmy])")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_BOOLEANS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


_DISTANCES: dict[tuple[str, bool], Callable[[int], str]] = {
    ("d", True): lambda number: ngettext("%(num)s day ago", "%(num)s days ago", number),
    ("w", True): lambda number: ngettext("%(num)s week ago", "%(num)s weeks ago", number),
    ("m", True): lambda number: ngettext("%(num)s month ago", "%(num)s months ago", number),
    ("y", True): lambda number: ngettext("%(num)s year ago", "%(num)s years ago", number),
    ("d", False): lambda number: ngettext("in %(num)s day", "in %(num)s days", number),
    ("w", False): lambda number: ngettext("in %(num)s week", "in %(num)s weeks", number),
    ("m", False): lambda number: ngettext("in %(num)s month", "in %(num)s months", number),
    ("y", False): lambda number: ngettext("in %(num)s year", "in %(num)s years", number),
}  # by unit and by whether it is in the past


class Wrong(Exception):
    """The text is no value of the field; the message says what one looks like."""


@dataclass(frozen=True)
class Span:
    """A stretch of time that a date or a minute stands for: from `start`, up to but not including `end`, in UTC."""

    start: datetime
    end: datetime


def typed(field: Field, text: str, part: str) -> Any:
    """Returns what `text` means for `field`. Raises QueryError about `part` for what it cannot mean."""
    reader = _READERS.get(field.kind)
    if reader is None:
        raise QueryError(
            part,
            gettext(
                "“%(name)s” leads to other rows; compare one of their fields, as in %(name)s.id:1", name=field.name
            ),
        )
    try:
        return reader(field, text.strip() if field.kind not in (Kind.TEXT, Kind.LONG_TEXT) else text)
    except Wrong as error:
        raise QueryError(
            part,
            gettext("“%(text)s” is no value for “%(name)s”: %(error)s", text=text, name=field.name, error=error),
            str(error),
        ) from None


def _text(field: Field, text: str) -> str:
    return text


def _integer(field: Field, text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise Wrong(gettext("write a whole number, such as 30"))
    number = int(text)
    if abs(number) > LARGEST_INTEGER:
        raise Wrong(gettext("the number is too large"))
    return number


def _decimal(field: Field, text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise Wrong(gettext("write a number, such as 100.50"))
    number = Decimal(text)
    if abs(number) > LARGEST_AMOUNT:
        raise Wrong(gettext("the number is too large"))
    return number


def _boolean(field: Field, text: str) -> bool:
    try:
        return _BOOLEANS[text.casefold()]
    except KeyError:
        raise Wrong(gettext("write yes or no")) from None


def _choice(field: Field, text: str) -> str:
    wanted = fold(text).replace(" ", "_")
    for choice in field.choices:
        if fold(choice).replace(" ", "_") == wanted:
            return choice
    raise Wrong(gettext("choose from %(choices)s", choices=", ".join(field.choices)))


def _date(field: Field, text: str) -> date:
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Wrong(gettext("the calendar has no such day")) from None
    day = relative_date(text)
    if day is None:
        raise Wrong(date_hint())
    return day


def date_hint() -> str:
    """Returns what dates are written like."""
    return gettext("write a date as 2026-01-31, today, -7d, +2w, -1m or -1y")


def relative_date(text: str) -> date | None:
    """Returns the day that "today", "-7d", "+2w", "-1m" or "-1y" means now, None for any other text."""
    if text.casefold() == "today":
        return clock.today()
    found = _RELATIVE.fullmatch(text.casefold())
    if not found:
        return None
    number, unit = int(found.group(1)), found.group(2)
    try:
        if unit in "dw":
            return clock.today() + timedelta(days=number * (7 if unit == "w" else 1))
        return _months_later(clock.today(), number * (12 if unit == "y" else 1))
    except (OverflowError, ValueError):
        raise Wrong(gettext("the calendar does not reach that far")) from None


def relative_words(text: str) -> str:
    """Returns a date as people say it: "-7d" becomes "7 days ago"; other texts stay."""
    found = _RELATIVE.fullmatch(text.casefold())
    if not found:
        return text
    number = int(found.group(1))
    return _DISTANCES[found.group(2), number < 0](abs(number))


def _months_later(day: date, months: int) -> date:
    """Returns the same day of another month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    length = ((first + timedelta(days=31)).replace(day=1) - first).days
    return first.replace(day=min(day.day, length))


def _span(field: Field, text: str) -> Span:
    found = _INSTANT.fullmatch(text)
    try:
        return _moment(found) if found else _day(_date(field, text))
    except (OverflowError, ValueError):
        raise Wrong(gettext("the calendar has no such time")) from None


def _day(day: date) -> Span:
    """Returns the civil day at the organisation's seat."""
    midnight = datetime.combine(day, time(), clock.organisation_zone())
    following = datetime.combine(day + timedelta(days=1), time(), clock.organisation_zone())
    return Span(midnight.astimezone(UTC), following.astimezone(UTC))


def _moment(found: re.Match[str]) -> Span:
    """Returns the minute, second or microsecond that was written, in the organisation's zone unless one is given."""
    seconds, fraction, zone = found.group(3), found.group(4), found.group(5)
    moment = datetime.fromisoformat(f"{found.group(1)}T{found.group(2)}{zone or ''}")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=clock.organisation_zone())
    unit = timedelta(microseconds=1) if fraction else timedelta(seconds=1) if seconds else timedelta(minutes=1)
    start = moment.astimezone(UTC)
    return Span(start, start + unit)


def in_zone(text: str, zone: ZoneInfo) -> str:
    """Returns an instant that was written without a zone as one of `zone`; any other text as it is."""
    found = _INSTANT.fullmatch(text.strip())
    if not found or found.group(5):
        return text
    try:
        moment = datetime.fromisoformat(f"{found.group(1)}T{found.group(2)}").replace(tzinfo=zone)
        return moment.astimezone(UTC).isoformat()
    except (OverflowError, ValueError):
        return text


_READERS: dict[Kind, Callable[[Field, str], Any]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.MONEY: _decimal,
    Kind.BOOLEAN: _boolean,
    Kind.CHOICE: _choice,
    Kind.DATE: _date,
    Kind.DATETIME: _span,
}
