"""What can be done with a reviewed plan: apply it, now or in the night, ask for a second person, leave rows out, review anew."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, request
from flask.typing import ResponseReturnValue

from backoffice.core import jobs, operations
from backoffice.core.grid import approval_pages, basket, happened, job_pages, messages, moved
from backoffice.core.grid.choosing import rows_of
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import back_at, review_address, reviewed_plan, way_back
from backoffice.core.grid.review_page import happened_page, page
from backoffice.core.grid.review_words import typed_count
from backoffice.core.operations import Operation, Plan, PlanMoved
from backoffice.core.operations.rights import require_plan
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext


def lead_to(grid: Declaration, plan: Plan) -> ResponseReturnValue:
    """Leads to the review of the plan: a page with an address, so that reading it again or coming back to it sends nothing."""
    return redirect(review_address(plan, way_back(grid)), 303)


def show(grid: Declaration) -> ResponseReturnValue:
    """Answers the review of a plan; where it is done, under way or asked for already, what became of it."""
    elsewhere = approval_pages.address_for_approver()
    if elsewhere:
        return redirect(elsewhere)
    plan = _plan(grid)
    if plan.is_draft:
        return redirect(grid.address("choose_view", plan=plan.token, url=way_back(grid)))
    known = happened.to(plan, way_back(grid))
    return happened_page(grid, plan, known) if known else page(grid, plan)


def apply(grid: Declaration) -> ResponseReturnValue:
    """Does what the reviewed plan says and returns to the list; nothing, if the rows moved or the count was not confirmed."""
    return _confirmed(grid, _apply)


def later(grid: Declaration) -> ResponseReturnValue:
    """Lets a worker apply the plan in the night; rights and rows are looked at again then."""
    return _confirmed(grid, lambda grid, plan: _begun(grid, plan, job_pages.begin(plan, jobs.tonight())))


def ask(grid: Declaration) -> ResponseReturnValue:
    """Asks for a second person, where the plan is above a policy."""
    return _confirmed(grid, _ask)


def apply_to_rest(grid: Declaration) -> ResponseReturnValue:
    """Does it to the rows that are still as the review showed them; asks first where a count must be typed."""
    plan = _plan(grid)
    try:
        rest = operations.rest_of(plan, current_person())
    except PlanMoved as difference:
        return moved.page(grid, plan, difference), 409
    return lead_to(grid, rest) if typed_count(rest) else _answered(grid, rest, _apply)


def again(grid: Declaration) -> ResponseReturnValue:
    """Leads to the review of the same for the rows as they are now."""
    return lead_to(grid, operations.renewed(_plan(grid), current_person()))


def leave_out(grid: Declaration, rule: str) -> ResponseReturnValue:
    """Leads to the review of the same without the rows that `rule` refuses."""
    return lead_to(grid, operations.without_refused(_plan(grid), rule, current_person()))


ANSWERS: dict[str, Callable[[Declaration], ResponseReturnValue]] = {
    "apply": apply,
    "later": later,
    "ask": ask,
    "rest": apply_to_rest,
    "again": again,
}


def _plan(grid: Declaration) -> Plan:
    plan = reviewed_plan(grid)
    require_plan(current_person(), plan.stored)
    return plan


def _confirmed(grid: Declaration, answer: Callable[[Declaration, Plan], ResponseReturnValue]) -> ResponseReturnValue:
    """Answers once the count is typed that a deletion of many rows asks for."""
    plan = _plan(grid)
    expected = typed_count(plan)
    if expected and request.form.get("typed", "").replace(",", "").strip() != expected:
        return page(
            grid, plan, gettext("Type %(number)s to confirm that this many rows will be deleted.", number=expected)
        ), 422
    return _answered(grid, plan, answer)


def _answered(
    grid: Declaration, plan: Plan, answer: Callable[[Declaration, Plan], ResponseReturnValue]
) -> ResponseReturnValue:
    try:
        return answer(grid, plan)
    except operations.AlreadyApplied as already:
        messages.done_before(already.operation, way_back(grid))
        return redirect(way_back(grid))
    except PlanMoved as difference:
        return moved.page(grid, plan, difference), 409
    except operations.NeedsApproval:  # a policy was made since: the page says so, and asks
        return page(grid, plan), 422
    except (operations.Invalid, operations.Blocked) as error:
        return refused_at_last(grid, plan, error), 422


def refused_at_last(grid: Declaration, plan: Plan, error: operations.OperationError) -> str:
    """Returns the review after the database refused what it showed: everything is as before, and the rows are named."""
    problems = [_unchanged(str(error))]
    try:
        return page(grid, operations.after_refusal(plan, current_person()), problems=problems)
    except operations.Invalid as known:  # there is no such change any more: what it refers to is gone
        return page(grid, plan, problems=[*problems, *known.errors.values()])


def _unchanged(why: str) -> str:
    unchanged = gettext("Nothing was changed.")
    return f"{unchanged} {why.removesuffix(f' {unchanged}')}"


def _apply(grid: Declaration, plan: Plan) -> ResponseReturnValue:
    if jobs.is_long(plan):
        return _begun(grid, plan, job_pages.begin(plan))
    return _after(grid, plan, operations.apply(plan, current_person()))


def _ask(grid: Declaration, plan: Plan) -> ResponseReturnValue:
    return approval_pages.ask(plan, lambda error: page(grid, plan, why_error=error))


def _begun(grid: Declaration, plan: Plan, answer: ResponseReturnValue) -> ResponseReturnValue:
    basket.done_with(grid, plan.token)
    return answer


def _list_left(grid: Declaration, plan: Plan) -> str:
    """Returns the list that the person came from; at the first of the rows that they had ticked there, if these are still there."""
    ticked = rows_of(plan).ids if plan.verb == "update" else None
    return back_at(grid, ticked[0]) if ticked else way_back(grid)


def _after(grid: Declaration, plan: Plan, operation: Operation) -> ResponseReturnValue:
    back = _list_left(grid, plan)
    number = plan.will_change
    messages.done(messages.what_became(plan.verb, grid.counted(number), number), operation, back)
    basket.done_with(grid, plan.token)
    return redirect(back)
