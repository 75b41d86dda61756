"""A change that has not happened: what a review shows, found again by its token."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import cast

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.orm import Session

from backoffice.core.access import Person
from backoffice.core.clock import utcnow
from backoffice.core.database import begin_writing
from backoffice.core.model import Record
from backoffice.core.operations import deletion_review, edit_review, failures, review, undo_review
from backoffice.core.operations.changes import CHANGE
from backoffice.core.operations.models import StoredPlan
from backoffice.core.operations.recording import current
from backoffice.core.operations.review import Dependent, Refusal, Sample
from backoffice.core.operations.tables import counted, model_named
from backoffice.extensions import db

KEPT = timedelta(days=1)
REVIEWS = {"update": edit_review, "delete": deletion_review, "undo": undo_review}


@dataclass
class Plan:
    """What would happen, and to what. `words` say it: "Set end reason to health for 2,140 enrollments: withdrawn"."""

    stored: StoredPlan
    person: Person

    @property
    def token(self) -> str:
        return self.stored.token

    @property
    def words(self) -> str:
        return self.stored.words

    @property
    def verb(self) -> str:
        return self.stored.verb

    @property
    def reason(self) -> str:
        return self.stored.reason

    @property
    def selection(self) -> dict[str, str]:
        """The URL parameters of the rows that the plan is about."""
        return dict(self.stored.selection)

    @property
    def model(self) -> type[Record]:
        return model_named(self.stored.entity_type)

    @property
    def will_change(self) -> int:
        return int(self.stored.counts.get("change", 0))

    @property
    def already_so(self) -> int:
        return int(self.stored.counts.get("same", 0))

    @property
    def refused(self) -> int:
        return int(self.stored.counts.get("refused", 0))

    @property
    def blocked(self) -> int:
        """How many rows other rows hold in place; they are among the refused."""
        return sum(refusal.count for refusal in self.refusals if refusal.rule.startswith(review.HELD))

    @property
    def rows(self) -> str:
        """The rows that will change, with their noun: "2,140 enrollments"."""
        return counted(self.will_change, self.stored.entity_type)

    @cached_property
    def refusals(self) -> list[Refusal]:
        """Why rows are refused, the commonest reason first."""
        return review.refusals(self.stored)

    @cached_property
    def samples(self) -> list[Sample]:
        """The first rows that would change, field by field, as the person may see them."""
        return REVIEWS[self.verb].samples(self.stored, self.person)

    @cached_property
    def dependents(self) -> list[Dependent]:
        """What would be changed beside the rows themselves, per kind."""
        return review.dependents(self.stored)


def find_plan(token: str, person: Person) -> Plan:
    """Returns the plan that a review showed to `person`. Raises LookupError where there is none, or no longer."""
    stored = db.session.scalar(select(StoredPlan).where(StoredPlan.token == token))
    if stored is None or stored.author_id != person.id:
        raise LookupError("This review is no longer there. Please start again.")
    return Plan(stored, person)


def store(plan: StoredPlan, person: Person) -> Plan:
    """Reviews and keeps a new plan, and returns it; plans of yesterday are cleared away."""
    with storing() as connection:
        now = utcnow()
        connection.execute(delete(StoredPlan).where(StoredPlan.created_at < now - KEPT))
        plan.token = secrets.token_urlsafe(24)
        plan.author_id = person.id
        plan.created_at = now
        plan.seen = last_change(connection)
        db.session.add(plan)
        db.session.flush()
        REVIEWS[plan.verb].fill(connection, plan, person)
        plan.counts = review.counts(plan)
        plan.words = REVIEWS[plan.verb].words(plan, plan.counts.get("change", 0))
    return Plan(plan, person)


def last_change(connection: Connection) -> int:
    """Returns the number of the newest change: as long as it stays, no row of a business table moved."""
    return int(connection.execute(select(func.coalesce(func.max(CHANGE.c.id), 0))).scalar_one())


@contextmanager
def storing() -> Iterator[Connection]:
    """A transaction that may write tables that are no business tables; part of the operation in progress, if any."""
    session = cast(Session, db.session())
    operation = current()
    if operation is not None:
        yield operation.connection
        return
    with failures.in_words():
        session.commit()
        try:
            yield begin_writing(session)
            session.commit()
        except BaseException:
            session.rollback()
            raise
