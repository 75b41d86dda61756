"""How values are written for whoever reads the page: by their notation and their time zone, if they chose any.

What is kept, what machines read and what several people are shown at once is written by Python's own formatting instead. Outside
a request, in workers and commands, all of this writes as the organisation does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton
from flask import g, has_request_context
from flask_login import current_user
from markupsafe import Markup

from backoffice.core import wording
from backoffice.core.clock import ZONES, organisation_zone
from backoffice.core.money import to_decimal
from backoffice.core.notation import ORGANISATIONS, Notation, notation


@dataclass(frozen=True)
class Reader:
    """Whom a page is written for. Readers that are equal see the same values written alike."""

    notation: Notation
    zone: ZoneInfo
    has_own_zone: bool = False

    def moment(self, instant: datetime) -> str:
        """Returns an instant as the reader's clocks show it: "2026-03-01 14:05 CET"."""
        return self.notation.moment(instant.astimezone(self.zone))

    def box(self, instant: datetime) -> str:
        """Returns an instant as a box of a form holds it."""
        return f"{instant.astimezone(self.zone):%Y-%m-%dT%H:%M}"


def present() -> Reader:
    """Returns whoever reads the answer to this request; outside of one, the organisation."""
    if not has_request_context():
        return Reader(ORGANISATIONS, organisation_zone())
    found: Reader | None = g.get("reader")
    if found is None:
        found = g.reader = _chosen()
    return found


def _chosen() -> Reader:
    """Returns the reader by what the person has chosen, or their account says; what is unknown by now counts as nothing."""
    own = notation(getattr(current_user, "locale", None) or "")
    organisations = organisation_zone()
    zone = next((ZoneInfo(name) for name in getattr(current_user, "zones", ()) if name in ZONES), organisations)
    return Reader(own, zone, zone != organisations)


@contextmanager
def kept() -> Iterator[None]:
    """Has what is written meanwhile written as the organisation does, in its language: it will be kept, and read by others."""
    if not has_request_context():
        yield
        return
    before, g.reader = present(), Reader(ORGANISATIONS, organisation_zone())
    try:
        with wording.organisations():
            yield
    finally:
        g.reader = before


def attributes() -> Markup:
    """Returns what the page's root element says to scripts of a reader who has chosen something; nothing of others."""
    own = present()
    locale = own.notation.name.replace("_", "-")
    return (
        Markup(' data-locale="{}"').format(locale) * bool(locale)
        + Markup(' data-zone="{}"').format(own.zone.key) * own.has_own_zone
    )


def _notation() -> Notation:
    return present().notation if has_request_context() else ORGANISATIONS


def number(value: int) -> str:
    """Returns a whole number: "1,234"."""
    return _notation().figures(f"{value:,}")


def figures(written: str) -> str:
    """Returns a number that Python wrote, "1,234.5", as the reader writes it."""
    return _notation().figures(written)


def amount(value: Decimal, currency: str) -> str:
    """Returns an amount with as many places as it has, and its code: "1,234.50 EUR"."""
    return f"{figures(f'{value:,f}')} {currency}"


def minor_amount(minor: int, currency: str) -> str:
    """Returns an amount of minor units with the currency's places and its code."""
    return amount(to_decimal(minor, currency), currency)


def day(value: date) -> str:
    """Returns a date: "2026-03-01"."""
    return _notation().day(value)


def day_in_words(value: date) -> str:
    """Returns a date where there is room: "1 Mar 2026"."""
    own, locale = _notation(), _locale()
    if own is not ORGANISATIONS or locale is None:
        return own.day_in_words(value)
    return format_skeleton("yMMMd", value, locale=locale)


def month(day: date) -> str:
    """Returns the month of a day: "March 2026"."""
    return f"{day:%B %Y}" if (locale := _locale()) is None else format_skeleton("yMMMM", day, locale=locale)


def month_in_short(day: date) -> str:
    """Returns the same where there is little room: "Mar 2026"."""
    return f"{day:%b %Y}" if (locale := _locale()) is None else format_skeleton("yMMM", day, locale=locale)


def day_of_year(day: date) -> str:
    """Returns a day where the year is known: "02 Mar"."""
    return f"{day:%d %b}" if (locale := _locale()) is None else format_skeleton("MMMd", day, locale=locale)


def _locale() -> Locale | None:
    """Returns the language of month's names, None for English, of which Python knows them."""
    spoken = wording.language()
    return None if spoken.partition("_")[0] in ("", "en") else Locale.parse(spoken)


def hour(instant: datetime) -> str:
    """Returns the time of day that the reader's clocks show: "14:05"."""
    return present().notation.hour(instant.astimezone(present().zone))


def hour_and_day(instant: datetime) -> str:
    """Returns the same with the day: "02:00 on 1 March"."""
    own, locale, at = present().notation, _locale(), instant.astimezone(present().zone)
    if own is not ORGANISATIONS or locale is None:
        return own.hour_and_day(at)
    return wording.gettext("%(hour)s on %(day)s", hour=own.hour(at), day=format_skeleton("MMMMd", at, locale=locale))


def moment(instant: datetime) -> str:
    """Returns an instant as the reader's clocks show it: "2026-03-01 14:05 CET"."""
    return present().moment(instant)
