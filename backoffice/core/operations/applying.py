"""Applying a plan: the seal is checked and the rows are written in one transaction, whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backoffice.core.access import Person, Refused
from backoffice.core.operations import (
    approvals,
    bystanding,
    deletion_review,
    edit_review,
    elsewhere,
    plan_seal,
    rights,
    undo,
    watching,
)
from backoffice.core.operations.errors import AlreadyApplied, Invalid, NeedsApproval, NothingToDo, PlanMoved
from backoffice.core.operations.models import Operation, StoredPlan
from backoffice.core.operations.plan import Plan, last_change
from backoffice.core.operations.planning import plan_delete, plan_edit
from backoffice.core.operations.recording import Recording, recording
from backoffice.core.selection import Selection
from backoffice.core.wording import gettext, later
from backoffice.extensions import db

RUN = {"update": edit_review.run, "delete": deletion_review.run, "undo": undo.run}


def apply(plan: Plan, person: Person) -> Operation:
    """Does what the plan says and returns the operation; refused rows stay as they are.

    Raises PlanMoved where the rows are not what the review showed, AlreadyApplied where the plan has happened before,
    NeedsApproval where a second person has to approve it first, NothingToDo where no row would change, Invalid where the
    database refuses, Busy where somebody else holds the rows, access.Refused where the person, or whoever approved it, may
    no longer do it. Nothing is changed then; an approved plan whose rows moved goes back to its author.
    """
    if plan.stored.author_id != person.id:
        raise Refused(gettext("A plan is applied by the person who saw its review."))
    if plan.will_change == 0:
        _check_not_applied(plan.stored)
        raise NothingToDo()
    token = plan.token
    try:
        return _recorded(plan, person)
    except PlanMoved as moved:
        if approvals.of_plan(token) is not None:
            approvals.send_back(token, str(moved))
        raise


def edit_at_once(
    selection: Selection, wanted: Mapping[str, Any], person: Person, *, door: str, seen_version: int | None = None
) -> Operation | None:
    """Plans an edit and applies it in one transaction, for what nobody looks at in between: the form or the cell of a row.

    Returns None where the rows are so already. Raises what `plan_edit` and `apply` raise, and Invalid with a message per field
    where a row is refused; nothing is changed then, and no plan is kept.
    """
    with recording(person, door, "update", model=selection.model) as operation:
        plan = plan_edit(selection, wanted, person, door=door, seen_version=seen_version)
        changed = _at_once(operation, plan, person)
    return db.session.get_one(Operation, operation.id) if changed else None


def delete_at_once(selection: Selection, person: Person, *, door: str) -> Operation | None:
    """The same for a deletion: of a line that goes while the form of what it belongs to is saved."""
    with recording(person, door, "delete", model=selection.model) as operation:
        changed = _at_once(operation, plan_delete(selection, person, door=door), person)
    return db.session.get_one(Operation, operation.id) if changed else None


def _at_once(operation: Recording, plan: Plan, person: Person) -> bool:
    """Does what a plan says that nobody looked at, and says whether there was anything to do."""
    if plan.refused:
        raise Invalid({refusal.field: refusal.message for refusal in plan.refusals})
    if not plan.will_change:
        return False
    plan.stored.operation_id = operation.id  # before anything is asked: it is written with the plan's words
    why = approvals.above(plan.stored)
    if why:
        raise NeedsApproval(why)
    operation.describe(plan.words, plan.stored.selection_words, elsewhere.written(plan.stored))
    _run(operation, plan.stored, person, plan.will_change)
    return True


def _recorded(plan: Plan, person: Person) -> Operation:
    plan_id, verb, refused = plan.stored.id, plan.verb, plan.refused
    with recording(
        person,
        plan.stored.door,
        verb,
        title=plan.words,
        selection=plan.stored.selection_words,
        reason=plan.stored.reason,
        model=elsewhere.written(plan.stored),
        undoes=db.session.get(Operation, plan.stored.undoes_id) if plan.stored.undoes_id else None,
        effects=verb != "undo" or refused > 0,
    ) as operation:
        stored = operation.session.get_one(StoredPlan, plan_id, with_for_update=True, populate_existing=True)
        _check_not_applied(stored)
        rights.require_plan(person, stored)
        approval = approvals.granted(stored)
        watching.step(later("Checking that no row has moved"))
        _check_seal(operation, stored, person)
        _run(operation, stored, person, plan.will_change)
        stored.operation_id = operation.id
        approvals.sign(operation, stored, approval)
        watching.end(operation)
    return db.session.get_one(Operation, operation.id)


def _run(operation: Recording, stored: StoredPlan, person: Person, planned: int) -> None:
    module = elsewhere.module_of(stored)
    run = module.run if module else RUN[stored.verb]
    done = run(operation, stored, person)
    if done != planned:
        raise PlanMoved(planned - done, 0, 0)


def _check_not_applied(stored: StoredPlan) -> None:
    if stored.operation_id is not None:
        raise AlreadyApplied(db.session.get_one(Operation, stored.operation_id))


def _check_seal(operation: Recording, stored: StoredPlan, person: Person) -> None:
    """Reviews the plan anew and compares; what others did to other fields of the rows does not matter to an edit.

    SQLite has one writer: while no change is newer, no row has moved.
    """
    if operation.dialect == "sqlite" and last_change(operation.connection) == stored.seen:
        return
    with plan_seal.reviewed_anew(operation.connection, stored, person) as fresh:
        if plan_seal.compare(operation.connection, stored, fresh, person):
            bystanding.renew(operation.connection, stored, fresh)
