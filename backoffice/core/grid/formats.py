"""Values as people read them, and as forms hold them. One formatter per column, made before the first row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask import current_app, get_template_attribute
from markupsafe import Markup, escape

from backoffice.core import access, reader, wording
from backoffice.core.access import Person, Verb
from backoffice.core.grid.catalog import currency_beside
from backoffice.core.grid.declaration import grid_of
from backoffice.core.grid.pickers import Candidate
from backoffice.core.notation import ORGANISATIONS
from backoffice.core.selection import Field, Kind

Row = Mapping[str, Any]  # field name -> value, as a Selection pages it
Formatter = Callable[[Row], str]  # plain text is escaped by the template; Markup is ours

NUMERIC = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY})
LONGEST_IN_LIST = 80
MOST_BADGES = 1_000  # that are kept: a few of each choice, in each language


def formatters(person: Person, columns: Mapping[str, Field], *, brief: bool = True) -> dict[str, Formatter]:
    """Returns the function from a row to what is shown, for each column; `brief` shortens long texts."""
    return {path: _formatter(person, path, field, brief) for path, field in columns.items()}


def said(show: Callable[[Any], str], path: str) -> Formatter:
    """Returns the function from a row to what `show` makes of its value at `path`."""
    return lambda row: "" if row[path] is None else show(row[path])


def _formatter(person: Person, path: str, field: Field, brief: bool) -> Formatter:
    if field.kind is Kind.MONEY:
        currency, figures = currency_beside(path, field), reader.present().notation.figures
        return lambda row: _money(figures, row[path], row.get(currency))
    plain = _RELATIONS if field.kind is Kind.RELATION else None
    show = plain(person, field) if plain else _plain(field.kind, brief)
    return said(show, path)


def _plain(kind: Kind, brief: bool) -> Callable[[Any], str]:
    if kind is Kind.CHOICE:
        return _badges()
    if kind is Kind.LONG_TEXT and brief:
        return shortened
    if kind is Kind.BOOLEAN:
        yes, no = yes_or_no(True), yes_or_no(False)
        return lambda value: yes if value else no
    if kind is Kind.DATETIME:
        return reader.present().moment
    if kind is Kind.DATE:
        return reader.present().notation.day
    if kind is Kind.DECIMAL:
        figures = reader.present().notation.figures
        return lambda value: figures(decimal(value))
    return _SHOWN.get(kind, str)


def _badges() -> Callable[[str], str]:
    """Returns badges, each looked up once a page."""
    found: dict[str, str] = {}

    def show(value: str) -> str:
        if value not in found:
            found[value] = _badge(value, wording.said(value))
        return found[value]

    return show


@lru_cache(MOST_BADGES)
def _badge(value: str, words: str) -> str:
    drawn: str = get_template_attribute("parts/badge.html", "badge")(value, words)
    return drawn


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
    return _money(reader.figures, amount, currency)


def _money(figures: Callable[[str], str], amount: Decimal | None, currency: str | None) -> str:
    return "" if amount is None else f"{figures(f'{amount:,f}')} {currency or current_app.config['CURRENCY']}"


def shortened(text: str) -> str:
    """Returns the beginning of a long text."""
    return text if len(text) <= LONGEST_IN_LIST else text[: LONGEST_IN_LIST - 1].rstrip() + "…"


def yes_or_no(value: object) -> str:
    """Returns what a mark says."""
    return wording.gettext("Yes") if value else wording.gettext("No")


def decimal(value: Any) -> str:
    """Returns a decimal number without an exponent and without empty places: "12.5"."""
    exact = f"{Decimal(str(value)):f}"
    return exact.rstrip("0").rstrip(".") if "." in exact else exact


def grouped(value: Decimal) -> str:
    """Returns a figure with its thousands apart and without empty places: "1,234.5"."""
    exact = f"{value:,f}"
    return reader.figures(exact.rstrip("0").rstrip(".") if "." in exact else exact)


_SHOWN: dict[Kind, Callable[[Any], str]] = {
    Kind.BOOLEAN: yes_or_no,
    Kind.DATETIME: reader.moment,
    Kind.DATE: reader.day,
    Kind.DECIMAL: lambda value: reader.figures(decimal(value)),
    Kind.INTEGER: str,
}


def typed(path: str, field: Field, row: Row) -> str:
    """Returns the value as a form holds it: what a person would type to get it."""
    return "" if row.get(path) is None else typist(path, field)(row)


def typist(path: str, field: Field) -> Formatter:
    """Returns the function from a row to what a person would type to get its value."""
    if field.kind is Kind.DATETIME:
        return said(reader.present().box, path)
    own = reader.present().notation
    if field.kind in (Kind.DECIMAL, Kind.MONEY) and own is not ORGANISATIONS:
        return said(lambda value: own.box(_TYPED[field.kind](value)), path)
    return said(_TYPED.get(field.kind, str), path)


_TYPED: dict[Kind, Callable[[Any], str]] = {
    Kind.BOOLEAN: lambda value: "true" if value else "false",
    Kind.DATE: lambda value: str(value.isoformat()),
    Kind.DECIMAL: decimal,
    Kind.MONEY: lambda value: f"{value:f}",
    Kind.RELATION: lambda ref: Candidate(ref.id, ref.key, ref.label).text,
}


def in_text(field: Field, value: Any) -> str:
    """Returns a single value without its row, for histories and samples: plain text, "–" for none."""
    if value is None or value == "":
        return "–"
    if field.kind is Kind.MONEY:
        return reader.figures(f"{value:,f}")
    if field.kind is Kind.CHOICE:
        return wording.said(str(value))
    return str(_SHOWN.get(field.kind, str)(value))


def joined(parts: list[str]) -> Markup:
    """Returns shown values side by side."""
    return Markup(", ").join(map(escape, parts))


def html(shown: Sequence[str]) -> list[str]:
    """Returns what a formatter gave for several rows as HTML; all at once, which takes a fifth of the time."""
    plain = [text for text in shown if not isinstance(text, Markup)]
    escaped = str(escape("\0".join(plain))).split("\0") if plain else []
    if len(escaped) > len(plain):  # some of them hold what was to keep them apart
        escaped = [str(escape(text)) for text in plain]
    following = iter(escaped)
    return [str(text) if isinstance(text, Markup) else next(following) for text in shown]


def bare(path: str, field: Field, show: Formatter) -> Formatter:
    """Returns a formatter that makes no link of its own, for a value that stands inside another link."""
    if field.kind is not Kind.RELATION:
        return show
    return lambda row: "" if row[path] is None else str(row[path].label)
