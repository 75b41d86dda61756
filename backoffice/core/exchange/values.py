"""Cells as they come from a file, turned into the values of the catalog. One reader per column, made before the first row."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Numeric

from backoffice.core import reader
from backoffice.core.exchange.guard import unguard
from backoffice.core.selection import Field, Kind
from backoffice.core.wording import gettext

Reader = Callable[[Any], Any]  # a cell -> the value; raises ValueError with words that follow the cell: "is no date"

_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_WHOLE = re.compile(r"[+-]?\d{1,20}", re.ASCII)
_LISTED = 12  # choices that a message names


def reader_of(field: Field, *, guarded: bool) -> Reader:
    """Returns the function from a cell to a value of `field`: None for an empty cell, a key for a relation, a Decimal for money.

    `guarded` takes the spreadsheet guard off text cells. The function raises ValueError for what `field` cannot hold.
    """
    convert = _KINDS[field.kind](field)
    takes_guard = guarded and field.kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.RELATION)

    def read(cell: Any) -> Any:
        if cell is None or cell == "":
            return None
        return convert(unguard(cell) if takes_guard else cell)

    return read


def _text(longest: int | None, cell: Any) -> str:
    words = _written(cell)
    if longest is not None and len(words) > longest:
        raise ValueError(gettext("is longer than %(most)s characters", most=reader.number(longest)))
    if "\0" in words or any("\ud800" <= letter <= "\udfff" for letter in words if letter > "\ud7ff"):
        raise ValueError(gettext("holds a character that is no text"))
    return words


def _written(cell: Any) -> str:
    """Returns a cell as it would be typed: a spreadsheet's 42.0 is 42, its dates are ISO 8601."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        midnight = not (cell.hour or cell.minute or cell.second or cell.microsecond)
        return cell.date().isoformat() if midnight else cell.isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _integer(smallest: int, largest: int, cell: Any) -> int:
    words = _written(cell).strip()
    if not _WHOLE.fullmatch(words):
        raise ValueError(gettext("is not a whole number"))
    if not smallest <= int(words) <= largest:
        raise ValueError(gettext("is too large a number"))
    return int(words)


def _decimal(digits: int | None, scale: int | None, cell: Any) -> Decimal:
    try:
        value = Decimal(_written(cell).strip())
    except InvalidOperation:
        raise ValueError(gettext("is not a number, such as 12.50")) from None
    if not value.is_finite():
        raise ValueError(gettext("is not a number, such as 12.50"))
    if scale is not None and digits is not None:
        if abs(value) >= Decimal(10) ** (digits - scale):
            raise ValueError(gettext("is too large a number"))
        if value != round(value, scale):
            raise ValueError(gettext("has more than %(number)s decimal places", number=scale))
        value = round(value, scale)
    return value


def _date(cell: Any) -> date:
    words = _written(cell).strip()
    try:
        if not _DATE.fullmatch(words):
            raise ValueError
        return date.fromisoformat(words)
    except ValueError:
        raise ValueError(gettext("is not a date; write it as 2026-03-31")) from None


def _instant(cell: Any) -> datetime:
    try:
        found = cell if isinstance(cell, datetime) else datetime.fromisoformat(_written(cell).strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(gettext("is not a time; write it as 2026-03-31T09:30:00Z")) from None


def _truth(cell: Any) -> bool:
    try:
        return _TRUTHS[_written(cell).strip().lower()]
    except KeyError:
        raise ValueError(gettext("is neither true nor false")) from None


def _choice(choices: tuple[str, ...], cell: Any) -> str:
    wanted = _written(cell).strip().casefold().replace(" ", "_")
    for choice in choices:
        if choice.casefold() == wanted:
            return choice
    listed = ", ".join(choices[:_LISTED]) + (", …" if len(choices) > _LISTED else "")
    raise ValueError(gettext("is none of %(choices)s", choices=listed))


def _key(cell: Any) -> str:
    return _text(None, cell)


def _refused(cell: Any) -> Any:
    raise ValueError(gettext("cannot be imported"))


def _integer_of(field: Field) -> Reader:
    bits = 63 if isinstance(_type(field), BigInteger) else 31
    return partial(_integer, -(2**bits), 2**bits - 1)


def _decimal_of(field: Field) -> Reader:
    type_ = _type(field)
    return (
        partial(_decimal, type_.precision, type_.scale) if isinstance(type_, Numeric) else partial(_decimal, None, None)
    )


def _type(field: Field) -> Any:
    return getattr(field.model, field.attribute).type


_KINDS: dict[Kind, Callable[[Field], Reader]] = {
    Kind.TEXT: lambda field: partial(_text, field.length),
    Kind.LONG_TEXT: lambda field: partial(_text, field.length),
    Kind.INTEGER: _integer_of,
    Kind.DECIMAL: _decimal_of,
    Kind.MONEY: lambda field: partial(_decimal, 18, 4),
    Kind.DATE: lambda field: _date,
    Kind.DATETIME: lambda field: _instant,
    Kind.BOOLEAN: lambda field: _truth,
    Kind.CHOICE: lambda field: partial(_choice, field.choices),
    Kind.RELATION: lambda field: _key,
    Kind.COLLECTION: lambda field: _refused,
}
