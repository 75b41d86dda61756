"""Rows that moved since a review in a way that is none of the plan's business: others changed other fields."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, FromClause, and_, false, func, or_, select, update

from backoffice.core.access import Person
from backoffice.core.operations import edit_review, elsewhere, snapshot
from backoffice.core.operations.changes import CHANGE
from backoffice.core.operations.models import StoredPlan
from backoffice.core.operations.review import PLAN_ROW
from backoffice.core.operations.tables import model_named, table_of


def untouched(connection: Connection, plan: StoredPlan, seen: FromClause, person: Person) -> ColumnElement[bool]:
    """Returns the condition that no change since the review touched what an edit writes or reads of a row.

    `seen` is the plan's row with the version that the review saw: the changes after it tell what moved since. A deletion
    or an undo concerns the whole row, so there every change matters.
    """
    if plan.verb != "update" or elsewhere.module_of(plan):
        return false()
    columns = table_of(model_named(plan.entity_type)).columns
    dialect = connection.dialect.name
    read = [columns[name] for name in sorted(edit_review.judgement(connection, plan, person).reads)]
    touched = [
        snapshot.restore(dialect, CHANGE.c.before, column).is_distinct_from(
            snapshot.restore(dialect, CHANGE.c.after, column)
        )
        for column in read
        if column.computed is None
    ]
    mine = and_(CHANGE.c.entity_type == seen.c.entity_type, CHANGE.c.entity_id == seen.c.entity_id)
    then = select(func.max(CHANGE.c.id)).where(mine, CHANGE.c.version_after == seen.c.version).correlate(seen)
    later = select(CHANGE.c.id).where(mine, CHANGE.c.id > func.coalesce(then.scalar_subquery(), 0))
    return ~later.where(or_(CHANGE.c.action != "update", *touched)).correlate(seen).exists()


def renew(connection: Connection, plan: StoredPlan, fresh: StoredPlan) -> None:
    """Puts the present versions into the plan's seal, after a comparison that found nothing against it."""
    new = PLAN_ROW.alias()
    moved = and_(
        PLAN_ROW.c.plan_id == plan.id,
        new.c.plan_id == fresh.id,
        new.c.entity_type == PLAN_ROW.c.entity_type,
        new.c.entity_id == PLAN_ROW.c.entity_id,
        new.c.version != PLAN_ROW.c.version,
    )
    connection.execute(update(PLAN_ROW).where(moved).values(version=new.c.version))
