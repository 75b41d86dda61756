"""Sort keys: what rows are ordered by, and which rows come after a given one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, tuple_

from backoffice.core.money import amount
from backoffice.core.selection.fields import Field, Kind, fields_of
from backoffice.core.selection.shapes import Order
from backoffice.core.unindexed import Unindexed

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
    if field.sorted_by:
        name = field.sorted_by.removeprefix("-")
        turned = Order(name, order.descending is not field.sorted_by.startswith("-"))
        return sort_key(entity, fields_of(field.model)[name], turned, optional)
    expression = getattr(entity, field.attribute)
    if field.kind is Kind.MONEY:
        expression = amount(expression, getattr(entity, field.currency) if field.currency else None)
    if field.kind is Kind.LONG_TEXT:
        expression = func.substr(expression, 1, SORTED_LETTERS)
    return Key(expression, field.kind, order.descending, field.nullable or optional)


def ordered(keys: Sequence[Key], backward: bool, sorts: bool = False) -> list[ColumnElement[Any]]:
    """Returns the ORDER BY; `backward` turns all of it around, `sorts` says that the rows are few and found already."""
    return [_direction(key, backward, Unindexed(key.expression) if sorts else key.expression) for key in keys]


def _direction(key: Key, backward: bool, expression: ColumnElement[Any]) -> ColumnElement[Any]:
    directed = expression.desc() if key.descending is not backward else expression.asc()
    if not key.nullable:
        return directed
    return directed.nulls_first() if backward else directed.nulls_last()


Place = Sequence[ColumnElement[Any] | None]  # the values of a row's keys, as parameters; None where it has none


def place_of(keys: Sequence[Key], missing: Sequence[bool]) -> Place:
    """Returns the place in an order that the parameters place0, place1 ... name."""
    return [
        None if none else bindparam(f"place{number}", type_=key.expression.type)
        for number, (key, none) in enumerate(zip(keys, missing, strict=True))
    ]


def beyond(keys: Sequence[Key], values: Place, backward: bool) -> ColumnElement[bool]:
    """Returns the condition that a row comes after the one with these key values; `backward`: before it."""
    if are_alike(keys):
        return _all_at_once(keys, values, backward)
    return and_(*_not_before(keys[0], values[0], backward), or_(*further_by(keys, values, backward)))


def are_alike(keys: Sequence[Key]) -> bool:
    """Says whether the keys can be compared as one: none may lack a value, and all run in one direction."""
    return not any(key.nullable for key in keys) and len({key.descending for key in keys}) == 1


def further_by(keys: Sequence[Key], values: Place, backward: bool) -> list[ColumnElement[bool]]:
    """Returns the conditions that a row comes after the one with these key values by its first key, by the second where the
    first is the same, and so on. A row fulfils one of them at most; those of the last one come soonest."""
    found: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for key, value in zip(keys, values, strict=True):
        further = _further(key, value, backward)
        if further is not None:
            found.append(and_(*same, further))
        same.append(key.expression.is_(None) if value is None else key.expression == value)
    return found


def _not_before(key: Key, value: ColumnElement[Any] | None, backward: bool) -> list[ColumnElement[bool]]:
    """Returns what the first key alone rules out, which follows from the rest: by this the database jumps in an index."""
    if key.nullable or value is None:
        return []
    return [key.expression <= value if key.descending is not backward else key.expression >= value]


def _all_at_once(keys: Sequence[Key], values: Place, backward: bool) -> ColumnElement[bool]:
    """Compares all keys as one, which lets the database jump to the place in an index."""
    here = tuple_(*(key.expression for key in keys))
    there = tuple_(*values)
    following = here < there if keys[0].descending is not backward else here > there
    return and_(*_not_before(keys[0], values[0], backward), following)


def _further(key: Key, value: ColumnElement[Any] | None, backward: bool) -> ColumnElement[bool] | None:
    if value is None:
        return key.expression.is_not(None) if backward else None
    condition: ColumnElement[bool] = (
        key.expression < value if key.descending is not backward else key.expression > value
    )
    return or_(condition, key.expression.is_(None)) if key.nullable and not backward else condition
