"""The seal of a plan: the rows that its review saw, beside what a review sees now."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Select, String, and_, case, func, literal, or_, select

from backoffice.core import reader
from backoffice.core.access import Person
from backoffice.core.clock import utcnow
from backoffice.core.operations import bystanding, display, review
from backoffice.core.operations.edit_review import selection_of
from backoffice.core.operations.errors import Invalid, MovedRow, PlanMoved
from backoffice.core.operations.models import StoredPlan
from backoffice.core.operations.plan import Plan, drop_rows, reviewer, store, storing
from backoffice.core.operations.review import PLAN_ROW
from backoffice.core.operations.tables import model_named
from backoffice.core.selection import Selection
from backoffice.core.wording import gettext
from backoffice.extensions import db

ASIDE = "aside"  # others changed other fields of the row than the plan writes or reads
NAMED = 10  # rows that a message names
MOST_LEFT_OUT = 10_000  # rows; more cannot be named one by one


@contextmanager
def reviewed_anew(connection: Connection, stored: StoredPlan, person: Person) -> Iterator[StoredPlan]:
    """Gives a review of the same rows as they are now, which is gone again afterwards."""
    fresh = _copy(stored)
    fresh.token, fresh.author_id, fresh.created_at = secrets.token_urlsafe(24), stored.author_id, utcnow()
    db.session.add(fresh)
    db.session.flush()
    reviewer(stored).fill(connection, fresh, person)
    yield fresh
    drop_rows(connection, fresh.id)
    db.session.delete(fresh)
    db.session.flush()


def compare(
    connection: Connection, stored: StoredPlan, fresh: StoredPlan, person: Person, may_leave: bool = False
) -> bool:
    """Raises PlanMoved, with counts and the first rows, where the rows of two reviews differ.

    Says whether others meanwhile changed what is none of the plan's business: its seal is then to be renewed.
    """
    moved = _moved(connection, stored, fresh, person, may_leave).subquery()
    counts = {row[0]: row[1] for row in connection.execute(select(moved.c.how, func.count()).group_by(moved.c.how))}
    if not counts.keys() - {ASIDE}:
        return bool(counts)
    first = select(moved.c.how, moved.c.entity_type, moved.c.entity_id).where(moved.c.how != ASIDE)
    first = first.order_by(moved.c.how, moved.c.entity_id)
    named = [
        MovedRow(how, kind, display.ref(model_named(kind), row_id))
        for how, kind, row_id in connection.execute(first.limit(NAMED))
    ]
    changed, entered, left = (counts.get(how, 0) for how in ("changed", "entered", "left"))
    raise PlanMoved(changed, entered, left, named, _rest(connection, stored, moved))


def renewed(plan: Plan, person: Person) -> Plan:
    """Returns the plan to do the same to the rows as they are now, sealed anew."""
    return store(_copy(plan.stored), person)


def rest_of(plan: Plan, person: Person) -> Plan:
    """Returns the plan to do the same to the rows that are still as its review showed them, sealed anew.

    Raises PlanMoved where that cannot be told apart: other rows that go along have moved as well.
    """
    stored = plan.stored
    with storing() as connection, reviewed_anew(connection, stored, person) as fresh:
        moved = _moved(connection, stored, fresh, person).subquery()
        ids = select(moved.c.entity_id).where(
            moved.c.entity_type == stored.entity_type, moved.c.how.not_in((ASIDE, "left"))
        )
        gone = list(connection.execute(ids.limit(MOST_LEFT_OUT + 1)).scalars())
    new = _less(stored, gone, person)
    compare(db.session.connection(), stored, new.stored, person, may_leave=True)
    return new


def without_refused(plan: Plan, rule: str, person: Person) -> Plan:
    """Returns the plan to do the same to its rows but those that `rule` refuses."""
    refused = review.rows_of(plan.stored, "refused").where(PLAN_ROW.c.rule == rule).limit(MOST_LEFT_OUT + 1)
    return _less(plan.stored, list(db.session.scalars(refused)), person)


def _less(stored: StoredPlan, ids: Collection[int], person: Person) -> Plan:
    selection, gone = selection_of(stored, person), {*ids}
    gone |= {*selection.without}
    if len(gone) > MOST_LEFT_OUT:
        raise Invalid(
            {
                "": gettext(
                    "More than %(most)s rows cannot be left out one by one; narrow the search instead.",
                    most=reader.number(MOST_LEFT_OUT),
                )
            }
        )
    if selection.ids is None:
        return store(_copy(stored, selection.narrowed(without=sorted(gone))), person)
    return store(_copy(stored, selection.narrowed(ids=[i for i in selection.ids if i not in gone])), person)


def _copy(stored: StoredPlan, selection: Selection | None = None) -> StoredPlan:
    with reader.kept():
        words = selection.narrowing() if selection else stored.selection_words
    return StoredPlan(
        door=stored.door,
        verb=stored.verb,
        entity_type=stored.entity_type,
        values=stored.values,
        selection=selection.params() if selection else stored.selection,
        selection_words=words,
        reason=stored.reason,
        form=stored.form,
        words=stored.words,
        undoes_id=stored.undoes_id,
    )


def _rest(connection: Connection, stored: StoredPlan, moved: Any) -> int:
    """Returns how many rows can still be changed as the review said; 0 where what goes along has moved."""
    really = select(moved.c.entity_id).where(moved.c.how != ASIDE)
    if connection.execute(really.where(moved.c.entity_type != stored.entity_type).limit(1)).first():
        return 0
    still = review.rows_of(stored, "change").where(PLAN_ROW.c.entity_id.not_in(really))
    return int(connection.execute(select(func.count()).select_from(still.subquery())).scalar_one())


def _moved(
    connection: Connection, stored: StoredPlan, fresh: StoredPlan, person: Person, may_leave: bool = False
) -> Any:
    """Returns the SELECT of the rows in which two reviews differ, and how; those that moved aside of the plan as ASIDE."""
    old, new = PLAN_ROW.alias(), PLAN_ROW.alias()
    same_row = and_(old.c.entity_type == new.c.entity_type, old.c.entity_id == new.c.entity_id)
    judged_anew = or_(old.c.outcome != new.c.outcome, old.c.rule.is_distinct_from(new.c.rule))
    differs = or_(old.c.version.is_distinct_from(new.c.version), judged_anew)
    aside = bystanding.untouched(connection, stored, old, person)
    how = case((judged_anew, "changed"), (aside, ASIDE), else_="changed").label("how")
    changed = select(old.c.entity_type, old.c.entity_id, how).where(
        same_row, old.c.plan_id == stored.id, new.c.plan_id == fresh.id, differs
    )
    left = () if may_leave else (_missing(stored, fresh, "left"),)
    return changed.union_all(_missing(fresh, stored, "entered"), *left)


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
