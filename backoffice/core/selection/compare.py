"""One field compared with typed values, as SQL."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Numeric,
    String,
    and_,
    case,
    false,
    literal,
    null,
    or_,
    true,
)
from sqlalchemy.types import TypeEngine

from backoffice.core import clock
from backoffice.core.civil import years_before
from backoffice.core.model import UtcDateTime
from backoffice.core.money import amount, unusual_currencies
from backoffice.core.selection.errors import QueryError
from backoffice.core.selection.fields import Field, Kind
from backoffice.core.selection.folding import contains_text, same_text
from backoffice.core.selection.tree import Empty, Filled, Literal, Op, Range, Term, Value
from backoffice.core.selection.values import Span, typed
from backoffice.core.wording import gettext

TEXTS = (Kind.TEXT, Kind.LONG_TEXT)
ORDERED = (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.DATE, Kind.DATETIME)

_PYTHON: dict[Op, Callable[[Any, Any], Any]] = {
    Op.EQUALS: operator.eq,
    Op.GREATER: operator.gt,
    Op.AT_LEAST: operator.ge,
    Op.SMALLER: operator.lt,
    Op.AT_MOST: operator.le,
}
# Wide types, whatever the column's own: a value beyond the column's range is a comparison, never a database error.
_TYPES: dict[Kind, TypeEngine[Any]] = {
    Kind.INTEGER: BigInteger(),
    Kind.MONEY: BigInteger(),
    Kind.DECIMAL: Numeric(),
    Kind.DATE: Date(),
    Kind.DATETIME: UtcDateTime(),
    Kind.CHOICE: String(),
}


def column_of(field: Field) -> ColumnElement[Any]:
    """Returns the SQL expression of a plain or computed field."""
    column: ColumnElement[Any] = getattr(field.model, field.attribute)
    return column


def compared(field: Field, term: Term, part: str) -> ColumnElement[bool]:
    """Returns the condition of `term`, its negation aside, on a field that is no relation. `part` is named in errors."""
    if term.op is Op.EQUALS:
        return _any_of(field, term.values, part)
    text = literal_text(term)
    if term.op is Op.CONTAINS:
        if field.kind not in TEXTS:
            raise QueryError(
                part, gettext("“~” looks into texts, and “%(name)s” is none; use “:” instead", name=field.name)
            )
        return contains_text(column_of(field), text)
    _require_order(field, part)
    return _ordered(field, term.op, typed(field, text, part))


def literal_text(term: Term) -> str:
    """Returns the one value of a comparison. Raises QueryError for a term that was put together wrongly."""
    match term.values:
        case (Literal(text),):
            return text
    raise QueryError(str(term), gettext("“%(op)s” takes one value", op=term.op))


def is_empty(field: Field) -> ColumnElement[bool]:
    """Returns the condition that a field has no value; an empty text is none, and so is a choice of that name."""
    column = column_of(field)
    if "none" in field.choices:
        return column == literal("none", String())
    return or_(column.is_(None), column == literal("", String())) if field.kind in TEXTS else column.is_(None)


def _require_order(field: Field, part: str) -> None:
    if field.kind not in ORDERED:
        raise QueryError(
            part,
            gettext(
                "“%(name)s” has no order; ranges and comparisons are for numbers, dates and money", name=field.name
            ),
        )


def _any_of(field: Field, values: Sequence[Value], part: str) -> ColumnElement[bool]:
    texts = [value.text for value in values if isinstance(value, Literal)] if field.kind in TEXTS else []
    found = [same_text(column_of(field), texts)] if texts else []
    found += [_equals(field, value, part) for value in values if not (texts and isinstance(value, Literal))]
    return or_(*found)


def _equals(field: Field, value: Value, part: str) -> ColumnElement[bool]:
    match value:
        case Empty():
            return is_empty(field)
        case Filled():
            return ~is_empty(field)
        case Range():
            return _between(field, value, part)
        case Literal(text):
            return _ordered(field, Op.EQUALS, typed(field, text, part))


def _between(field: Field, value: Range, part: str) -> ColumnElement[bool]:
    _require_order(field, part)
    low, high = (typed(field, end.text, part) if end else None for end in (value.low, value.high))
    if low is not None and high is not None and _first(low) > _first(high):
        raise QueryError(part, gettext("the range begins after its end; swap the two"))
    between = field.during or field.within
    if between is not None:
        found: ColumnElement[bool] = between(low, high)
        return found
    ends = ((Op.AT_LEAST, low), (Op.AT_MOST, high))
    return and_(*(_ordered(field, op, end) for op, end in ends if end is not None))


def _first(value: Any) -> Any:
    return value.start if isinstance(value, Span) else value


def _ordered(field: Field, op: Op, value: Any) -> ColumnElement[bool]:
    column = column_of(field)
    if field.years_since:
        return _aged(getattr(field.model, field.years_since), op, value)
    between = field.during or field.within
    if between is not None:
        return _by_days(between, op, value)
    if isinstance(value, bool):
        return column.is_(value)
    if isinstance(value, Span):
        return _in_time(column, op, value)
    if field.kind is Kind.MONEY:
        return _money(field, column, op, value)
    condition: ColumnElement[bool] = _PYTHON[op](column, literal(value, _TYPES[field.kind]))
    return condition


def _by_days(between: Callable[[Any, Any], Any], op: Op, day: date) -> ColumnElement[bool]:
    """Compares with a day what is asked for between two of them."""
    one = timedelta(days=1)
    first, last = {
        Op.EQUALS: (day, day),
        Op.GREATER: (min(day, date.max - one) + one, None),  # no calendar has a day after the last one
        Op.AT_LEAST: (day, None),
        Op.SMALLER: (None, max(day, date.min + one) - one),
        Op.AT_MOST: (None, day),
    }[op]
    found: ColumnElement[bool] = between(first, last)
    return found


def _in_time(column: ColumnElement[Any], op: Op, span: Span) -> ColumnElement[bool]:
    """Compares instants with a stretch: after a day means from its end on, up to a day includes all of it."""
    start, end = literal(span.start, UtcDateTime()), literal(span.end, UtcDateTime())
    return {
        Op.EQUALS: and_(column >= start, column < end),
        Op.GREATER: column >= end,
        Op.AT_LEAST: column >= start,
        Op.SMALLER: column < start,
        Op.AT_MOST: column < end,
    }[op]


def _aged(born: ColumnElement[date | None], op: Op, years: int) -> ColumnElement[bool]:
    """Compares completed years by the days on which they began, which an index has in order."""
    at_least, more = _begun(born, years), _begun(born, years + 1)
    conditions = {
        Op.EQUALS: (at_least, ~more),
        Op.AT_LEAST: (at_least,),
        Op.GREATER: (more,),
        Op.SMALLER: (~at_least,),
        Op.AT_MOST: (~more,),
    }
    return and_(born.is_not(None), *conditions[op])


def _begun(day: ColumnElement[date | None], years: int) -> ColumnElement[bool]:
    """Returns the condition that `years` years have passed since `day`, which is not NULL."""
    latest = years_before(clock.today(), years)
    if latest is None:
        return false() if years > 0 else true()
    return day <= literal(latest, Date())


def _money(field: Field, column: ColumnElement[Any], op: Op, wanted: Decimal) -> ColumnElement[bool]:
    """Compares minor units with `wanted` in each row's own currency: 100.50 is 10050 in EUR, 100500 in KWD."""
    usual = _minor(wanted, 2, op)
    unusual = [(codes, _minor(wanted, places, op)) for places, codes in unusual_currencies().items()]
    bound: ColumnElement[Any] = _bound(usual)
    currency = getattr(field.model, field.currency) if field.currency else None
    if currency is not None and any(minor != usual for _codes, minor in unusual):
        bound = case(*((currency.in_(codes), _bound(minor)) for codes, minor in unusual), else_=bound)
    condition: ColumnElement[bool] = _PYTHON[op](column, bound)
    indexed = field.attribute in getattr(field.model, "__sorted__", ())
    return and_(*_near(amount(column, currency), op, wanted), condition) if indexed else condition


def _near(shown: ColumnElement[Any], op: Op, wanted: Decimal) -> list[ColumnElement[bool]]:
    """Returns what follows from the comparison for the amount as the index has it, which is not exact to the last digit.

    Nothing but 0 is 0 there, as most balances are: these need not be looked at to find what is above or below.
    """
    near = float(wanted)
    slack = abs(near) * 1e-9
    strictly = not wanted and op in (Op.GREATER, Op.SMALLER)
    above, below = (shown > near, shown < near) if strictly else (shown >= near - slack, shown <= near + slack)
    bounds = {Op.EQUALS: [above, below], Op.SMALLER: [below], Op.AT_MOST: [below]}
    return bounds.get(op, [above])


def _minor(amount: Decimal, places: int, op: Op) -> int | None:
    """Returns the whole number of minor units that compares as `amount` does; None if none can equal it."""
    exact = amount.scaleb(places)
    if op is Op.EQUALS and exact != exact.to_integral_value():
        return None
    rounding = ROUND_FLOOR if op in (Op.GREATER, Op.AT_MOST) else ROUND_CEILING
    return int(exact.to_integral_value(rounding))


def _bound(minor: int | None) -> ColumnElement[Any]:
    return null() if minor is None else literal(minor, BigInteger())
