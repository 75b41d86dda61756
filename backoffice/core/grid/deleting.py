"""Deletion, of many rows and of one: first what goes along and what stands in the way, then the deed."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from backoffice.core import operations
from backoffice.core.grid import review
from backoffice.core.grid.choosing import hidden_fields
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import one, requested_id, row_of
from backoffice.core.selection import Selection
from backoffice.core.web.gate import current_person


def review_delete(grid: Declaration, selection: Selection) -> ResponseReturnValue:
    """Shows what would be deleted and what goes along, per kind, with counts."""
    plan = operations.plan_delete(selection, current_person())
    return review.page(grid, plan, [*hidden_fields(selection), ("task", "delete")])


def delete_one(grid: Declaration) -> ResponseReturnValue:
    """Shows the same for one row; the button on that page deletes it."""
    if request.form.get("action") == "apply":
        return review.apply(grid)
    row = row_of(grid, requested_id(), {})
    plan = operations.plan_delete(one(grid, row["id"]), current_person(), door="form")
    return review.page(grid, plan, [("id", str(row["id"])), ("ids", str(row["id"])), ("task", "delete")])
