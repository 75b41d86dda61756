"""Applying a plan: the seal is checked and the rows are written in one transaction, whole or not at all."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, String, and_, func, literal, or_, select

from backoffice.core.access import Person, Refused
from backoffice.core.clock import utcnow
from backoffice.core.operations import deletion_review, display, edit_review, undo, watching
from backoffice.core.operations.errors import AlreadyApplied, NothingToDo, PlanMoved
from backoffice.core.operations.models import Operation, StoredPlan
from backoffice.core.operations.plan import REVIEWS, Plan, last_change
from backoffice.core.operations.recording import Recording, recording
from backoffice.core.operations.review import EXAMPLES, PLAN_ROW
from backoffice.core.operations.tables import model_named
from backoffice.extensions import db

_RUN = {"update": edit_review.run, "delete": deletion_review.run, "undo": undo.run}


def apply(plan: Plan, person: Person) -> Operation:
    """Does what the plan says and returns the operation; refused rows stay as they are.

    Raises PlanMoved where the rows are not what the review showed, AlreadyApplied where the plan has happened before,
    NothingToDo where no row would change, Invalid where the database refuses, Busy where somebody else holds the rows. Nothing is changed then.
    """
    if plan.stored.author_id != person.id:
        raise Refused("A plan is applied by the person who saw its review.")
    if plan.will_change == 0:
        _check_not_applied(plan.stored)
        raise NothingToDo()
    plan_id, verb, refused = plan.stored.id, plan.verb, plan.refused
    with recording(
        person,
        plan.stored.door,
        verb,
        title=plan.words,
        selection=plan.stored.selection_words,
        reason=plan.stored.reason,
        model=plan.model,
        undoes=db.session.get(Operation, plan.stored.undoes_id) if plan.stored.undoes_id else None,
        effects=verb != "undo" or refused > 0,
    ) as operation:
        stored = operation.session.get_one(StoredPlan, plan_id, with_for_update=True, populate_existing=True)
        _check_not_applied(stored)
        watching.step("Checking that no row has moved")
        _check_seal(operation, stored, person)
        _run(operation, stored, person, plan.will_change)
        stored.operation_id = operation.id
        watching.end(operation)
    return db.session.get_one(Operation, operation.id)


def _run(operation: Recording, stored: StoredPlan, person: Person, planned: int) -> None:
    done = _RUN[stored.verb](operation, stored, person)
    if done != planned:
        raise PlanMoved(planned - done, 0, 0, [])


def _check_not_applied(stored: StoredPlan) -> None:
    if stored.operation_id is not None:
        raise AlreadyApplied(db.session.get_one(Operation, stored.operation_id))


def _check_seal(operation: Recording, stored: StoredPlan, person: Person) -> None:
    """Reviews the plan anew and compares. SQLite has one writer: while no change is newer, no row has moved."""
    if operation.dialect == "sqlite" and last_change(operation.connection) == stored.seen:
        return
    fresh = StoredPlan(
        token=f"{stored.token}/{operation.id}",
        author_id=stored.author_id,
        door=stored.door,
        verb=stored.verb,
        entity_type=stored.entity_type,
        values=stored.values,
        selection=stored.selection,
        words=stored.words,
        undoes_id=stored.undoes_id,
        created_at=utcnow(),
    )
    operation.session.add(fresh)
    operation.session.flush()
    REVIEWS[stored.verb].fill(operation.connection, fresh, person)
    _compare(operation.connection, stored, fresh)
    operation.session.delete(fresh)
    operation.session.flush()


def _compare(connection: Connection, stored: StoredPlan, fresh: StoredPlan) -> None:
    old, new = PLAN_ROW.alias(), PLAN_ROW.alias()
    same_row = and_(old.c.entity_type == new.c.entity_type, old.c.entity_id == new.c.entity_id)
    differs = or_(
        old.c.version.is_distinct_from(new.c.version),
        old.c.outcome != new.c.outcome,
        old.c.rule.is_distinct_from(new.c.rule),
    )
    changed = select(old.c.entity_type, old.c.entity_id, literal("changed", String()).label("how")).where(
        same_row, old.c.plan_id == stored.id, new.c.plan_id == fresh.id, differs
    )
    entered = _missing(fresh, stored, "entered")
    left = _missing(stored, fresh, "left")
    moved = changed.union_all(entered, left).subquery()
    counts = {row[0]: row[1] for row in connection.execute(select(moved.c.how, func.count()).group_by(moved.c.how))}
    if counts:
        first = connection.execute(select(moved.c.entity_type, moved.c.entity_id).limit(EXAMPLES)).all()
        examples = [display.ref(model_named(kind), row_id).label for kind, row_id in first]
        raise PlanMoved(counts.get("changed", 0), counts.get("entered", 0), counts.get("left", 0), examples)


def _missing(one: StoredPlan, other: StoredPlan, how: str) -> Select[Any]:
    mine, theirs = PLAN_ROW.alias(), PLAN_ROW.alias()
    there = select(theirs.c.entity_id).where(
        theirs.c.plan_id == other.id,
        theirs.c.entity_type == mine.c.entity_type,
        theirs.c.entity_id == mine.c.entity_id,
    )
    return select(mine.c.entity_type, mine.c.entity_id, literal(how, String()).label("how")).where(
        mine.c.plan_id == one.id, ~there.exists()
    )
