"""Deletion, of many rows and of one: first what goes along and what stands in the way, then the deed."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from backoffice.core import operations
from backoffice.core.grid import reassigning, review, review_page
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import one, requested_id, row_of
from backoffice.core.selection import Selection
from backoffice.core.web.gate import current_person


def review_delete(grid: Declaration, selection: Selection) -> ResponseReturnValue:
    """Leads to what would be deleted, what goes along and what is given another row first, per kind, with counts."""
    given, understood = reassigning.asked(selection)
    try:
        plan = operations.plan_delete(selection, current_person(), reassign=given, form=reassigning.typed())
    except operations.Invalid as error:
        return _refused(grid, selection, tuple(error.errors.values()))
    return review.lead_to(grid, plan) if understood else (review_page.page(grid, plan), 422)


def _refused(grid: Declaration, selection: Selection, problems: tuple[str, ...]) -> ResponseReturnValue:
    plan = operations.plan_delete(selection, current_person(), form=reassigning.typed())
    return review_page.page(grid, plan, problems=problems), 422


def delete_one(grid: Declaration) -> ResponseReturnValue:
    """Leads to the same for one row; the button on that page deletes it."""
    answer = review.ANSWERS.get(request.form.get("action", ""))
    if answer is not None:
        return answer(grid)
    row = row_of(grid, requested_id(), {})
    plan = operations.plan_delete(one(grid, row["id"]), current_person(), door="form")
    return review.lead_to(grid, plan)
