"""Running one job: the same `operations.apply` as in a request, watched, and ended in words whatever happens."""

from __future__ import annotations

import logging
import os
import socket
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from backoffice.core import operations, reader
from backoffice.core.access import Refused
from backoffice.core.clock import utcnow
from backoffice.core.jobs import holding, ledger, side
from backoffice.core.jobs.models import Job
from backoffice.core.operations import (
    AlreadyApplied,
    Blocked,
    Busy,
    Invalid,
    OperationError,
    Plan,
    Recording,
    Refusal,
    StoredPlan,
)
from backoffice.core.operations.rights import acting
from backoffice.core.web import logs
from backoffice.core.wording import gettext, later, ngettext
from backoffice.extensions import db

PATIENCE = timedelta(minutes=15)  # how long a job waits for rows that others hold
GONE = later("The review that this was made from is no longer kept. Nothing was changed; please start again.")
STOPPED = later("The database stopped in the middle. Everything was rolled back; nothing was changed.")

log = logging.getLogger("backoffice")


class Cancelled(Exception):
    """Somebody wanted the job to stop; raised between two steps, it takes back those before."""


class Progress:
    """Looks on while a plan is applied: reports each step, stops it when asked, and marks the job done with it."""

    def __init__(self, job_id: int, total: int, runner: str) -> None:
        self.job_id = job_id
        self.total = total
        self.runner = runner
        self.steps = 0  # a row takes two: it is recorded and it is written

    def step(self, phase: str, rows: int = 0) -> None:
        """Reports; raises Cancelled where somebody asked for it."""
        if side.is_to_be_cancelled(self.job_id):
            raise Cancelled
        self.steps += rows
        side.report(self.job_id, phase, min(self.steps // 2, self.total))

    def end(self, operation: Recording) -> None:
        """Marks the job as done by this operation, in its transaction."""
        ledger.mark_done(operation, self.job_id, self.runner)


def run(job_id: int) -> None:
    """Runs the job if nobody else does and it still waits."""
    runner = f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid4().hex[:8]}"
    with holding.hold(job_id, holding.PATIENCE) as mine:
        if not mine:
            return
        try:
            if not ledger.claim(job_id, runner):
                return
        except Busy:
            return  # it still waits, and is looked for again
        job = db.session.get_one(Job, job_id)
        _run(job, runner)
        db.session.expire_all()
        side.look_again(job)
        if not job.is_open:
            side.forget(job_id)
        logs.event(f"job.{job.state}", person=job.author_id, job=job_id, operation=job.operation_id, error=job.error)


def _run(job: Job, runner: str) -> None:
    job_id, waits_since = job.id, job.due_at
    try:
        if side.is_to_be_cancelled(job_id):
            raise Cancelled
        _apply(job, runner)
    except Cancelled:
        ledger.finish(job_id, runner, "cancelled", gettext(ledger.CANCELLED))
    except AlreadyApplied as already:
        ledger.finish(job_id, runner, "done", "", already.operation.id)
    except Busy as busy:
        if utcnow() - waits_since < PATIENCE:
            ledger.put_back(job_id, runner)
        else:
            ledger.finish(job_id, runner, "failed", str(busy))
    except (OperationError, Refused, LookupError) as error:
        ledger.finish(job_id, runner, "failed", _told(job, error))
    except ledger.Lost:
        log.warning("Job %s was taken over by another worker; this attempt was rolled back", job_id)
    except SQLAlchemyError:
        log.exception("The database stopped job %s", job_id)
        db.session.rollback()
        ledger.finish(job_id, runner, "failed", gettext(STOPPED))


def _apply(job: Job, runner: str) -> None:
    plan = _plan(job)
    with operations.watched(Progress(job.id, job.total, runner)):
        operations.apply(plan, plan.person)


def _plan(job: Job) -> Plan:
    stored = db.session.scalar(select(StoredPlan).where(StoredPlan.token == job.plan_token))
    if stored is None:
        raise LookupError(gettext(GONE))
    return Plan(stored, acting(job.author_id))  # as they are now: their role may have changed since


def _told(job: Job, error: Exception) -> str:
    """Returns why nothing was changed; of what the database refused at the end also which rows, as far as they are found."""
    if not isinstance(error, Invalid | Blocked):
        return str(error)
    try:
        plan = _plan(job)
        known = {refusal.rule: refusal.count for refusal in plan.refusals}
        fresh = operations.after_refusal(plan, plan.person)
        new = [refusal for refusal in fresh.refusals if refusal.count > known.get(refusal.rule, 0)]
    except (OperationError, Refused, LookupError):
        return str(error)
    return " ".join([str(error), *(_named(refusal) for refusal in new)])


def _named(refusal: Refusal) -> str:
    names = ", ".join(map(str, refusal.examples))
    more = refusal.count - len(refusal.examples)
    if not more:
        return f"{refusal.message} ({names})"
    named = ngettext(
        "%(names)s and %(num)s more", "%(names)s and %(num)s more", more, names=names, num=reader.number(more)
    )
    return f"{refusal.message} ({named})"
