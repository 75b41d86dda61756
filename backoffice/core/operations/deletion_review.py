"""Deletions: what goes along, what lets go, and what holds rows in place, before anything is deleted."""

from __future__ import annotations

from sqlalchemy import Connection, String, and_, case, literal, select, true

from backoffice.core.access import Person, Verb
from backoffice.core.operations import display, holders, reassigning, review, rights, verdicts
from backoffice.core.operations.edit_review import selection_of, whom
from backoffice.core.operations.models import StoredPlan
from backoffice.core.operations.recording import Recording
from backoffice.core.operations.review import HELD, PLAN_ROW, Sample
from backoffice.core.operations.tables import Reference, model_named, protected_tables, referring_to, table_of
from backoffice.core.wording import gettext


def fill(connection: Connection, plan: StoredPlan, person: Person) -> None:
    """Writes the plan's rows: those that can be deleted, those that are held, and what goes along with the former."""
    model = model_named(plan.entity_type)
    table = table_of(model)
    rights.require(person, Verb.DELETE, model, plan.door)
    selection = selection_of(plan, person)
    reassigning.checked(selection, holders.wanted(plan), person, plan.door)
    where = selection.where()
    meant = select(table.c.id).where(true() if where is None else where)
    broken = verdicts.first_broken(verdicts.asked(model, "delete"), verdicts.stored_row(table), None)
    held = [
        (condition, literal(HELD, String()))
        for condition in holders.conditions(table, meant, moved=holders.moved(plan))
    ]
    cases = [*rights.not_theirs(person, model), *reassigning.staying(plan, meant), *held]
    verdict = case(*cases, else_=broken) if cases else broken
    rows = select(table.c.id, table.c.version, verdict.label("verdict")).where(true() if where is None else where)
    sub = rows.offset(0).subquery()
    outcome = case((sub.c.verdict.is_(None), "change"), else_="refused")
    selected = select(literal(plan.id), literal(table.name), sub.c.id, sub.c.version, outcome, sub.c.verdict)
    review.add_rows(connection, selected)
    for move, _ in reassigning.chosen(plan):
        _add(connection, plan, move.reference, "change")
    add_dependents(connection, plan, table.name)


def add_dependents(connection: Connection, plan: StoredPlan, root: str) -> None:
    """Adds to the plan what goes along with its rows, level by level, and what lets go of them."""
    waiting = [root]
    while waiting:
        parent = waiting.pop(0)
        for reference in _business(parent):
            if reference.on_delete == "CASCADE" and _add(connection, plan, reference, "cascade"):
                waiting.append(reference.child.name)
    for parent in {root, *_kinds(connection, plan)}:
        for reference in _business(parent):
            if reference.on_delete == "SET NULL":
                _add(connection, plan, reference, "unlink")


def _add(connection: Connection, plan: StoredPlan, reference: Reference, outcome: str) -> int:
    child = reference.child
    goes = review.rows_of(plan, "change", "cascade", entity_type=reference.parent.name)
    known = review.rows_of(plan, entity_type=child.name)
    rows = select(
        literal(plan.id), literal(child.name), child.c.id, child.c.version, literal(outcome), literal(None, String())
    ).where(and_(reference.column.in_(goes), child.c.id.not_in(known)))
    return review.add_rows(connection, rows)


def _kinds(connection: Connection, plan: StoredPlan) -> list[str]:
    kinds = select(PLAN_ROW.c.entity_type).where(PLAN_ROW.c.plan_id == plan.id, PLAN_ROW.c.outcome == "cascade")
    return list(connection.execute(kinds.distinct()).scalars())


def _business(kind: str) -> list[Reference]:
    return [
        reference
        for reference in referring_to(table_of(model_named(kind)))
        if reference.child.name in protected_tables()
    ]


def words(plan: StoredPlan, count: int) -> str:
    """Returns the sentence on the button."""
    rows, moves = whom(plan, count), reassigning.words(plan)
    if moves:
        return gettext("Delete %(rows)s; first move %(moves)s", rows=rows, moves=moves)
    return gettext("Delete %(rows)s", rows=rows)


def samples(plan: StoredPlan, person: Person) -> list[Sample]:
    """Returns the first rows that would go."""
    model = model_named(plan.entity_type)
    return [Sample(display.ref(model, row_id), ()) for row_id in review.first_ids(plan)]


def run(operation: Recording, plan: StoredPlan, person: Person) -> int:
    """Deletes the rows that the plan says will go, with what goes along, and returns how many; first some are let go."""
    reassigning.run(operation, plan)
    model = model_named(plan.entity_type)
    return operation.delete(model, table_of(model).c.id.in_(review.rows_of(plan, "change")))
