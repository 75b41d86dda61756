"""What became of a plan since its review: who comes back to the review reads that, and finds nothing to press again."""

from __future__ import annotations

from flask import url_for

from backoffice.core import jobs, reader
from backoffice.core.grid import messages
from backoffice.core.grid.messages import Message
from backoffice.core.operations import Operation, Plan, approvals
from backoffice.core.wording import gettext
from backoffice.extensions import db


def to(plan: Plan, back: str) -> Message | None:
    """Returns as a message that the plan was applied, given to a worker, or sent for approval; None if it still waits."""
    if plan.stored.operation_id is not None:
        return messages.told_before(db.session.get_one(Operation, plan.stored.operation_id), back)
    job = jobs.of_plan(plan.token)
    if job is not None:
        url = url_for("jobs.details_view", id=job.id)
        text = gettext("This was given to a worker on %(at)s.", at=reader.moment(job.queued_at))
        return {"text": text, "operation_url": url}
    request = approvals.of_plan(plan.token)
    if request is not None:
        url = url_for("approvals.details_view", id=request.id)
        text = gettext("Approval was asked for on %(at)s.", at=reader.moment(request.asked_at))
        return {"text": text, "operation_url": url}
    return None
