"""Answering a request for approval: what each button of its page does, as far as the core allows it."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from backoffice.core import jobs, operations
from backoffice.core.access import Refused
from backoffice.core.grid import approval_pages, messages, moved
from backoffice.core.grid.approval_pages import grid_of_plan, request_of
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import review_address
from backoffice.core.operations import PlanMoved, approvals
from backoffice.core.operations.approvals import Approval
from backoffice.core.operations.rights import acting
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext
from backoffice.extensions import db


def decide(grid: Declaration) -> ResponseReturnValue:
    """Answers what was pressed on the page of a request."""
    approval = request_of(grid)
    answer = _ANSWERS.get(request.form.get("action", ""))
    if answer is None:
        raise BadRequest(gettext("A request is approved, declined, withdrawn, applied or reviewed again."))
    here = grid.address("details_view", id=approval.id)
    try:
        return answer(grid, approval)
    except operations.Invalid as error:
        if "reason" not in error.errors:
            messages.note(str(error), "danger")
            return redirect(here)
        return approval_pages.show(grid, error.errors["reason"]), 422
    except operations.AlreadyApplied as already:
        messages.done_before(already.operation, here)
    except (operations.Decided, operations.NeedsApproval, LookupError) as error:
        messages.note(str(error), "warning")
    return redirect(here)


def _approve(grid: Declaration, approval: Approval) -> ResponseReturnValue:
    _consent(approval)
    return _apply(grid, approval)


def _approve_later(grid: Declaration, approval: Approval) -> ResponseReturnValue:
    _consent(approval)
    return _later(grid, approval)


def _consent(approval: Approval) -> None:
    if approval.operation_id is not None:
        raise operations.AlreadyApplied(db.session.get_one(operations.Operation, approval.operation_id))
    approvals.approve(approval, current_person(), request.form.get("why", ""))


def _decline(grid: Declaration, approval: Approval) -> ResponseReturnValue:
    approvals.decline(approval, current_person(), request.form.get("why", ""))
    messages.note(gettext("Declined. Nothing was changed."))
    return redirect(grid.address("details_view", id=approval.id))


def _withdraw(grid: Declaration, approval: Approval) -> ResponseReturnValue:
    approvals.withdraw(approval, current_person())
    messages.note(gettext("Withdrawn. Nothing was changed."))
    return redirect(grid.address("details_view", id=approval.id))


def _apply(grid: Declaration, approval: Approval) -> ResponseReturnValue:
    """Applies an approved plan as its author, in the request or by a worker."""
    return _as_author(grid, approval, at_night=False)


def _later(grid: Declaration, approval: Approval) -> ResponseReturnValue:
    return _as_author(grid, approval, at_night=True)


def _as_author(grid: Declaration, approval: Approval, at_night: bool) -> ResponseReturnValue:
    here, author_name = grid.address("details_view", id=approval.id), approval.author_name
    if current_person().id not in (approval.author_id, approval.approver_id):
        raise Refused(gettext("An approved change is applied by one of the two who agreed on it."))
    try:
        author = acting(approval.author_id)
        plan = approvals.plan_of(approval, author)
        if at_night or jobs.is_long(plan):
            jobs.start(plan, author, jobs.tonight() if at_night else None)
            messages.note(_begun(author_name, at_night), "success")
        else:
            operation = operations.apply(plan, author)
            messages.note(gettext("Applied: %(what)s", what=operation.title), "success")
    except PlanMoved as difference:
        words = gettext("It is %(author)s's again, who may review it anew. Nothing was changed.", author=author_name)
        return moved.sent_back(grid_of_plan(plan), plan, difference, here, words), 409
    except Refused as error:
        messages.note(str(error), "danger")
    return redirect(here)


def _begun(author: str, at_night: bool) -> str:
    if at_night:
        at = current_app.config["RUN_LATER_AT"]
        return gettext("It will run at %(time)s. %(author)s will be told how it ended.", time=at, author=author)
    return gettext("A worker applies it now. %(author)s will be told how it ended.", author=author)


def _again(grid: Declaration, approval: Approval) -> ResponseReturnValue:
    person = current_person()
    plan = approvals.plan_of(approval, person)
    if approval.author_id != person.id:
        raise Refused(gettext("A change is reviewed again by the person who asked for it."))
    fresh = operations.renewed(plan, person)
    return redirect(review_address(fresh, grid_of_plan(fresh).address()), 303)


_ANSWERS: dict[str, Callable[[Declaration, Approval], ResponseReturnValue]] = {
    "approve": _approve,
    "approve-later": _approve_later,
    "decline": _decline,
    "withdraw": _withdraw,
    "apply": _apply,
    "later": _later,
    "again": _again,
}
