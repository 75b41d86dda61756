"""How fast a job goes and how long it will take: by what it has done, or before that by the last one of its kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from backoffice.core.clock import organisation_zone, utcnow
from backoffice.core.jobs import side
from backoffice.core.jobs.models import Job
from backoffice.extensions import db

WAITING = "Waiting for a worker"
WAITING_UNTIL = "Waiting until {}"
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
        parts = [f"{self.rate:,.0f} rows per second"] if self.rate else []
        if self.left is not None:
            parts.append(f"about {_span(self.left)} left")
        return ", ".join(parts)


def pace(job: Job) -> Pace:
    """Returns where the job stands."""
    if job.state == "queued" or job.started_at is None:
        return Pace(WAITING if job.due_at <= utcnow() else WAITING_UNTIL.format(_civil(job.due_at)), 0, job.total)
    if not job.is_open:
        return Pace("", job.done, job.total, _rate(job))
    told = side.progress(job.id) or side.Progress("Starting", 0)
    elapsed = (utcnow() - job.started_at).total_seconds()
    if told.done and elapsed >= SHORTEST:
        rate = told.done / elapsed
        return Pace(told.phase, told.done, job.total, rate, (job.total - told.done) / rate)
    usual = _usual_rate(job)
    left = max(job.total / usual - elapsed, 0.0) if usual else None
    return Pace(told.phase, told.done, job.total, None, left)


def _usual_rate(job: Job) -> float | None:
    """Returns the rate of the last job that did the same to rows of the same kind."""
    alike = select(Job).where(Job.state == "done", Job.kind == job.kind, Job.entity_type == job.entity_type)
    last = db.session.scalar(alike.order_by(Job.id.desc()).limit(1))
    return _rate(last) if last else None


def _rate(job: Job) -> float | None:
    if job.started_at is None or job.finished_at is None or not job.done:
        return None
    return job.done / max((job.finished_at - job.started_at).total_seconds(), 0.001)


def _civil(instant: datetime) -> str:
    return f"{instant.astimezone(organisation_zone()):%H:%M on %-d %B}"


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    return f"{round(seconds / 60)} min"
