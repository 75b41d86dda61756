"""Values as people read them, and as forms hold them. One formatter per column, made before the first row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from flask import current_app, get_template_attribute
from markupsafe import Markup, escape

from backoffice.core import access
from backoffice.core.access import Person, Verb
from backoffice.core.clock import in_words, in_zone, organisation_zone
from backoffice.core.grid.catalog import currency_beside
from backoffice.core.grid.declaration import grid_of
from backoffice.core.grid.pickers import Candidate
from backoffice.core.selection import Field, Kind
from backoffice.core.text import words

Row = Mapping[str, Any]  # field name -> value, as a Selection pages it
Formatter = Callable[[Row], str]  # plain text is escaped by the template; Markup is ours

NUMERIC = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY})
LONGEST_IN_LIST = 80


def formatters(person: Person, columns: Mapping[str, Field], *, brief: bool = True) -> dict[str, Formatter]:
    """Returns the function from a row to what is shown, for each column; `brief` shortens long texts."""
    return {path: _formatter(person, path, field, brief) for path, field in columns.items()}


def said(show: Callable[[Any], str], path: str) -> Formatter:
    """Returns the function from a row to what `show` makes of its value at `path`."""
    return lambda row: "" if row[path] is None else show(row[path])


def _formatter(person: Person, path: str, field: Field, brief: bool) -> Formatter:
    if field.kind is Kind.MONEY:
        currency = currency_beside(path, field)
        return lambda row: money(row[path], row.get(currency))
    plain = _RELATIONS if field.kind is Kind.RELATION else None
    show = plain(person, field) if plain else _plain(field.kind, brief)
    return said(show, path)


def _plain(kind: Kind, brief: bool) -> Callable[[Any], str]:
    if kind is Kind.CHOICE:
        return _badges()
    if kind is Kind.LONG_TEXT and brief:
        return shortened
    if kind is Kind.DATETIME:
        return partial(in_zone, organisation_zone())
    return _SHOWN.get(kind, str)


def _badges() -> Callable[[str], str]:
    """Returns badges, each drawn once a page."""
    badge = get_template_attribute("parts/badge.html", "badge")
    drawn: dict[str, str] = {}

    def show(value: str) -> str:
        if value not in drawn:
            drawn[value] = badge(value, words(value))
        return drawn[value]

    return show


def _linked(person: Person, field: Field) -> Callable[[Any], str]:
    """Returns the label of a related row, as a link to its page if the person may open it."""
    target = field.target
    grid = grid_of(target) if target is not None else None
    if grid is None or target is None or not access.may(person, Verb.VIEW, target):
        return lambda ref: str(ref.label)
    begin = f'<a href="{grid.address("details_view")}?id='
    return lambda ref: Markup(f'{begin}{ref.id}">{escape(ref.label)}</a>')  # noqa: S704  the label is escaped


_RELATIONS = _linked


def money(amount: Decimal | None, currency: str | None) -> str:
    """Returns an amount with its currency: "1,234.50 EUR"; nothing for none."""
    return "" if amount is None else f"{amount:,f} {currency or current_app.config['CURRENCY']}"


def instant(value: datetime) -> str:
    """Returns an instant in the organisation's time zone."""
    return in_words(value)


def shortened(text: str) -> str:
    """Returns the beginning of a long text."""
    return text if len(text) <= LONGEST_IN_LIST else text[: LONGEST_IN_LIST - 1].rstrip() + "…"


def decimal(value: Any) -> str:
    """Returns a decimal number without an exponent and without empty places: "12.5"."""
    exact = f"{Decimal(str(value)):f}"
    return exact.rstrip("0").rstrip(".") if "." in exact else exact


def grouped(value: Decimal) -> str:
    """Returns a figure with its thousands apart and without empty places: "1,234.5"."""
    exact = f"{value:,f}"
    return exact.rstrip("0").rstrip(".") if "." in exact else exact


_SHOWN: dict[Kind, Callable[[Any], str]] = {
    Kind.BOOLEAN: lambda value: "Yes" if value else "No",
    Kind.DATETIME: instant,
    Kind.DATE: lambda value: str(value.isoformat()),
    Kind.DECIMAL: decimal,
    Kind.INTEGER: str,
}


def typed(path: str, field: Field, row: Row) -> str:
    """Returns the value as a form holds it: what a person would type to get it."""
    return "" if row.get(path) is None else typist(path, field)(row)


def typist(path: str, field: Field) -> Formatter:
    """Returns the function from a row to what a person would type to get its value."""
    return said(_TYPED.get(field.kind, str), path)


def reads_as_typed(field: Field) -> bool:
    """Says whether a list shows exactly what a person would type."""
    return field.kind in _AS_TYPED


_TYPED: dict[Kind, Callable[[Any], str]] = {
    Kind.BOOLEAN: lambda value: "true" if value else "false",
    Kind.DATETIME: lambda value: f"{value.astimezone(organisation_zone()):%Y-%m-%dT%H:%M}",
    Kind.DATE: lambda value: str(value.isoformat()),
    Kind.DECIMAL: decimal,
    Kind.MONEY: lambda value: f"{value:f}",
    Kind.RELATION: lambda ref: Candidate(ref.id, ref.key, ref.label).text,
}


_AS_TYPED = frozenset({Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.DATE})


def in_text(field: Field, value: Any) -> str:
    """Returns a single value without its row, for histories and samples: plain text, "–" for none."""
    if value is None or value == "":
        return "–"
    if field.kind is Kind.MONEY:
        return f"{value:,f}"
    if field.kind is Kind.CHOICE:
        return words(str(value))
    return str(_SHOWN.get(field.kind, str)(value))


def joined(parts: list[str]) -> Markup:
    """Returns shown values side by side."""
    return Markup(", ").join(map(escape, parts))


def html(shown: str) -> str:
    """Returns what a formatter gave as HTML."""
    return shown if isinstance(shown, Markup) else escape(shown)


def bare(path: str, field: Field, show: Formatter) -> Formatter:
    """Returns a formatter that makes no link of its own, for a value that stands inside another link."""
    if field.kind is not Kind.RELATION:
        return show
    return lambda row: "" if row[path] is None else str(row[path].label)
