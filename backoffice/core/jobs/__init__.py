"""Long work: above a number of rows, a worker applies a plan by the same function as a request would.

is_long(plan) -> bool                       more rows than JOB_ROWS, with what goes along
start(plan, person, run_at=None) -> Job     once per plan, however often it is asked for, not before `run_at`; raises
                                            AlreadyApplied, NeedsApproval, Busy
tonight() -> datetime                       when work that waits for the night begins next: RUN_LATER_AT
cancel(job), begin_again(job)               stop it and leave nothing behind; run it anew after that, or after it failed
of_plan(token) -> Job | None                the one that applies the plan with this token
pace(job) -> Pace                           what it does at the moment, how fast, how long it will take
notices(person) -> Notices                  what the person has not been told yet; `told` and `note_seen` end that
worker.work(app), worker.look(app)          run jobs; find those that were cut off

A job is done exactly when its operation is there, for both commit in one transaction. Whoever runs it holds a lock that
ends with its process, so a job that is "running" and held by nobody was rolled back, and is begun again, once.
"""

from __future__ import annotations

from datetime import datetime, time

from flask import Flask, current_app

from backoffice.core.access import Person
from backoffice.core.clock import next_time, utcnow
from backoffice.core.jobs import ledger, queue
from backoffice.core.jobs.ledger import cancel, note_seen, of_plan
from backoffice.core.jobs.models import Job
from backoffice.core.jobs.notices import Notices, notices, told
from backoffice.core.jobs.pace import Pace, pace
from backoffice.core.operations import AlreadyApplied, NeedsApproval, Operation, Plan, approvals
from backoffice.core.web import health
from backoffice.extensions import db

__all__ = [
    "Job",
    "Notices",
    "Pace",
    "begin_again",
    "cancel",
    "init_app",
    "is_long",
    "note_seen",
    "notices",
    "of_plan",
    "pace",
    "start",
    "told",
    "tonight",
]


def init_app(app: Flask) -> None:
    """Lets /readyz say whether jobs are being done."""
    health.CHECKS["jobs"] = jobs_are_done


def is_long(plan: Plan) -> bool:
    """Says whether a worker should apply the plan, not a request."""
    return _affected(plan) > current_app.config["JOB_ROWS"]


def tonight() -> datetime:
    """Returns the next instant at which it is RUN_LATER_AT at the organisation's seat."""
    return next_time(time.fromisoformat(current_app.config["RUN_LATER_AT"]), utcnow())


def start(plan: Plan, person: Person, run_at: datetime | None = None) -> Job:
    """Returns the job that applies the plan, new or known, from `run_at` on.

    Raises AlreadyApplied where that has happened without one, NeedsApproval where a second person is to approve it first.
    """
    job = ledger.of_plan(plan.token)
    if job is None and plan.stored.operation_id is not None:
        raise AlreadyApplied(db.session.get_one(Operation, plan.stored.operation_id))
    if job is None:
        if why := approvals.required(plan):
            raise NeedsApproval(why)
        job = ledger.enter(plan, person, _affected(plan), run_at)
        if run_at is None:
            queue.wake(_app(), job.id)
    return job


def begin_again(job: Job) -> bool:
    """Lets a job that failed or was cancelled run anew; says whether it had."""
    changed = ledger.wait_anew(job)
    if changed:
        queue.wake(_app(), job.id)
    return changed


def jobs_are_done() -> bool:
    """Says whether the queue answers and no job waits longer than a worker would let it."""
    queue.waiting(_app())
    return not ledger.is_anything_stuck()


def _affected(plan: Plan) -> int:
    if plan.verb == "update":
        return plan.will_change
    return plan.will_change + sum(dependent.count for dependent in plan.dependents)


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined]
