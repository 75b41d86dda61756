"""Telling whoever started a job how it ended, on whatever page they are, once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from backoffice.core.access import Person
from backoffice.core.jobs import ledger, side
from backoffice.core.jobs.models import Job
from backoffice.core.operations import Busy
from backoffice.extensions import db

log = logging.getLogger("backoffice")


@dataclass(frozen=True)
class Notices:
    """Jobs that ended and of which the person has not been told, and how many are still open."""

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
    return Notices([job for job in found if not job.is_open], sum(job.is_open for job in found))


def told(person: Person, ended: Sequence[int]) -> None:
    """Remembers for now that the person was told; `note_seen` does so for good."""
    numbers = side.known_open(person.id or 0)
    if numbers is not None:
        side.know_open(person.id or 0, [number for number in numbers if number not in ended])


def note_seen(app: Flask, ended: Sequence[int]) -> None:
    """Remembers for good that the author was told; while the database is busy, the notice may come once more."""
    with app.app_context():
        try:
            ledger.note_seen(ended)
        except (Busy, SQLAlchemyError):
            log.warning("Could not note that the ends of jobs %s were told", list(ended))
