"""Pages: by number, or by a cursor that names the row to go on from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from backoffice.core.selection.errors import QueryError
from backoffice.core.selection.language import check_text
from backoffice.core.selection.rows import RowPlan
from backoffice.core.selection.shapes import Order, Page
from backoffice.core.selection.stretches import rows_at, rows_beyond
from backoffice.core.wording import gettext

FURTHEST_ROW = 10_000_000
MOST_KEYS = 5
LONGEST_CURSOR = 4000


def orders(sort: Iterable[str]) -> tuple[Order, ...]:
    """Returns the sort keys that names stand for; "-" before one turns it around."""
    found = tuple(Order(name.removeprefix("-"), name.startswith("-")) for name in sort)
    if len(found) > MOST_KEYS:
        raise QueryError("sort", gettext("rows can be sorted by %(most)s fields at once", most=MOST_KEYS))
    for order in found:
        check_text(order.name)
    return found


def page(made: RowPlan, size: int, number: int, after: str | None, before: str | None) -> Page:
    """Returns one page; asks for one row more than it shows."""
    if after is not None or before is not None:
        return _page_by_cursor(made, size, after, before)
    if not 0 <= number * size <= FURTHEST_ROW:
        raise QueryError(str(number), gettext("there is no such page; pages count from 0"))
    found = rows_at(made, number * size, size + 1)
    rows = found[:size]
    return Page(
        [made.read(row) for row in rows],
        next=_cursor(made, rows[-1]) if len(found) > size else None,
        previous=_cursor(made, rows[0]) if rows and number else None,
        number=number,
    )


def _page_by_cursor(made: RowPlan, size: int, after: str | None, before: str | None) -> Page:
    if after is not None and before is not None:
        raise QueryError("before", gettext("a page comes after one row or before one, not both"))
    backward = before is not None
    cursor = before if before is not None else after or ""
    found = rows_beyond(made, _values(made, cursor), backward, size + 1)
    rows, more = found[:size], len(found) > size
    if backward:
        rows.reverse()
    first, last = (_cursor(made, rows[0]), _cursor(made, rows[-1])) if rows else (cursor, cursor)
    return Page(
        [made.read(row) for row in rows],
        next=last if backward or more else None,
        previous=first if more or not backward else None,
        number=None,
    )


def beside(made: RowPlan, here: RowPlan) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Returns the rows before and after the one row of `here`, which has the same order; None at the ends."""
    found = rows_at(here, 0, 1)
    if not found:
        return None, None
    place = found[0][len(here.selected) :]
    near = [rows_beyond(made, place, backward, 1) for backward in (True, False)]
    before, after = (made.read(rows[0]) if rows else None for rows in near)
    return before, after


def _cursor(made: RowPlan, row: Sequence[Any]) -> str:
    values = row[len(made.selected) :]
    return _signer(made).dumps([key.stored(value) for key, value in zip(made.keys, values, strict=True)])


def _values(made: RowPlan, cursor: str) -> list[Any]:
    try:
        stored = _signer(made).loads(cursor[:LONGEST_CURSOR])
        return [key.restored(value) for key, value in zip(made.keys, stored, strict=True)]
    except (BadData, UnicodeError):
        raise QueryError(
            cursor[:20], gettext("this address of a page no longer fits; please start at the first page")
        ) from None


def _signer(made: RowPlan) -> URLSafeSerializer:
    """Signs for one model in one order: a cursor of another list is as invalid as an invented one."""
    order = ",".join(made.order)
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"page of {made.model.__tablename__} by {order}")
