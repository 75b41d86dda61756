"""A change that has not happened: what a review shows, found again by its token."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Delete, bindparam, delete, func, or_, select, update

from backoffice.core import reader
from backoffice.core.access import Person
from backoffice.core.clock import utcnow
from backoffice.core.database import writing
from backoffice.core.model import Record
from backoffice.core.operations import (
    deletion_review,
    edit_review,
    elsewhere,
    failures,
    foretelling,
    review,
    undo_review,
)
from backoffice.core.operations.changes import CHANGE
from backoffice.core.operations.models import StoredPlan
from backoffice.core.operations.recording import current
from backoffice.core.operations.review import Dependent, Refusal, Sample
from backoffice.core.operations.tables import counted, model_named
from backoffice.core.wording import gettext
from backoffice.extensions import db

Form = Sequence[tuple[str, str]]  # name and value, as a form was sent

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
    def form(self) -> list[tuple[str, str]]:
        """What was typed into the form that the plan was made from."""
        return [(name, value) for name, value in self.stored.form or ()]

    @property
    def is_draft(self) -> bool:
        """Says whether nothing was asked for yet: only the rows are known."""
        return self.verb == "update" and not self.stored.values

    @property
    def is_row_by_row(self) -> bool:
        """Says whether each row gets values of its own."""
        return any(isinstance(kept, dict) and kept.get("how") == "each" for kept in (self.stored.values or {}).values())

    @property
    def adds_to(self) -> str:
        """The collection that gets a new row from each row; "" where the plan does something else."""
        return elsewhere.added_to(self.stored)

    @property
    def model(self) -> type[Record]:
        return model_named(self.stored.entity_type)

    @property
    def written(self) -> type[Record]:
        """The kind of the rows that are written: those of `model`, or what is linked or added to them."""
        return elsewhere.written(self.stored)

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
        return reviewer(self.stored).samples(self.stored, self.person)

    @cached_property
    def dependents(self) -> list[Dependent]:
        """What would be changed beside the rows themselves, per kind."""
        return review.dependents(self.stored)

    @property
    def follows(self) -> list[Dependent]:
        """What will follow by the features' effects, as far as it could be foretold when the plan was made."""
        return [review.followed(*told) for told in self.stored.counts.get("follows", ())]


def reviewer(stored: StoredPlan) -> Any:
    """Returns the module that reviews plans such as this one: `fill`, `words` and `samples`."""
    return elsewhere.module_of(stored) or REVIEWS[stored.verb]


def find_plan(token: str, person: Person) -> Plan:
    """Returns the plan that a review showed to `person`. Raises LookupError where there is none, or no longer."""
    stored = db.session.scalar(select(StoredPlan).where(StoredPlan.token == token))
    if stored is None or stored.author_id != person.id:
        raise LookupError(gettext("This review is no longer there. Please start again."))
    return Plan(stored, person)


def store(plan: StoredPlan, person: Person) -> Plan:
    """Reviews and keeps a new plan, and returns it; plans of yesterday are cleared away."""
    with storing() as connection:
        _enter(connection, plan, person)
        reviewer(plan).fill(connection, plan, person)
        with db.session.no_autoflush:  # all of it is written at once
            plan.counts = review.counts(plan)
            plan.counts = {**plan.counts, "follows": foretelling.foretold(connection, plan, person)}
            with reader.kept():
                plan.words = reviewer(plan).words(plan, plan.counts.get("change", 0))
    return Plan(plan, person)


def store_draft(plan: StoredPlan, person: Person) -> Plan:
    """Keeps what is to become a plan, and returns it: which rows are meant. Nothing is reviewed yet."""
    with storing() as connection:
        _enter(connection, plan, person)
    return Plan(plan, person)


def _enter(connection: Connection, plan: StoredPlan, person: Person) -> None:
    now, at_once = utcnow(), current() is not None
    for statement in _CLEARING if not at_once else ():  # an operation in progress has others waiting
        connection.execute(statement, {"yesterday": now - KEPT, "now": now})
    plan.token = secrets.token_urlsafe(24)
    plan.author_id = person.id
    plan.created_at = now
    on_sqlite = connection.dialect.name == "sqlite"
    plan.seen = last_change(connection) if on_sqlite and not at_once else 0  # nobody else asks for it
    db.session.add(plan)
    db.session.flush()
    if on_sqlite:  # which gives the number of a plan that went with its author again
        drop_rows(connection, plan.id)


def drop(connection: Connection, *conditions: ColumnElement[bool]) -> None:
    """Deletes the plans that meet `conditions`, with their rows."""
    for statement in _dropping(*conditions):
        connection.execute(statement)


def drop_rows(connection: Connection, plan_id: int) -> None:
    """Deletes the rows of a plan, which stays."""
    connection.execute(_DROPPING_ROWS, {"plan": plan_id})


def _dropping(*conditions: ColumnElement[bool]) -> tuple[Delete, Delete]:
    plans = select(StoredPlan.id).where(*conditions)
    rows = review.PLAN_ROW.delete().where(review.PLAN_ROW.c.plan_id.in_(plans))
    return rows, delete(StoredPlan).where(*conditions)


def retype(plan: Plan, form: Form) -> None:
    """Keeps what was typed last, for whoever goes back to the form."""
    with storing() as connection:
        connection.execute(update(StoredPlan).where(StoredPlan.token == plan.token).values(form=list(form)))


def forgotten(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Returns the condition on plans for which nobody waits any more: no approval is asked for, no job is to come."""
    return or_(StoredPlan.kept_until.is_(None), StoredPlan.kept_until < now)


# Made once: each plan begins with them.
_CLEARING = _dropping(StoredPlan.created_at < bindparam("yesterday"), forgotten(bindparam("now")))
_DROPPING_ROWS = review.PLAN_ROW.delete().where(review.PLAN_ROW.c.plan_id == bindparam("plan"))
_LAST_CHANGE = select(func.coalesce(func.max(CHANGE.c.id), 0))


def keep(connection: Connection, token: str, until: datetime | None) -> None:
    """Keeps the plan until then, however old it is; None lets it go with the others of its day."""
    connection.execute(update(StoredPlan).where(StoredPlan.token == token).values(kept_until=until))


def last_change(connection: Connection) -> int:
    """Returns the number of the newest change: as long as it stays, no row of a business table moved."""
    return int(connection.execute(_LAST_CHANGE).scalar_one())


@contextmanager
def storing() -> Iterator[Connection]:
    """A transaction that may write tables that are no business tables; part of the operation in progress, if any."""
    operation = current()
    if operation is not None:
        yield operation.connection
        return
    with failures.in_words(), writing(db.session()) as connection:
        yield connection
