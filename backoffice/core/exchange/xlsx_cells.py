"""Values as XLSX cells: real numbers, truths and dates; every text a text, never a formula."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from backoffice.core.exchange import xlsx_parts as parts
from backoffice.core.exchange.cells import instant
from backoffice.core.selection import Field, Kind

LONGEST = 32_767  # characters in a cell; Excel calls a file with more damaged
EXACT = 10**15  # a spreadsheet keeps 15 digits; a longer number stays exact as text
_EPOCH = date(1899, 12, 30).toordinal()
_FIRST_DATE = date(1900, 3, 1)  # Excel counts a 29 February 1900; an earlier date is written as text
_MICROSECONDS_A_DAY = 86_400 * 10**6

# What XML 1.0 cannot hold, and texts that look like the escape for it (ECMA-376 22.9.2.19).
_UNTELLABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ENTITIES = {"\r": "&#13;"}  # bare, an XML parser would read it as a line feed

Cell = Callable[[Any], str]  # a value -> what stands behind `<c r="A1"`, "" for an empty cell


def text(value: Any) -> str:
    """Returns a text cell; longer than Excel takes, it ends in an ellipsis."""
    if value is None or value == "":
        return ""
    words = str(value).replace("\0", "")
    if len(words) > LONGEST:
        words = words[: LONGEST - 1] + "…"
    words = escape(_UNTELLABLE.sub(_escaped, words), _ENTITIES)
    return f' t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'


def _escaped(found: re.Match[str]) -> str:
    letter = found.group()
    return "?" if "\ud800" <= letter <= "\udfff" else f"_x{ord(letter):04X}_"


def number(value: int | Decimal | float | None, style: int = parts.GENERAL) -> str:
    """Returns a number cell, or a text where a spreadsheet would round it."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f' s="{style}"><v>{value!r}</v></c>'
    digits = value if isinstance(value, int) else int("".join(map(str, value.as_tuple().digits)))
    return (
        text(f"{value:f}" if isinstance(value, Decimal) else value)
        if abs(digits) >= EXACT
        else f' s="{style}"><v>{value}</v></c>'
    )


def day(value: date | None) -> str:
    """Returns a date cell."""
    if value is None:
        return ""
    if value < _FIRST_DATE:
        return text(value.isoformat())
    return f' s="{parts.DATE}"><v>{value.toordinal() - _EPOCH}</v></c>'


def moment(value: datetime | None) -> str:
    """Returns a date-and-time cell, in UTC."""
    if value is None:
        return ""
    utc = value.astimezone(UTC).replace(tzinfo=None)
    if utc.date() < _FIRST_DATE:
        return text(instant(value))
    since = utc - datetime(1899, 12, 30)  # noqa: DTZ001 - the serial number of a spreadsheet knows no zone
    return f' s="{parts.INSTANT}"><v>{since.days + (since.seconds * 10**6 + since.microseconds) / _MICROSECONDS_A_DAY!r}</v></c>'


def truth(value: bool | None) -> str:
    """Returns a TRUE or FALSE cell."""
    return "" if value is None else f' t="b"><v>{int(value)}</v></c>'


def money(value: Decimal | None) -> str:
    """Returns an amount cell that shows the places of its currency."""
    if value is None:
        return ""
    return number(value, parts.PLACES.get(-int(value.as_tuple().exponent), parts.GENERAL))


_CELLS: dict[Kind, Cell] = {
    Kind.INTEGER: number,
    Kind.DECIMAL: number,
    Kind.MONEY: money,
    Kind.DATE: day,
    Kind.DATETIME: moment,
    Kind.BOOLEAN: truth,
    Kind.RELATION: lambda ref: "" if ref is None else text(ref.key),
}


def cell_of(field: Field) -> Cell:
    """Returns the function from a value of `field` to its cell."""
    return _CELLS.get(field.kind, text)
