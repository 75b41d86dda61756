"""Deciding about a big change: who may, what they say, and what has to hold at the moment of applying."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, update

from backoffice.core import access
from backoffice.core.access import Person, Refused, Right
from backoffice.core.clock import utcnow
from backoffice.core.model import Record
from backoffice.core.operations import rights
from backoffice.core.operations.approvals import notices
from backoffice.core.operations.approvals.asking import given, of_plan, settle
from backoffice.core.operations.approvals.limits import above
from backoffice.core.operations.approvals.models import Approval
from backoffice.core.operations.errors import NeedsApproval
from backoffice.core.operations.models import StoredPlan
from backoffice.core.operations.plan import Plan, storing
from backoffice.core.operations.recording import Recording
from backoffice.core.operations.tables import model_named, table_of
from backoffice.core.wording import gettext
from backoffice.extensions import db


def decidable(person: Person) -> ColumnElement[bool]:
    """Returns the condition on Approval: what `person` may decide about, or might if it were still open."""
    if person.id is None:
        return false()
    by_kind = [
        and_(
            Approval.entity_type == table_of(model).name,
            *(Approval.needs.not_like(f"%{letter}%") for letter in "BCDE" if letter not in own.verbs),
        )
        for model, own in _whole_rights(person)
    ]
    return and_(Approval.author_id != person.id, or_(false(), *by_kind))


def require_decider(person: Person, approval: Approval) -> None:
    """Raises access.Refused unless `person` is another one than the author, active, and may do the same to many rows."""
    if person.id is None or person.id == approval.author_id:
        raise Refused(gettext("Nobody approves what they asked for themselves."))
    own = access.right_of(rights.acting(person.id), model_named(approval.entity_type))
    if not _is_whole(own) or not set(approval.needs) <= set(own.verbs):
        raise Refused(
            gettext(
                "%(person)s may not approve this: it takes the right to do the same to many rows.",
                person=person.full_name,
            )
        )


def may_decide(person: Person, approval: Approval) -> bool:
    """Says whether `person` may approve or decline the request."""
    try:
        require_decider(person, approval)
    except Refused:
        return False
    return approval.state == "waiting"


def approve(approval: Approval, person: Person, reason: str) -> None:
    """Lets the plan be applied. Raises access.Refused for its author and whoever lacks the right, Decided for the second answer."""
    _decide(approval, person, reason, "approved")


def decline(approval: Approval, person: Person, reason: str) -> None:
    """Refuses the plan: nothing is changed, and its author is told why."""
    _decide(approval, person, reason, "declined")


def _decide(approval: Approval, person: Person, reason: str, state: str) -> None:
    said = given(reason)
    require_decider(person, approval)
    with storing() as connection:
        settle(
            connection,
            approval,
            "waiting",
            state,
            approver_id=person.id,
            approver_name=person.full_name,
            answer=said,
            decided_at=utcnow(),
            notice_seen=False,
        )
    notices.forget()


def required(plan: Plan) -> str:
    """Returns why the plan needs a second person who has not approved it yet; "" where it may be applied."""
    approval = of_plan(plan.token)
    return "" if approval is not None and approval.state == "approved" else above(plan.stored)


def granted(stored: StoredPlan) -> Approval | None:
    """Returns the approval under which the plan is applied, None where it needs none.

    Raises NeedsApproval where it is above a policy and nobody approved it, access.Refused where whoever did may no longer.
    """
    approval = of_plan(stored.token)
    if approval is not None:
        db.session.refresh(approval)
    if approval is None or approval.state != "approved" or approval.approver_id is None:
        why = above(stored)
        if why:
            raise NeedsApproval(why)
        return None
    require_decider(rights.acting(approval.approver_id), approval)
    return approval


def sign(operation: Recording, stored: StoredPlan, approval: Approval | None) -> None:
    """Writes into the operation who approved it and why, and says that the request is done, in its transaction."""
    if approval is not None:
        operation.entry.approver_id = approval.approver_id
        operation.entry.approver_name = approval.approver_name
        operation.entry.approval = approval.answer
    done = {"state": "done", "operation_id": operation.id} | ({} if approval else {"notice_seen": True})
    operation.connection.execute(update(Approval).where(Approval.plan_token == stored.token).values(done))
    stored.kept_until = None


def _whole_rights(person: Person) -> list[tuple[type[Record], Right]]:
    """Returns the models of which `person` may change every row and every field: nobody approves what they cannot see."""
    own = ((model, access.right_of(person, model)) for model in access.declared())
    return [(model, right) for model, right in own if _is_whole(right)]


def _is_whole(own: Right) -> bool:
    return own.fields is None and own.editable is None and not own.hidden and own.scope is None
