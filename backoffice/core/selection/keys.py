"""Sort keys: what rows are ordered by, and which rows come after a given one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Double, and_, case, cast, func, literal, or_, tuple_

from backoffice.core.money import unusual_currencies
from backoffice.core.selection.fields import Field, Kind
from backoffice.core.selection.shapes import Order

SORTED_LETTERS = 100  # of a long text


@dataclass(frozen=True)
class Key:
    """One expression that rows are ordered by; those without a value come last, whatever the direction."""

    expression: ColumnElement[Any]
    kind: Kind
    descending: bool
    nullable: bool

    def stored(self, value: Any) -> Any:
        """Returns a value of this key as JSON can hold it."""
        return str(value) if isinstance(value, date | datetime | Decimal) else value

    def restored(self, value: Any) -> Any:
        """Returns the value that `stored` was given."""
        if value is None:
            return None
        match self.kind:
            case Kind.DATE:
                return date.fromisoformat(value)
            case Kind.DATETIME:
                return datetime.fromisoformat(value)
            case Kind.DECIMAL:
                return Decimal(value)
        return value


def sort_key(entity: Any, field: Field, order: Order, optional: bool) -> Key:
    """Returns the key for `field` of `entity`; `optional` says that the entity itself may be missing in a row."""
    expression = getattr(entity, field.attribute)
    if field.kind is Kind.MONEY:
        expression = _amount(expression, getattr(entity, field.currency) if field.currency else None)
    if field.kind is Kind.LONG_TEXT:
        expression = func.substr(expression, 1, SORTED_LETTERS)
    return Key(expression, field.kind, order.descending, field.nullable or optional)


def _amount(minor: ColumnElement[Any], currency: ColumnElement[Any] | None) -> ColumnElement[Any]:
    """Returns minor units as the amount that people see, so that 1,000 JPY comes after 999.00 EUR."""
    places: Any = 100.0
    if currency is not None:
        unusual = [(currency.in_(codes), 10.0**own) for own, codes in unusual_currencies().items()]
        places = case(
            *((condition, literal(unit, Double())) for condition, unit in unusual), else_=literal(100.0, Double())
        )
    return cast(minor, Double()) / places


def ordered(keys: Sequence[Key], backward: bool) -> list[ColumnElement[Any]]:
    """Returns the ORDER BY; `backward` turns all of it around."""
    return [_direction(key, backward) for key in keys]


def _direction(key: Key, backward: bool) -> ColumnElement[Any]:
    directed = key.expression.desc() if key.descending is not backward else key.expression.asc()
    if not key.nullable:
        return directed
    return directed.nulls_first() if backward else directed.nulls_last()


def beyond(keys: Sequence[Key], values: Sequence[Any], backward: bool) -> ColumnElement[bool]:
    """Returns the condition that a row comes after the one with these key values; `backward`: before it."""
    if not any(key.nullable for key in keys) and len({key.descending for key in keys}) == 1:
        return _all_at_once(keys, values, backward)
    found: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for key, value in zip(keys, values, strict=True):
        further = _further(key, value, backward)
        if further is not None:
            found.append(and_(*same, further))
        same.append(key.expression.is_(None) if value is None else key.expression == _bound(key, value))
    return or_(*found)


def _all_at_once(keys: Sequence[Key], values: Sequence[Any], backward: bool) -> ColumnElement[bool]:
    """Compares all keys as one, which lets the database jump to the place in an index."""
    here = tuple_(*(key.expression for key in keys))
    there = tuple_(*(_bound(key, value) for key, value in zip(keys, values, strict=True)))
    return here < there if keys[0].descending is not backward else here > there


def _further(key: Key, value: Any, backward: bool) -> ColumnElement[bool] | None:
    if value is None:
        return key.expression.is_not(None) if backward else None
    bound = _bound(key, value)
    condition: ColumnElement[bool] = (
        key.expression < bound if key.descending is not backward else key.expression > bound
    )
    return or_(condition, key.expression.is_(None)) if key.nullable and not backward else condition


def _bound(key: Key, value: Any) -> ColumnElement[Any]:
    return literal(value, key.expression.type)
