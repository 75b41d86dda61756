"""Which expression suits which field, and the sentence at the field where it does not."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Column, Numeric

from backoffice.core import reader
from backoffice.core.access import Person
from backoffice.core.operations import rights
from backoffice.core.operations.expressions import (
    PLACES,
    Add,
    Append,
    Copy,
    Each,
    Expression,
    Percent,
    Prepend,
    Replace,
    Shift,
)
from backoffice.core.operations.tables import table_of
from backoffice.core.selection import Field, Kind
from backoffice.core.selection.values import LARGEST_AMOUNT
from backoffice.core.wording import gettext

TEXTS = (Kind.TEXT, Kind.LONG_TEXT)
NUMBERS = (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY)
DATES = (Kind.DATE, Kind.DATETIME)

LONGEST_SHIFT = 36_525  # days: a century
LONGEST_TEXT = 10_000
LARGEST_PERCENT = 10_000
_KINDS: dict[type[Any], tuple[Kind, ...]] = {
    **dict.fromkeys((Add, Percent), NUMBERS),
    Shift: DATES,
    **dict.fromkeys((Append, Prepend, Replace), TEXTS),
    **dict.fromkeys((Copy, Each), tuple(kind for kind in Kind if kind is not Kind.COLLECTION)),
}


class Unsuitable(ValueError):
    """The expression cannot be used for the field; the message is a sentence."""


def suits(kind: type[Any], field: Field) -> bool:
    """Says whether expressions of this kind can be used for a field."""
    return field.kind in _KINDS[kind]


def sources(field: Field, person: Person) -> list[Field]:
    """Returns the fields of the row whose value this one may take over, as far as the person may see them."""
    return [other for other in rights.visible(person, field.model) if other.name != field.name and _alike(other, field)]


def checked(expression: Expression, field: Field, person: Person) -> Expression:
    """Returns the expression with its numbers read. Raises Unsuitable where it cannot be used for the field."""
    if not suits(type(expression), field):
        raise Unsuitable(gettext("%(label)s cannot be changed in this way.", label=field.label))
    match expression:
        case Add(amount):
            return Add(_amount(field, amount))
        case Percent(percent):
            return Percent(_percent(field, percent))
        case Shift(days):
            return Shift(_days(field, days))
        case Append(text) | Prepend(text):
            return type(expression)(_text(field, text))
        case Replace(find, by):
            return Replace(_text(field, find), _text(field, by, empty=True))
        case Copy(source):
            if source not in {other.name for other in sources(field, person)}:
                raise Unsuitable(gettext("%(label)s: choose a field of the same kind to copy.", label=field.label))
    return expression


def scale_of(field: Field) -> int:
    """Returns how many decimal places a DECIMAL field stores; 0 for whole numbers and minor units."""
    type_ = column_of(field).type
    return (type_.scale or 0) if isinstance(type_, Numeric) else 0


def column_of(field: Field) -> Column[Any]:
    """Returns the column that a field is written to."""
    return table_of(field.model).columns[field.column or field.name]


def _alike(source: Field, target: Field) -> bool:
    if source.column is None:
        return False
    if target.kind in TEXTS:
        return source.kind in TEXTS
    if source.kind is not target.kind:
        return False
    match target.kind:
        case Kind.RELATION:
            return source.target is target.target
        case Kind.MONEY:
            return source.currency == target.currency
        case Kind.CHOICE:
            return not set(source.choices).isdisjoint(target.choices)
        case Kind.DECIMAL:
            return scale_of(source) <= scale_of(target)
    return True


def _amount(field: Field, value: Any) -> Decimal:
    number = _number(field, value)
    places = {Kind.MONEY: 4, Kind.DECIMAL: scale_of(field)}.get(field.kind, 0)
    if abs(number) >= LARGEST_AMOUNT:
        raise Unsuitable(gettext("%(label)s: that is too large a number.", label=field.label))
    if _places(number) > places:
        raise Unsuitable(_fewer_places(field, places))
    return number


def _fewer_places(field: Field, places: int) -> str:
    if not places:
        return gettext("%(label)s: type a whole number.", label=field.label)
    return gettext("%(label)s: type a number with at most %(places)s decimal places.", label=field.label, places=places)


def _percent(field: Field, value: Any) -> Decimal:
    number = _number(field, value)
    if not 0 <= number <= LARGEST_PERCENT or _places(number) > PLACES:
        raise Unsuitable(
            gettext(
                "%(label)s: type a percentage from 0 to %(most)s, such as 110 for a tenth more.",
                label=field.label,
                most=reader.number(LARGEST_PERCENT),
            )
        )
    return number


def _days(field: Field, value: Any) -> int:
    number = _read(value)
    if number is None or _places(number) or abs(number) > LONGEST_SHIFT:
        raise Unsuitable(
            gettext(
                "%(label)s: type a whole number of days, at most %(most)s.",
                label=field.label,
                most=reader.number(LONGEST_SHIFT),
            )
        )
    return int(number)


def _number(field: Field, value: Any) -> Decimal:
    number = _read(value)
    if number is None:
        raise Unsuitable(gettext("%(label)s: type a number.", label=field.label))
    return number


def _read(value: Any) -> Decimal | None:
    """Returns a number, None for what is none."""
    if isinstance(value, float | bool):
        return None
    try:
        number = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        return None
    return number if number.is_finite() else None


def _places(number: Decimal) -> int:
    """Returns how many decimal places are needed to write a number, however long it is."""
    _, digits, exponent = number.as_tuple()
    written = "".join(map(str, digits))
    return max(0, -int(exponent) - (len(written) - len(written.rstrip("0")))) if number else 0


def _text(field: Field, value: Any, *, empty: bool = False) -> str:
    if not isinstance(value, str) or (not value and not empty):
        raise Unsuitable(gettext("%(label)s: type a text.", label=field.label))
    if any(0xD800 <= ord(letter) <= 0xDFFF or letter == "\0" for letter in value):
        raise Unsuitable(gettext("%(label)s holds characters that cannot be stored.", label=field.label))
    if len(value) > LONGEST_TEXT:
        raise Unsuitable(
            gettext(
                "%(label)s: the text is too long, at most %(most)s characters.",
                label=field.label,
                most=reader.number(LONGEST_TEXT),
            )
        )
    return value
