"""Values as people give them, turned into what columns hold. Errors are sentences at their fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Numeric, case, select

from backoffice.core import access, reader
from backoffice.core.access import Person, System
from backoffice.core.model import Record
from backoffice.core.money import to_decimal, to_minor, unusual_currencies
from backoffice.core.operations.errors import Invalid
from backoffice.core.operations.tables import singular, table_of
from backoffice.core.selection import Field, Kind, QueryError, Ref, fields_of
from backoffice.core.selection.values import Span, in_zone, typed
from backoffice.core.text import whole_number
from backoffice.core.wording import gettext, inside, said
from backoffice.extensions import db

LONGEST = 100_000  # characters of a text without a length of its own
_INTEGERS = {True: 2**63 - 1, False: 2**31 - 1}


class _WrongError(ValueError):
    """The value cannot be; the message is a sentence."""


def writable(model: type[Record], names: Mapping[str, Any]) -> dict[str, Field]:
    """Returns the fields of `names`. Raises Invalid for one that cannot be written."""
    fields = fields_of(model)
    errors = {
        name: gettext("This cannot be changed.") for name in names if name not in fields or fields[name].column is None
    }
    if errors:
        raise Invalid(errors)
    return {name: fields[name] for name in names}


def cleaned(model: type[Record], values: Mapping[str, Any], person: Person) -> dict[str, Any]:
    """Returns the values as Python values by field name. Raises Invalid with a sentence per field that cannot be."""
    errors: dict[str, str] = {}
    found: dict[str, Any] = {}
    for name, field in writable(model, values).items():
        try:
            found[name] = _cleaned(field, values[name], person)
        except _WrongError as error:
            errors[name] = str(error)
    if errors:
        raise Invalid(errors)
    return found


def as_columns(model: type[Record], values: Mapping[str, Any], row: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Returns cleaned values by column: foreign keys, and minor units.

    The currency is the one in `values`, else that of `row`; for many rows (None) it is an SQL expression over each row's.
    """
    fields = fields_of(model)
    found: dict[str, Any] = {}
    for name, value in values.items():
        field = fields[name]
        if field.kind is Kind.MONEY and value is not None:
            value = _minor(model, field, value, values, row)
        found[field.column or name] = value
    return found


def as_value(field: Field, value: Any, currency: str | None = None) -> Any:
    """Returns a column's value as its field shows it: minor units as a Decimal."""
    if field.kind is Kind.MONEY and value is not None:
        return to_decimal(value, currency or "")
    return value


def as_json(value: Any) -> Any:
    """Returns a cleaned value as a plan keeps it; cleaning it again gives the same."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def in_words(field: Field, value: Any) -> str:
    """Returns a cleaned value as the sentence of a plan says it."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if field.kind is Kind.CHOICE:
        return inside(said(str(value)))
    if field.kind is Kind.RELATION and field.target is not None:
        row = db.session.get(field.target, value)
        return str(row) if row is not None else str(value)
    text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _cleaned(field: Field, value: Any, person: Person) -> Any:
    if isinstance(value, Ref):
        value = value.id
    if isinstance(value, str):
        value = _read(field, value)
    if value is None:
        if not field.nullable:
            raise _WrongError(gettext("%(label)s is needed.", label=field.label))
        return None
    return _CHECKS[field.kind](field, value, person)


def _read(field: Field, text: str) -> Any:
    if any(0xD800 <= ord(letter) <= 0xDFFF or letter == "\0" for letter in text):
        raise _WrongError(gettext("%(label)s holds characters that cannot be stored.", label=field.label))
    if not text.strip():
        return None
    if field.kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE):
        return text.strip() if field.kind is Kind.CHOICE else text
    if field.kind is Kind.RELATION:
        number = whole_number(text)
        if number is None:
            raise _WrongError(gettext("%(label)s: choose one of the list.", label=field.label))
        return number
    if field.kind is Kind.DATETIME and reader.present().has_own_zone:
        text = in_zone(text, reader.present().zone)  # as the form showed it
    try:
        value = typed(field, text, field.name)
    except QueryError as error:
        hint = error.hint or error.message  # beside its field, a value need not be named again
        raise _WrongError(gettext("%(label)s: %(hint)s.", label=field.label, hint=hint)) from None
    return value.start if isinstance(value, Span) else value


