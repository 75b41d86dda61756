"""Undo: what an operation did, taken back where nobody wrote since. Redo is the undo of an undo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, String, Table, and_, case, literal, or_, select

from backoffice.core.access import Person
from backoffice.core.model import Record
from backoffice.core.operations import births, display, review, rights, snapshot, verdicts
from backoffice.core.operations.changes import CHANGE, changed_ids, of_operation
from backoffice.core.operations.models import Operation, StoredPlan, way_back_in_words
from backoffice.core.operations.review import (
    CHANGED_SINCE,
    GONE,
    HELD,
    MISSING,
    OUT_OF_SCOPE,
    PLAN_ROW,
    THERE_AGAIN,
    Sample,
)
from backoffice.core.operations.rules import Row
from backoffice.core.operations.tables import model_named, protected_tables, references, referring_to, table_of
from backoffice.core.selection import Ref
from backoffice.extensions import db

SAME = "="


def operation_of(plan: StoredPlan) -> Operation:
    """Returns the operation that the plan takes back."""
    return db.session.get_one(Operation, plan.undoes_id)


def kinds(operation: Operation, action: str) -> list[type[Record]]:
    """Returns the models of which the operation has changes with this action, parents before children."""
    order = [table.name for table in db.metadata.sorted_tables]
    found = [kind for kind, counts in operation.counts.items() if counts.get(action)]
    return [model_named(kind) for kind in sorted(found, key=order.index)]


def fill(connection: Connection, plan: StoredPlan, person: Person) -> None:
    """Writes the plan's rows: every row of the operation, with why it can go back or cannot."""
    operation = operation_of(plan)
    rights.require_undo(person, operation)
    births.settle_runs(connection, births.BIRTH.c.operation_id == operation.id)
    for model in kinds(operation, "delete"):
        _write(connection, plan, table_of(model), "delete", _why_not_insert(connection, plan, model))
    for model in kinds(operation, "update"):
        _write(connection, plan, table_of(model), "update", _why_not_update(connection, plan, model, person))
    for model in reversed(kinds(operation, "create")):
        _write(connection, plan, table_of(model), "create", _why_not_delete(plan, model, person))


def _write(connection: Connection, plan: StoredPlan, table: Table, action: str, why_not: Any) -> None:
    joined = CHANGE.outerjoin(table, table.c.id == CHANGE.c.entity_id)
    rows = select(CHANGE.c.entity_id, table.c.version, why_not.label("verdict")).select_from(joined)
    sub = rows.where(of_operation(plan.undoes_id or 0, table.name, action)).offset(0).subquery()
    outcome = case((sub.c.verdict.is_(None), "change"), (sub.c.verdict == SAME, "same"), else_="refused")
    rule = case((sub.c.verdict != SAME, sub.c.verdict))
    selected = select(literal(plan.id), literal(table.name), sub.c.entity_id, sub.c.version, outcome, rule)
    review.add_rows(connection, selected)


def _why_not_update(
    connection: Connection, plan: StoredPlan, model: type[Record], person: Person
) -> ColumnElement[Any]:
    table, dialect, operation = table_of(model), connection.dialect.name, operation_of(plan)
    columns = [table.columns[name] for name in operation.columns[table.name]]
    untouched = table.c.version == CHANGE.c.version_after  # a row that stays counts as it is now
    restored: dict[str, ColumnElement[Any]] = {
        c.name: case((untouched, snapshot.restore_or_keep(dialect, CHANGE.c.before, c)), else_=c) for c in columns
    }
    after = Row({**{c.name: c for c in table.columns}, **restored}, _going_back(operation, table))
    rules = verdicts.asked(model, "undo", frozenset(restored))
    return case(
        (table.c.id.is_(None), literal(GONE, String())),
        *_not_theirs(plan, model, person),
        (table.c.version == CHANGE.c.version_before, literal(SAME, String())),
        (table.c.version != CHANGE.c.version_after, literal(CHANGED_SINCE, String())),
        *_missing_parents(plan, table, restored),
        else_=verdicts.first_broken(rules, verdicts.stored_row(table), after),
    )


def _going_back(operation: Operation, table: Table) -> Select[tuple[int]]:
    """Returns the ids of the rows that nobody wrote since the operation did."""
    change, row = CHANGE.alias(), table.alias()
    untouched = select(change.c.entity_id).join(row, row.c.id == change.c.entity_id)
    return untouched.where(
        change.c.operation_id == operation.id,
        change.c.entity_type == table.name,
        change.c.version_after == row.c.version,
    )


