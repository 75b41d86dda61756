"""Expressions as SQL: one expression per column, exact and the same on both databases.

Numbers are computed as integers of their smallest unit (a cent, a hundredth), so that SQLite's floating point never
decides where to round. Where a value cannot be, the expression is NULL and a rule says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Numeric,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    not_,
    type_coerce,
)

from backoffice.core import reader
from backoffice.core.model import Record
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
from backoffice.core.operations.row_values import looked_up
from backoffice.core.operations.rules import Row, Rule
from backoffice.core.operations.suitable import DATES, TEXTS, column_of, scale_of
from backoffice.core.operations.values import LONGEST, by_currency
from backoffice.core.selection import Field, Kind, fields_of
from backoffice.core.selection.values import LARGEST_AMOUNT
from backoffice.core.wording import gettext

LARGEST = 2**63 - 1
SQL = ColumnElement[Any]


class Reason(StrEnum):
    """Why a row cannot have its computed value; with the field's name behind it, the name of the rule."""

    OUT_OF_RANGE = "out_of_range"
    TOO_LONG = "too_long"
    NOT_OFFERED = "not_offered"
    NEEDED = "needed"
    OTHER_CURRENCY = "other_currency"
    REFUSED = "refused"  # and the number of the sentence


@dataclass(frozen=True)
class Computed:
    """A new value as SQL, and the rules that refuse the rows that cannot have it."""

    value: SQL
    rules: tuple[Rule, ...]


def computed(dialect: str, field: Field, expression: Expression) -> Computed:
    """Returns what becomes of a field by a checked expression."""
    column = column_of(field)
    fits: SQL | None = None
    match expression:
        case Add() | Percent():
            value, fits = _number(field, expression)
        case Shift(days):
            value, fits = _shifted(dialect, field, days)
        case Append() | Prepend() | Replace():
            value = _text(column, expression)
        case Copy(source):
            value, fits = _copied(field, column_of(fields_of(field.model)[source]))
        case Each(values, refused, currencies):
            value = looked_up(dialect, column, values)
            return Computed(value, (*_refusing(dialect, field, refused, currencies), *_rules(field, value, None)))
    value = type_coerce(value, column.type)
    return Computed(value, tuple(_rules(field, value, fits)))


def sentence(field: Field, reason: str) -> str:
    """Returns why a row cannot have its computed value."""
    match reason:
        case Reason.TOO_LONG:
            return gettext(
                "%(label)s would be too long: at most %(most)s characters.",
                label=field.label,
                most=reader.number(field.length or LONGEST),
            )
        case Reason.NOT_OFFERED:
            return gettext(
                "%(label)s would be none of %(choices)s.", label=field.label, choices=", ".join(field.choices)
            )
        case Reason.NEEDED:
            return gettext("%(label)s is needed and would be empty.", label=field.label)
        case Reason.OTHER_CURRENCY:
            return gettext("%(label)s: the currency was changed meanwhile.", label=field.label)
    if field.kind in DATES:
        return gettext("%(label)s would be outside of the calendar.", label=field.label)
    return gettext("%(label)s would be too large.", label=field.label)


def named(model: type[Record], rule: str) -> tuple[str, str] | None:
    """Returns the field and the message of the rule of this name, if it is one of a computed value."""
    reason, _, name = rule.partition(":")
    field = fields_of(model).get(name)
    return (field.name, sentence(field, reason)) if field is not None else None


def _rules(field: Field, value: SQL, fits: SQL | None) -> Sequence[Rule]:
    found: list[tuple[Reason, SQL]] = []
    if fits is not None:
        found.append((Reason.OUT_OF_RANGE, not_(fits)))
    if field.kind in TEXTS:
        found.append((Reason.TOO_LONG, func.length(type_coerce(value, Text())) > (field.length or LONGEST)))
    if field.kind is Kind.CHOICE:
        found.append((Reason.NOT_OFFERED, value.not_in(field.choices)))
    if not field.nullable:
        found.append((Reason.NEEDED, value.is_(None)))
    return [_rule(field, reason, condition) for reason, condition in found]


def _refusing(
    dialect: str, field: Field, refused: Sequence[tuple[str, Sequence[int]]], currencies: Mapping[str, Any]
) -> Sequence[Rule]:
    """Returns the rules that refuse rows one by one: for these reasons, or as their amounts would now mean something else."""
    table = column_of(field).table
    found = [_rule(field, f"{Reason.REFUSED}{number}", table.c.id.in_(ids)) for number, (_, ids) in enumerate(refused)]
    if currencies:
        code = table.c[field.currency or "currency"]
        found.append(_rule(field, Reason.OTHER_CURRENCY, code.is_distinct_from(looked_up(dialect, code, currencies))))
    return found


def refused_because(wanted: Mapping[str, Any], rule: str) -> str:
    """Returns why `rule` refuses rows one by one, of what a plan keeps; "" where that is another rule."""
    reason, _, name = rule.partition(":")
    kept = wanted.get(name)
    if not reason.startswith(Reason.REFUSED) or not isinstance(kept, Mapping) or kept.get("how") != "each":
        return ""
    return str(kept["refused"][int(reason.removeprefix(Reason.REFUSED))][0])


