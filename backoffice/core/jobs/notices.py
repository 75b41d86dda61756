"""Telling whoever started a job how it ended, on whatever page they are, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backoffice.core.access import Person
from backoffice.core.clock import utcnow
from backoffice.core.jobs import ledger, side
from backoffice.core.jobs.models import Job
from backoffice.extensions import db


@dataclass(frozen=True)
class Notices:
    """Jobs that ended and of which the person has not been told, and how many of the others have begun, or might have."""

    ended: Sequence[Job] = ()
    still_open: int = 0


def notices(person: Person) -> Notices:
    """Returns what the person is to be told now. The caller tells it and then says so with `told`."""
    if person.id is None:
        return Notices()
    numbers = side.known_open(person.id)
    if numbers is None:
        numbers = ledger.untold(person.id)
        side.know_open(person.id, numbers)
    if not numbers:
        return Notices()
    found = db.session.scalars(select(Job).where(Job.id.in_(numbers)).order_by(Job.id)).all()
    now = utcnow()
    return Notices([job for job in found if not job.is_open], sum(job.is_open and job.due_at <= now for job in found))


def told(person: Person, ended: Sequence[int]) -> None:
    """Remembers for now that the person was told; `ledger.note_seen` does so for good."""
    if person.id is None:
        return
    numbers = side.known_open(person.id)
    if numbers is None:
        numbers = ledger.untold(person.id)
    side.know_open(person.id, [number for number in numbers if number not in ended])
