"""How fast a job goes and how long it will take: by what it has done, or before that by the last one of its kind."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from backoffice.core import reader
from backoffice.core.clock import utcnow
from backoffice.core.jobs import side
from backoffice.core.jobs.models import Job
from backoffice.core.wording import gettext, later, ngettext
from backoffice.extensions import db

SHORTEST = 0.5  # seconds; before that a rate says nothing


@dataclass(frozen=True)
class Pace:
    """Where a job stands: what it does, how much of it is done, rows per second and seconds left, as far as known."""

    phase: str
    done: int
    total: int
    rate: float | None = None
    left: float | None = None

    @property
    def words(self) -> str:
        """Returns the rate and the time left as people read them; "" where nothing is known."""
        parts = [_speed(round(self.rate))] if self.rate else []
        if self.left is not None:
            parts.append(_remaining(self.left))
        return ", ".join(parts)


def pace(job: Job) -> Pace:
    """Returns where the job stands."""
    if job.state == "queued" or job.started_at is None:
        return Pace(_waiting(job), 0, job.total)
    if not job.is_open:
        return Pace("", job.done, job.total, _rate(job))
    told = side.progress(job.id) or side.Progress(later("Starting"), 0)
    elapsed = (utcnow() - job.started_at).total_seconds()
    if told.done and elapsed >= SHORTEST:
        rate = told.done / elapsed
        return Pace(gettext(told.phase), told.done, job.total, rate, (job.total - told.done) / rate)
    usual = _usual_rate(job)
    left = max(job.total / usual - elapsed, 0.0) if usual else None
    return Pace(gettext(told.phase), told.done, job.total, None, left)


def _waiting(job: Job) -> str:
    if job.due_at <= utcnow():
        return gettext("Waiting for a worker")
    return gettext("Waiting until %(time)s", time=reader.hour_and_day(job.due_at))


def _usual_rate(job: Job) -> float | None:
    """Returns the rate of the last job that did the same to rows of the same kind."""
    alike = select(Job).where(Job.state == "done", Job.kind == job.kind, Job.entity_type == job.entity_type)
    last = db.session.scalar(alike.order_by(Job.id.desc()).limit(1))
    return _rate(last) if last else None


def _rate(job: Job) -> float | None:
    if job.started_at is None or job.finished_at is None or not job.done:
        return None
    return job.done / max((job.finished_at - job.started_at).total_seconds(), 0.001)


def _speed(rate: int) -> str:
    return ngettext("%(num)s rows per second", "%(num)s rows per second", rate, num=reader.number(rate))


def _remaining(seconds: float) -> str:
    if seconds < 90:
        return gettext("about %(number)s s left", number=max(round(seconds), 1))
    return gettext("about %(number)s min left", number=round(seconds / 60))
