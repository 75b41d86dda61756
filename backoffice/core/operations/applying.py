"""Applying a plan: the seal is checked and the rows are written in one transaction, whole or not at all."""

from __future__ import annotations

from backoffice.core.access import Person, Refused
from backoffice.core.operations import deletion_review, edit_review, plan_seal, undo
from backoffice.core.operations.errors import AlreadyApplied, NothingToDo, PlanMoved
from backoffice.core.operations.models import Operation, StoredPlan
from backoffice.core.operations.plan import Plan, last_change
from backoffice.core.operations.recording import Recording, recording
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
        _check_seal(operation, stored, person)
        _run(operation, stored, person, plan.will_change)
        stored.operation_id = operation.id
    return db.session.get_one(Operation, operation.id)


def _run(operation: Recording, stored: StoredPlan, person: Person, planned: int) -> None:
    done = _RUN[stored.verb](operation, stored, person)
    if done != planned:
        raise PlanMoved(planned - done, 0, 0)


def _check_not_applied(stored: StoredPlan) -> None:
    if stored.operation_id is not None:
        raise AlreadyApplied(db.session.get_one(Operation, stored.operation_id))


def _check_seal(operation: Recording, stored: StoredPlan, person: Person) -> None:
    """Reviews the plan anew and compares. SQLite has one writer: while no change is newer, no row has moved."""
    if operation.dialect == "sqlite" and last_change(operation.connection) == stored.seen:
        return
    with plan_seal.reviewed_anew(operation.connection, stored, person) as fresh:
        plan_seal.compare(operation.connection, stored, fresh)