def _text(field: Field, value: Any, person: Person) -> str:
    longest = field.length or LONGEST
    if not isinstance(value, str):
        raise _WrongError(gettext("%(label)s must be a text.", label=field.label))
    if len(value) > longest:
        raise _WrongError(
            gettext(
                "%(label)s is too long: at most %(most)s characters, not %(number)s.",
                label=field.label,
                most=reader.number(longest),
                number=reader.number(len(value)),
            )
        )
    return value


def _choice(field: Field, value: Any, person: Person) -> str:
    if value not in field.choices:
        raise _WrongError(
            gettext("%(label)s: choose one of %(choices)s.", label=field.label, choices=", ".join(field.choices))
        )
    return str(value)


def _integer(field: Field, value: Any, person: Person) -> int:
    most = _INTEGERS[isinstance(_column(field).type, BigInteger)]
    if isinstance(value, bool) or not isinstance(value, int):
        raise _WrongError(gettext("%(label)s must be a whole number.", label=field.label))
    if abs(value) > most:
        raise _WrongError(gettext("%(label)s is too large a number.", label=field.label))
    return value


def _decimal(field: Field, value: Any, person: Person) -> Decimal:
    type_ = _column(field).type
    number = _number(field, value)
    if not isinstance(type_, Numeric) or type_.scale is None or type_.precision is None:
        return number
    if abs(number) >= Decimal(10) ** (type_.precision - type_.scale):
        raise _WrongError(gettext("%(label)s is too large a number.", label=field.label))
    return number.quantize(Decimal(1).scaleb(-type_.scale), ROUND_HALF_UP)


def _money(field: Field, value: Any, person: Person) -> Decimal:
    number = _number(field, value)
    if abs(number) >= Decimal(10) ** 14:
        raise _WrongError(gettext("%(label)s is too large an amount.", label=field.label))
    return number


def _number(field: Field, value: Any) -> Decimal:
    try:
        number = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        raise _WrongError(gettext("%(label)s must be a number.", label=field.label)) from None
    if isinstance(value, float | bool) or not number.is_finite():
        raise _WrongError(gettext("%(label)s must be a number.", label=field.label))
    return number


def _boolean(field: Field, value: Any, person: Person) -> bool:
    if not isinstance(value, bool):
        raise _WrongError(gettext("%(label)s must be yes or no.", label=field.label))
    return value


def _date(field: Field, value: Any, person: Person) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _WrongError(gettext("%(label)s must be a date.", label=field.label))
    return value


def _instant(field: Field, value: Any, person: Person) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise _WrongError(gettext("%(label)s must be a date with a time.", label=field.label))
    return value


def _relation(field: Field, value: Any, person: Person) -> int:
    target = field.target
    wanted = value.id if isinstance(value, Record) else value
    if target is None or isinstance(wanted, bool) or not isinstance(wanted, int) or abs(wanted) >= 2**63:
        raise _WrongError(gettext("%(label)s: choose one of the list.", label=field.label))
    statement = select(target.id).where(target.id == wanted)
    if not isinstance(person, System):
        scope = access.pick_scope(person, target)
        if not access.may_name(person, target):
            raise _WrongError(gettext("%(label)s: choose one of the list.", label=field.label))
        statement = statement if scope is None else statement.where(scope)
    if db.session.scalar(statement) is None:
        raise _WrongError(
            gettext("%(label)s: there is no such %(noun)s.", label=field.label, noun=singular(table_of(target).name))
        )
    return wanted


def _column(field: Field) -> Column[Any]:
    return table_of(field.model).columns[field.column or field.name]


def _minor(
    model: type[Record], field: Field, value: Decimal, values: Mapping[str, Any], row: Mapping[str, Any] | None
) -> Any:
    name = field.currency or "currency"
    if values.get(name):
        return to_minor(value, str(values[name]))
    if row is not None:
        return to_minor(value, str(row.get(name)))
    return by_currency(field, value)


def by_currency(field: Field, value: Decimal) -> ColumnElement[int]:
    """Returns an amount in minor units of each row's currency."""
    column = table_of(field.model).columns[field.currency or "currency"]
    usual = to_minor(value, "EUR")
    cases = [(column.in_(codes), to_minor(value, codes[0])) for codes in unusual_currencies().values()]
    return case(*cases, else_=usual)


_CHECKS = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.CHOICE: _choice,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.MONEY: _money,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _date,
    Kind.DATETIME: _instant,
    Kind.RELATION: _relation,
}
