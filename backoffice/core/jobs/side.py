"""What is said about a job while it runs, beside the database.

One transaction does the whole work, and on SQLite it holds the only write lock there is: what it wrote about its progress
would not be seen, and a wish to cancel could not be written. So both go through the cache, which is shared as far as the
workers are: files of the machine, or Redis. If it is lost, a progress bar stands still; no job depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.core.jobs.models import Job
from backoffice.extensions import cache

KEPT = 24 * 60 * 60  # seconds
KNOWN = 300  # seconds for which a person's open jobs are not looked up again


@dataclass(frozen=True)
class Progress:
    """What a running job does at the moment, and how many of its rows it has done."""

    phase: str
    done: int


def report(job_id: int, phase: str, done: int) -> None:
    """Says how far a job is."""
    cache.set(f"job:{job_id}:progress", [phase, done], timeout=KEPT)


def progress(job_id: int) -> Progress | None:
    """Returns what the job said last."""
    found = cache.get(f"job:{job_id}:progress")
    if isinstance(found, list) and len(found) == 2 and isinstance(found[0], str) and isinstance(found[1], int):
        return Progress(found[0], found[1])
    return None


def wish_to_cancel(job_id: int) -> None:
    """Asks whoever runs the job to stop."""
    cache.set(f"job:{job_id}:cancel", True, timeout=KEPT)


def is_to_be_cancelled(job_id: int) -> bool:
    """Says whether somebody wants the job to stop."""
    return cache.get(f"job:{job_id}:cancel") is True


def forget(job_id: int) -> None:
    """Drops what was said about a job."""
    cache.delete_many(f"job:{job_id}:progress", f"job:{job_id}:cancel")


def known_open(person_id: int) -> list[int] | None:
    """Returns the numbers of the person's jobs that are not finished or not yet told; None where it is not known."""
    found = cache.get(f"jobs-of:{person_id}")
    return found if isinstance(found, list) and all(isinstance(number, int) for number in found) else None


def know_open(person_id: int, numbers: list[int]) -> None:
    """Remembers them, so that most pages ask the database nothing."""
    cache.set(f"jobs-of:{person_id}", numbers, timeout=KNOWN)


def look_again(job: Job) -> None:
    """Lets the next page of the job's author look it up."""
    cache.delete(f"jobs-of:{job.author_id}")
