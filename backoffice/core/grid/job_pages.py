"""The page of one job, which keeps itself up to date, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from backoffice.core import jobs, reader
from backoffice.core.clock import utcnow
from backoffice.core.grid import changes, details, messages
from backoffice.core.grid.afterwards import afterwards
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import requested_id, row_of, way_back
from backoffice.core.jobs import Job, Pace
from backoffice.core.operations import Operation, Plan
from backoffice.core.selection import Field
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext
from backoffice.extensions import db


@dataclass(frozen=True)
class JobPage:
    """What admin/model/job.html shows. Addresses are "" where there is nothing to be done."""

    heading: str
    state: str
    words: str
    pace: Pace
    is_open: bool
    is_due: bool
    return_url: str
    progress_url: str
    cancel_url: str
    again_url: str
    operation_url: str
    undo_url: str
    instead: str
    sections: Sequence[tuple[str, details.Pairs]]


def begin(plan: Plan, run_at: datetime | None = None) -> ResponseReturnValue:
    """Gives the plan to a worker, for now or for later, and leads to the page of the job."""
    job = jobs.start(plan, current_person(), run_at)
    return redirect(url_for("jobs.details_view", id=job.id))


def outcome(job: Job) -> str:
    """Returns in words what became of a job: "2,140 enrollments changed"."""
    if job.state != "done":
        return job.error
    return messages.what_became(
        job.kind, f"{reader.number(job.rows)} {changes.noun(job.entity_type, job.rows)}", job.rows
    )


def show(grid: Declaration) -> ResponseReturnValue:
    """Answers the page of a job in the person's scope."""
    person, job_id = current_person(), requested_id()
    sections = grid.sections_for(person)
    columns: dict[str, Field] = {name: field for fields in sections.values() for name, field in fields.items()}
    row = row_of(grid, job_id, columns)
    job = db.session.get_one(Job, job_id)
    mine = job.author_id == person.id
    if mine and not job.is_open:
        tell([job])
    operation = db.session.get(Operation, job.operation_id) if job.operation_id else None
    done = messages.told("", operation, grid.address()) if operation else {}
    page = JobPage(
        heading=job.title,
        state=job.state,
        words=outcome(job),
        pace=jobs.pace(job),
        is_open=job.is_open,
        is_due=job.due_at <= utcnow(),
        return_url=way_back(grid),
        progress_url=grid.address("progress_view", id=job_id),
        cancel_url=grid.address("cancel_view", id=job_id) if job.is_open else "",
        again_url=grid.address("again_view", id=job_id) if mine and job.state in ("failed", "cancelled") else "",
        operation_url=done.get("operation_url", ""),
        undo_url=done.get("undo_url", ""),
        instead=done.get("instead", ""),
        sections=details.shown(person, details.filled(sections, row), columns, row),
    )
    return grid.render("admin/model/job.html", page=page)


def progress(grid: Declaration) -> ResponseReturnValue:
    """Answers how far a job is."""
    job = _job(grid)
    pace = jobs.pace(job)
    return jsonify(
        state=job.state, open=job.is_open, phase=pace.phase, done=pace.done, total=pace.total, pace=pace.words
    )


def cancel(grid: Declaration) -> ResponseReturnValue:
    """Stops a job and leads back to its page."""
    job = _job(grid)
    job_id = job.id
    if job.is_open:
        jobs.cancel(job)
        messages.note(gettext("Cancelling: what was done so far is taken back."))
    else:
        messages.note(gettext("It had already ended."), "warning")
    return redirect(grid.address("details_view", id=job_id))


def again(grid: Declaration) -> ResponseReturnValue:
    """Begins a job again, for whoever began it first."""
    job = _job(grid)
    job_id = job.id
    if job.author_id != current_person().id or not jobs.begin_again(job):
        messages.note(gettext("It cannot be begun again."), "warning")
    return redirect(grid.address("details_view", id=job_id))


def tell(ended: Sequence[Job]) -> None:
    """Remembers that the person is told with this answer how these jobs ended."""
    numbers = [job.id for job in ended if not job.notice_seen]
    if not numbers:
        return
    jobs.told(current_person(), numbers)
    afterwards(lambda: jobs.note_seen(numbers))


def _job(grid: Declaration) -> Job:
    return db.session.get_one(Job, row_of(grid, requested_id(), {})["id"])