def _rule(field: Field, reason: str, condition: SQL) -> Rule:
    def refuses(before: Row | None, after: Row | None) -> SQL:
        return condition

    return Rule(f"{reason}:{field.name}", sentence(field, reason), (column_of(field).name,), refuses, ("update",))


def _number(field: Field, expression: Add | Percent) -> tuple[SQL, SQL]:
    units = _units(field)
    if isinstance(expression, Add):
        safe, changed = _sum(units, _added(field, expression.amount), more=expression.amount >= 0)
    else:
        safe, changed = _share(units, int(expression.percent.scaleb(PLACES)), 10 ** (PLACES + 2))
    fits = and_(safe, func.abs(case((safe, changed)), type_=BigInteger()) <= _most(field))
    return case((fits, _from_units(field, changed))), fits


def _units(field: Field) -> SQL:
    """Returns a number as an integer: of minor units, or of the last decimal place that is stored."""
    column, scale = column_of(field), scale_of(field)
    return cast(func.round(column.op("*")(_constant(10**scale))) if scale else column, BigInteger())


def _from_units(field: Field, units: SQL) -> SQL:
    scale = scale_of(field)
    return cast(units, Numeric()).op("/")(_constant(10**scale, ".0")) if scale else cast(units, column_of(field).type)


def _added(field: Field, amount: Decimal) -> SQL:
    if field.kind is Kind.MONEY:
        return cast(by_currency(field, amount), BigInteger())
    return literal(int(amount.scaleb(scale_of(field))), BigInteger())


def _sum(units: SQL, added: SQL, *, more: bool) -> tuple[SQL, SQL]:
    """Returns when the sum can be computed in 64 bits, and the sum."""
    return (units <= _big(LARGEST) - added) if more else (units >= _big(-LARGEST) - added), units + added


def _share(units: SQL, times: int, of: int) -> tuple[SQL, SQL]:
    """Returns when `units * times / of` can be computed in 64 bits, and that, rounded half up (away from zero)."""
    whole = func.abs(units, type_=BigInteger())
    rest = _big(2 * times) * (whole % _big(of)) + _big(of)
    size = (whole // _big(of)) * _big(times) + rest // _big(2 * of)
    limit = min(LARGEST, (LARGEST // max(times, 1) - 1) * of)
    return units.between(_big(-limit), _big(limit)), case((units < 0, -size), else_=size)


def _most(field: Field) -> SQL:
    """Returns the largest number of units that a field can hold."""
    type_ = column_of(field).type
    if field.kind is Kind.MONEY:
        return cast(by_currency(field, LARGEST_AMOUNT), BigInteger()) - 1
    if isinstance(type_, Numeric):
        return _big(10 ** (type_.precision or 15) - 1)
    return _big(LARGEST if isinstance(type_, BigInteger) else 2**31 - 1)


def _shifted(dialect: str, field: Field, days: int) -> tuple[SQL, SQL]:
    column = column_of(field)
    length = timedelta(days=days)
    fits = column <= _instant(field, date.max - length) if days >= 0 else column >= _instant(field, date.min - length)
    if dialect == "postgresql":
        by = literal(days, Integer())
        moved: SQL = column.op("+")(by if field.kind is Kind.DATE else func.make_interval(0, 0, 0, by))
    else:
        moved = func.strftime("%Y-%m-%d", column, f"{days:+d} days", type_=Text())
        moved = moved if field.kind is Kind.DATE else moved + func.substr(column, 11, type_=Text())
    return case((fits, type_coerce(moved, column.type))), fits


def _instant(field: Field, day: date) -> Any:
    return day if field.kind is Kind.DATE else datetime.combine(day, time(), UTC)


def _text(column: SQL, expression: Append | Prepend | Replace) -> SQL:
    """Returns the text as a form would give it: without blanks around it, and empty where nothing is left."""
    own = type_coerce(column, Text())
    match expression:
        case Append(text):
            raw = func.coalesce(own, "") + literal(text, Text())
        case Prepend(text):
            raw = literal(text, Text()) + func.coalesce(own, "")
        case Replace(find, by):
            raw = func.replace(own, literal(find, Text()), literal(by, Text()), type_=Text())
    return case((raw.is_distinct_from(own), func.nullif(func.trim(raw), "", type_=Text())), else_=own)


def _copied(field: Field, source: SQL) -> tuple[SQL, SQL | None]:
    if field.kind not in (Kind.INTEGER, Kind.DECIMAL):
        return source, None
    fits = func.abs(cast(source, Numeric()), type_=Numeric()) <= cast(_most(field), Numeric()).op("/")(
        _constant(10 ** scale_of(field), ".0")
    )
    return case((fits, source)), fits


def _big(number: int) -> SQL:
    return literal(number, BigInteger())


def _constant(number: int, point: str = "") -> SQL:
    return literal_column(f"{number}{point}", Numeric())