def _why_not_insert(connection: Connection, plan: StoredPlan, model: type[Record]) -> ColumnElement[Any]:
    table, dialect = table_of(model), connection.dialect.name
    restored = {c.name: snapshot.restore(dialect, CHANGE.c.before, c) for c in snapshot.columns_of(table).values()}
    after = Row({"id": CHANGE.c.entity_id, **restored}, changed_ids(plan.undoes_id or 0, table.name))
    return case(
        (table.c.version == CHANGE.c.version_before, literal(SAME, String())),
        (table.c.id.is_not(None), literal(THERE_AGAIN, String())),
        *_missing_parents(plan, table, restored),
        else_=verdicts.first_broken(verdicts.asked(model, "undo"), None, after),
    )


def _why_not_delete(plan: StoredPlan, model: type[Record], person: Person) -> ColumnElement[Any]:
    table = table_of(model)
    holders = [(condition, literal(HELD + name, String())) for name, condition in _holders(plan, table)]
    return case(
        (table.c.id.is_(None), literal(SAME, String())),
        *_not_theirs(plan, model, person),
        (table.c.version != CHANGE.c.version_after, literal(CHANGED_SINCE, String())),
        *holders,
        else_=verdicts.first_broken(verdicts.asked(model, "unmake"), verdicts.stored_row(table), None),
    )


def _not_theirs(
    plan: StoredPlan, model: type[Record], person: Person
) -> list[tuple[ColumnElement[bool], ColumnElement[Any]]]:
    """Returns the case of rows that the person may no longer see; what goes along with others is not asked."""
    if table_of(model).name != plan.entity_type:
        return []
    return [(rights.out_of_scope(person, model), literal(OUT_OF_SCOPE, String()))]


def _holders(plan: StoredPlan, table: Table) -> Iterator[tuple[str, ColumnElement[bool]]]:
    """Yields the conditions that other rows need a created row by now, those that go back as well set aside."""
    for reference in referring_to(table):
        if reference.on_delete == "SET NULL" or _is_own(reference.child):
            continue
        child = reference.child.alias()
        points = child.columns[reference.column.name] == table.c.id
        if child.element.name in protected_tables():  # type: ignore[attr-defined]
            goes = PLAN_ROW.alias()
            away = select(goes.c.entity_id).where(
                goes.c.plan_id == plan.id, goes.c.entity_type == reference.child.name, goes.c.outcome == "change"
            )
            same = changed_ids(plan.undoes_id or 0, table.name, "create")
            points &= child.c.id.not_in(same if reference.child.name == table.name else away)
        yield reference.child.name, select(literal(1)).select_from(child).where(points).exists()


def _is_own(table: Table) -> bool:
    """Says whether a table only keeps plans, which go with their author."""
    return table.name in ("plan", "plan_row")


def _missing_parents(
    plan: StoredPlan, table: Table, restored: dict[str, ColumnElement[Any]]
) -> list[tuple[ColumnElement[bool], ColumnElement[Any]]]:
    found: list[tuple[ColumnElement[bool], ColumnElement[Any]]] = []
    for reference in references():
        if reference.child is not table or reference.column.name not in restored:
            continue
        value, parent = restored[reference.column.name], reference.parent.alias()
        there = select(parent.c.id).where(parent.c.id == value).exists()
        back = PLAN_ROW.alias()
        comes_back = select(back.c.entity_id).where(
            back.c.plan_id == plan.id, back.c.entity_type == reference.parent.name, back.c.outcome == "change"
        )
        own = changed_ids(plan.undoes_id or 0, table.name, "delete")
        comes = value.in_(own if reference.parent is table else comes_back)
        # who comes back is asked first: a set at hand, where an index would be searched among rows that are just gone
        missing = and_(value.is_not(None), ~or_(comes, there))
        found.append((missing, literal(MISSING + reference.parent.name, String())))
    return found


def words(plan: StoredPlan, count: int) -> str:
    """Returns the sentence on the button: "Undo: ..." or, for an undo, "Redo: ..."."""
    return way_back_in_words(operation_of(plan).title)


def samples(plan: StoredPlan, person: Person) -> list[Sample]:
    """Returns the first rows that would go back, as they are and as they would be."""
    model = model_named(plan.entity_type)
    fields = rights.visible(person, model)
    ids = review.first_ids(plan)
    changes = select(CHANGE.c.entity_id, CHANGE.c.before, CHANGE.c.after).where(
        of_operation(plan.undoes_id or 0, plan.entity_type), CHANGE.c.entity_id.in_(ids)
    )
    found = []
    for row_id, before, after in db.session.execute(changes.order_by(CHANGE.c.entity_id)).all():
        label = str((before or after or {}).get(model.__label__, display.numbered(row_id)))
        there = display.refs(model, [row_id]).get(row_id) or Ref(row_id, str(row_id), label)
        differences = display.field_changes(fields, after, before) if before and after else []
        found.append(Sample(there, tuple(differences)))
    return found
