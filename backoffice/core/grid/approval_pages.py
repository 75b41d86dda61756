"""The page of one request for approval: the review as the second person may see it, what they can say, and what came of it."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from backoffice.core import operations
from backoffice.core.access import Person
from backoffice.core.grid import details, kept, messages, refused, review_words
from backoffice.core.grid.declaration import Declaration, grid_of, grids
from backoffice.core.grid.doors import plan_token, requested_id, row_of, way_back
from backoffice.core.grid.review_page import Button, ReviewPage, Why
from backoffice.core.grid.review_words import approve, approve_later, deed, later
from backoffice.core.operations import Plan, approvals
from backoffice.core.operations.approvals import Approval
from backoffice.core.operations.undo_review import operation_of
from backoffice.core.selection import Field
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext
from backoffice.extensions import db

BACK_AGAIN = ("moved", "declined", "withdrawn")  # states in which the author may begin anew


def ask(plan: Plan, wrong: Callable[[str], str]) -> ResponseReturnValue:
    """Asks for approval and leads to the request; without a reason, `wrong` gives the page that says so."""
    try:
        approval = approvals.ask(plan, current_person(), request.form.get("why", ""))
    except operations.Invalid as error:
        return wrong(error.errors.get("reason", str(error))), 422
    messages.note(gettext("Asked. Nothing is changed until somebody else has approved it."), "success")
    return redirect(url_for("approvals.details_view", id=approval.id))


def address_for_approver() -> str:
    """Returns the address of the request that the plan of this review waits for or waited for, for whoever decides it; "" for
    others."""
    approval, person = approvals.of_plan(plan_token()), current_person()
    if approval is None or not (person.id == approval.approver_id or approvals.may_decide(person, approval)):
        return ""
    return url_for("approvals.details_view", id=approval.id)


def show(grid: Declaration, why_error: str = "") -> str:
    """Returns the page of a request in the person's scope."""
    person = current_person()
    sections = grid.sections_for(person)
    columns: dict[str, Field] = {name: field for fields in sections.values() for name, field in fields.items()}
    row = row_of(grid, requested_id(), columns)
    approval = request_of(grid)
    plan = waiting_plan(approval, person) if approval.is_open else None
    buttons = _buttons(approval, plan, person)
    decides = approvals.may_decide(person, approval)
    shown = ReviewPage(
        heading=gettext("Request for approval"),
        words=approval.title,
        action=grid.address("decide_view", id=approval.id),
        return_url=way_back(grid),
        tally=review_words.tally(plan) if plan else [],
        buttons=buttons,
        dangerous=approval.kind == "delete",
        dependents=review_words.dependents(plan) if plan else [],
        refusals=refused.groups(plan, leave=False) if plan else [],
        sample_columns=review_words.sample_columns(plan, grid_of_plan(plan).noun(1)) if plan else (),
        samples=review_words.samples(plan) if plan else [],
        kept=kept.rows(operation_of(plan.stored)) if plan and plan.verb == "undo" else (),
        notice=approval.why if approval.is_open else "",
        why=Why(gettext("Your reason"), request.form.get("why", ""), why_error) if decides else None,
        facts=details.shown(person, details.told(sections, row), columns, row),
    )
    return grid.render("admin/model/review.html", page=shown)


def _buttons(approval: Approval, plan: Plan | None, person: Person) -> list[Button]:
    mine = person.id == approval.author_id
    if approval.state in BACK_AGAIN:
        return [Button("again", gettext("Review again"), "primary")] if mine and waiting_plan(approval, person) else []
    if plan is None:
        return [Button("withdraw", gettext("Withdraw"))] if mine and approval.is_open else []
    tone = "danger" if plan.verb == "delete" else "primary"
    if approvals.may_decide(person, approval):
        return [
            Button("approve", approve(plan), tone),
            Button("approve-later", approve_later()),
            Button("decline", gettext("Decline")),
        ]
    found = [Button("withdraw", gettext("Withdraw"))] if mine else []
    if approval.state == "approved" and person.id in (approval.author_id, approval.approver_id):
        found = [Button("apply", deed(plan), tone), Button("later", later()), *found]
    return found


def request_of(grid: Declaration) -> Approval:
    """Returns the request that is meant, in the person's scope."""
    return db.session.get_one(Approval, row_of(grid, requested_id(), {})["id"])


def waiting_plan(approval: Approval, viewer: Person) -> Plan | None:
    """Returns the plan that waits, None where it is no longer kept."""
    try:
        return approvals.plan_of(approval, viewer)
    except LookupError:
        return None


def grid_of_plan(plan: Plan) -> Declaration:
    """Returns the grid whose rows the plan is about."""
    return grid_of(plan.model) or grids()["operations"]
