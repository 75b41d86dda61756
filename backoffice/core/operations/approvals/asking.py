"""Asking for a second person: the sealed plan waits until somebody decides, or its author takes the question back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from backoffice.core import reader
from backoffice.core.access import Person, Refused
from backoffice.core.clock import utcnow
from backoffice.core.operations import rights
from backoffice.core.operations.approvals import notices
from backoffice.core.operations.approvals.limits import above
from backoffice.core.operations.approvals.models import Approval
from backoffice.core.operations.errors import AlreadyApplied, Decided, Invalid
from backoffice.core.operations.models import Operation, StoredPlan
from backoffice.core.operations.plan import Plan, keep, storing
from backoffice.core.text import fold
from backoffice.core.wording import gettext, later
from backoffice.extensions import db

WAITS = timedelta(days=90)  # how long a plan is kept for somebody to decide about it
REASON_NEEDED = later("Say why: it stands in the operation for good.")


def ask(plan: Plan, person: Person, reason: str) -> Approval:
    """Asks for approval of the plan and returns the request; there is one, however often it is asked for.

    Raises Invalid without a reason, access.Refused where the person may not do what the plan says.
    """
    stored = plan.stored
    if person.id is None or stored.author_id != person.id:
        raise Refused(gettext("Approval is asked for by the person who saw the review."))
    if stored.operation_id is not None:
        raise AlreadyApplied(db.session.get_one(Operation, stored.operation_id))
    rights.require_plan(person, stored)
    known = of_plan(stored.token)
    if known is not None:
        return known
    request = _request(plan, person, given(reason))
    with storing() as connection:
        db.session.add(request)
        connection.execute(update(StoredPlan).where(StoredPlan.id == stored.id).values(reason=request.reason))
        keep(connection, stored.token, request.asked_at + WAITS)
    notices.forget()
    return request


def given(reason: str) -> str:
    """Returns the reason without blanks around it. Raises Invalid where nothing else is left."""
    if not reason.strip():
        raise Invalid({"reason": gettext(REASON_NEEDED)})
    return reason.strip()


def of_plan(token: str) -> Approval | None:
    """Returns the request for approval of the plan with this token."""
    return db.session.scalar(select(Approval).where(Approval.plan_token == token))


def plan_of(approval: Approval, viewer: Person) -> Plan:
    """Returns the plan that waits, as `viewer` may see it. Raises LookupError where it is no longer kept."""
    stored = db.session.scalar(select(StoredPlan).where(StoredPlan.token == approval.plan_token))
    if stored is None:
        raise LookupError(gettext("The review is no longer kept. Please start again."))
    return Plan(stored, viewer)


def withdraw(approval: Approval, person: Person) -> None:
    """Takes the question back; nothing happens then. Raises Decided where it has been answered and applied."""
    if person.id != approval.author_id:
        raise Refused(gettext("A request is withdrawn by the person who asked."))
    with storing() as connection:
        settle(connection, approval, approval.state, "withdrawn", decided_at=utcnow(), notice_seen=True)
    notices.forget()


def send_back(token: str, words: str) -> None:
    """Gives a request whose rows have moved back to its author."""
    with storing() as connection:
        moved = {"state": "moved", "outcome": words, "notice_seen": False}
        connection.execute(update(Approval).where(Approval.plan_token == token).values(moved))
        keep(connection, token, None)
    notices.forget()


def settle(connection: Connection, approval: Approval, was: str, state: str, **values: Any) -> None:
    """Moves a request on from the state that it was in; of two who try it, one succeeds and the other hears Decided."""
    approval_id, token = approval.id, approval.plan_token
    mine = (Approval.id == approval_id) & (Approval.state == was) & Approval.state.in_(("waiting", "approved"))
    changed = connection.execute(update(Approval).where(mine).values(state=state, **values)).rowcount
    if changed != 1:
        raise Decided(gettext("This was answered, or withdrawn, meanwhile."))
    if state not in ("waiting", "approved"):
        keep(connection, token, None)
    db.session.expire(approval)


def _request(plan: Plan, person: Person, reason: str) -> Approval:
    with reader.kept():
        why = above(plan.stored)
    return Approval(
        kind=plan.verb,
        entity_type=plan.stored.entity_type,
        title=plan.words,
        rows=plan.will_change,
        why=why,
        needs=rights.verbs_of(plan.stored),
        plan_token=plan.token,
        author_id=person.id,
        author_name=person.full_name,
        reason=reason,
        asked_at=utcnow(),
        search_text=fold(f"{plan.words} {person.full_name}"),
    )
