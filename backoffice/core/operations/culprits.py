"""Rows that only the database refuses, at the end of a change: told by the rules where they know by now, else by trying."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, update

from backoffice.core.access import Person
from backoffice.core.operations import review
from backoffice.core.operations.applying import RUN
from backoffice.core.operations.errors import Blocked, Invalid
from backoffice.core.operations.models import StoredPlan
from backoffice.core.operations.plan import Plan, storing
from backoffice.core.operations.plan_seal import renewed
from backoffice.core.operations.recording import recording
from backoffice.core.operations.review import PLAN_ROW
from backoffice.extensions import db

MOST_TRIED = 2_000  # rows; more are not tried in halves, which would take longer than anybody waits
TRIES = 60


class _Enough(Exception):
    """It would have worked; it is taken back."""


def after_refusal(plan: Plan, person: Person) -> Plan:
    """Returns the same plan for the rows as they are now, in which the rows that the database has just refused are refused.

    Mostly somebody's change came between the review and its end, and the rules see it now. What no rule knows is found by
    trying halves of the rows, each in a transaction that is taken back.
    """
    fresh = renewed(plan, person)
    if fresh.refused > plan.refused or fresh.verb == "undo" or fresh.will_change > MOST_TRIED:
        return fresh
    found = _found(fresh, person)
    if found:
        with storing() as connection:
            _refuse(connection, fresh.stored, found)
            fresh.stored.counts = {**fresh.stored.counts, **_counts(fresh.stored)}
    return fresh


def _found(plan: Plan, person: Person) -> list[int]:
    ids = list(db.session.scalars(review.rows_of(plan.stored, "change").order_by(PLAN_ROW.c.entity_id)))
    tries = iter(range(TRIES))
    return list(_culprits(plan.stored.id, person, ids, tries))


def _culprits(plan_id: int, person: Person, ids: Sequence[int], tries: Iterator[int]) -> Iterator[int]:
    if next(tries, None) is None or _works(plan_id, person, ids):
        return
    if len(ids) == 1:
        yield ids[0]
        return
    middle = len(ids) // 2
    yield from _culprits(plan_id, person, ids[:middle], tries)
    yield from _culprits(plan_id, person, ids[middle:], tries)


def _works(plan_id: int, person: Person, ids: Sequence[int]) -> bool:
    """Says whether these rows alone could be changed."""
    stored = db.session.get_one(StoredPlan, plan_id)
    try:
        with recording(person, stored.door, stored.verb, reason=stored.reason) as operation:
            others = PLAN_ROW.c.entity_id.not_in(ids) & (PLAN_ROW.c.entity_type == stored.entity_type)
            aside = update(PLAN_ROW).where(PLAN_ROW.c.plan_id == plan_id, PLAN_ROW.c.outcome == "change", others)
            operation.connection.execute(aside.values(outcome="same"))
            RUN[stored.verb](operation, stored, person)
            operation.run_effects()
            operation.flush()
            raise _Enough
    except _Enough:
        return True
    except (Invalid, Blocked):
        return False


def _refuse(connection: Connection, plan: StoredPlan, ids: Sequence[int]) -> None:
    mine = (PLAN_ROW.c.plan_id == plan.id, PLAN_ROW.c.entity_type == plan.entity_type, PLAN_ROW.c.entity_id.in_(ids))
    connection.execute(update(PLAN_ROW).where(*mine).values(outcome="refused", rule=review.AT_LAST))


def _counts(plan: StoredPlan) -> dict[str, int]:
    return {"change": 0, **review.counts(plan)}
