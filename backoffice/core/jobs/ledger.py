"""What becomes of a job, state by state. Every step is one conditional UPDATE: of two who try it, one succeeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update

from backoffice.core import reader
from backoffice.core.access import Person
from backoffice.core.clock import utcnow
from backoffice.core.jobs import side
from backoffice.core.jobs.models import OPEN, Job
from backoffice.core.operations import Busy, Invalid, Plan, Recording, StoredPlan
from backoffice.core.operations.plan import keep, storing
from backoffice.core.text import fold
from backoffice.core.wording import gettext, later
from backoffice.extensions import db

STUCK = timedelta(minutes=1)
KEPT = timedelta(days=7)  # of a plan: as long as its job may be begun again
MOST_STARTS = 2  # a job whose worker died is begun once more, then it waits for a person
CUT_OFF = later("The worker was stopped in the middle, twice. Everything was rolled back; nothing was changed.")
CANCELLED = later("Cancelled. Nothing was changed.")


class Lost(Exception):
    """The job is no longer this runner's: another one has it."""


def enter(plan: Plan, person: Person, total: int, run_at: datetime | None = None) -> Job:
    """Returns the job that applies `plan`, from `run_at` on; there is one, however often it is asked for."""
    known = of_plan(plan.token)
    if known is not None:
        return known
    job = Job(
        kind=plan.verb,
        entity_type=plan.stored.entity_type,
        title=plan.words,
        author_id=person.id,
        author_name=person.full_name,
        plan_token=plan.token,
        rows=plan.will_change,
        total=total,
        queued_at=utcnow(),
        run_at=run_at,
        search_text=fold(f"{plan.words} {person.full_name}"),
    )
    token = plan.token
    try:
        with storing() as connection:
            db.session.add(job)
            keep(connection, token, job.due_at + KEPT)
    except Invalid:
        known = of_plan(token)
        if known is None:
            raise
        return known
    side.look_again(job)
    return job


def of_plan(token: str) -> Job | None:
    """Returns the job that applies the plan with this token."""
    return db.session.scalar(select(Job).where(Job.plan_token == token))


def is_due(now: datetime) -> ColumnElement[bool]:
    """Returns the condition on jobs that wait for nothing but a worker."""
    return (Job.state == "queued") & (Job.run_at.is_(None) | (Job.run_at <= now))


def claim(job_id: int, runner: str) -> bool:
    """Makes a waiting job `runner`'s; says whether it was there to be had."""
    values = {"state": "running", "runner": runner, "started_at": utcnow(), "attempts": Job.attempts + 1, "done": 0}
    return _set((Job.id == job_id) & is_due(utcnow()), values)


def mark_done(operation: Recording, job_id: int, runner: str) -> None:
    """Says in the operation's own transaction that the job is done. Raises Lost where another runner has it."""
    mine = (Job.id == job_id) & (Job.state == "running") & (Job.runner == runner)
    values = {"state": "done", "operation_id": operation.id, "finished_at": utcnow(), "done": Job.total, "error": ""}
    statement = update(Job).where(mine).values(values)
    if operation.connection.execute(statement).rowcount != 1:
        raise Lost


def finish(job_id: int, runner: str, state: str, words: str, operation_id: int | None = None) -> bool:
    """Ends a job otherwise; `words` say why. Nothing was changed then, unless `operation_id` says what did it before."""
    values = {"state": state, "error": words, "finished_at": utcnow(), "operation_id": operation_id}
    return _set((Job.id == job_id) & (Job.state == "running") & (Job.runner == runner), values)


def put_back(job_id: int, runner: str | None) -> bool:
    """Lets a job that could not begin wait again; the attempt does not count."""
    mine = (Job.id == job_id) & (Job.state == "running") & (Job.runner == runner)
    return _set(mine, {"state": "queued", "runner": None, "attempts": Job.attempts - 1})


def take_back(job: Job) -> bool:
    """Says of a job whose runner is dead what is true: it waits anew, or it failed; its one transaction was rolled back.

    Only where somebody else applied the plan, it is done.
    """
    dead = (Job.id == job.id) & (Job.state == "running") & (Job.runner == job.runner)
    applied = db.session.scalar(select(StoredPlan.operation_id).where(StoredPlan.token == job.plan_token))
    if applied is not None:
        return _set(dead, {"state": "done", "operation_id": applied, "finished_at": utcnow()})
    if job.attempts < MOST_STARTS:
        return _set(dead, {"state": "queued", "runner": None})
    return _set(dead, {"state": "failed", "error": gettext(CUT_OFF), "finished_at": utcnow()})


def cancel(job: Job) -> None:
    """Stops a job: at once while it waits, before its next step while it runs. Nothing of it remains then."""
    job_id = job.id
    side.wish_to_cancel(job_id)
    try:
        waits = (Job.id == job_id) & (Job.state == "queued")
        with reader.kept():
            error = gettext(CANCELLED)
        _set(waits, {"state": "cancelled", "error": error, "finished_at": utcnow()})
    except Busy:
        pass  # the worker sees the wish before it begins


def wait_anew(job: Job) -> bool:
    """Lets a job that failed or was cancelled wait for a worker anew."""
    side.forget(job.id)
    ended = (Job.id == job.id) & Job.state.in_(("failed", "cancelled"))
    fresh = {"queued_at": utcnow(), "run_at": None, "started_at": None, "finished_at": None}
    values = {"state": "queued", "runner": None, "attempts": 0, "done": 0, "error": "", "notice_seen": False}
    changed = _set(ended, values | fresh)
    side.look_again(job)
    return changed


def note_seen(numbers: Sequence[int]) -> None:
    """Remembers that the author was told how these jobs ended."""
    _set(Job.id.in_(numbers) & Job.state.not_in(OPEN), {"notice_seen": True})


def is_anything_stuck() -> bool:
    """Says whether a job waits though none runs, longer than a living worker would let it."""
    runs = select(Job.id).where(Job.state == "running").exists()
    long_since = utcnow() - STUCK
    waits = select(Job.id).where(is_due(long_since), Job.queued_at < long_since, ~runs)
    return db.session.scalar(waits.limit(1)) is not None


def open_jobs() -> list[Job]:
    """Returns the jobs that wait or run, the oldest first."""
    return list(db.session.scalars(select(Job).where(Job.state.in_(OPEN)).order_by(Job.id)))


def due_jobs() -> list[int]:
    """Returns the numbers of the jobs that wait for nothing but a worker, the oldest first."""
    return list(db.session.scalars(select(Job.id).where(is_due(utcnow())).order_by(Job.id)))


def untold(person_id: int) -> list[int]:
    """Returns the numbers of a person's jobs that are not finished, or whose end they have not been told."""
    mine = select(Job.id).where(Job.author_id == person_id, Job.notice_seen.is_(False))
    return list(db.session.scalars(mine.order_by(Job.id)))


def _set(where: ColumnElement[bool], values: dict[str, Any]) -> bool:
    with storing() as connection:
        return connection.execute(update(Job).where(where).values(values)).rowcount > 0
