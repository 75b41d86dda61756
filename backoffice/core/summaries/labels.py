"""What stands in a chart beside its numbers, kept in no language: whoever shows it says it to the reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from backoffice.core import reader
from backoffice.core.text import capital
from backoffice.core.wording import gettext, ngettext

T = TypeVar("T")

COUNT = "count"
PERCENT = "percent"  # in tenths: 625 is 62.5 %
DAY, WEEK, MONTH = "day", "week", "month"  # the number of a date, only in labels; any other unit is an ISO 4217 code


class Malformed(ValueError):
    """What came out of the cache is not a figure's data."""


@dataclass(frozen=True)
class Value:
    """A number or a date, written for whoever reads it; a week and a month are known by their first day."""

    value: int
    unit: str = COUNT


@dataclass(frozen=True)
class Saying:
    """A text that catalogues have, with what stands in the places that it names; `many` is the text unless "num" is 1."""

    message: str
    values: tuple[tuple[str, Label], ...] = ()
    many: str = ""


Label = str | Value | Saying  # a plain text is data: a code, a name that people gave


def to_tell(message: str, /, **values: Label) -> Saying:
    """Returns a text to be said in the reader's language: to_tell("of %(whole)s", whole=Value(3)). Catalogues get it."""
    return Saying(message, tuple(values.items()))


def to_count(one: str, many: str, num: int, /, **values: Label) -> Saying:
    """Returns the same for so many things: "%(num)s" in it is their number."""
    return Saying(one, (("num", Value(num)), *values.items()), many)


def dated(unit: str, day: date) -> Value:
    """Returns the label of a day, or of the week or month that begins with it."""
    return Value(day.toordinal(), unit)


def told(label: Label) -> str:
    """Returns a label as the reader reads it."""
    if isinstance(label, str):
        return label
    if isinstance(label, Value):
        return in_words(label.value, label.unit)
    values = {name: told(part) for name, part in label.values}
    if not label.many:
        return gettext(label.message, **values)
    number = next(part.value for name, part in label.values if name == "num" and isinstance(part, Value))
    return ngettext(label.message, label.many, number, **values)


def headed(label: Label) -> str:
    """Returns the same at the beginning of a line; data stays as it is."""
    return label if isinstance(label, str) else capital(told(label))


def in_words(value: int, unit: str) -> str:
    """Returns a number as the reader writes it: "1,234", "62.5 %", "1,234.50 EUR"; a date by its number as well."""
    if unit == COUNT:
        return reader.number(value)
    if unit == PERCENT:
        return reader.figures(f"{value / 10:,.1f} %")
    if unit in _DATES:
        return _DATES[unit](date.fromordinal(value))
    return reader.minor_amount(value, unit)


_DATES = {DAY: reader.day_in_words, WEEK: reader.day_of_year, MONTH: reader.month_in_short}


def label_from(stored: object) -> Label:
    """Returns the label that JSON was made of. Raises Malformed for what is none."""
    if type(stored) is str:
        return stored
    if not isinstance(stored, dict):
        raise Malformed
    return _value(stored) if stored.keys() == {"value", "unit"} else _saying(stored)


def _value(stored: dict[str, Any]) -> Value:
    found = Value(of_kind(int, stored["value"]), of_kind(str, stored["unit"]))
    if found.unit in _DATES and not 1 <= found.value <= date.max.toordinal():
        raise Malformed
    return found


def _saying(stored: dict[str, Any]) -> Saying:
    if stored.keys() != {"message", "values", "many"}:
        raise Malformed
    values = tuple((of_kind(str, name), label_from(part)) for name, part in map(_pair, of_kind(list, stored["values"])))
    found = Saying(of_kind(str, stored["message"]), values, of_kind(str, stored["many"]))
    if found.many and not isinstance(dict(values).get("num"), Value):
        raise Malformed
    return found


def _pair(stored: object) -> list[object]:
    pair = of_kind(list, stored)
    if len(pair) != 2:
        raise Malformed
    return pair


def of_kind(kind: type[T], stored: object) -> T:
    """Returns `stored` if it is of exactly this kind. Raises Malformed."""
    if type(stored) is not kind:  # not isinstance: True would pass for an int
        raise Malformed
    return stored
