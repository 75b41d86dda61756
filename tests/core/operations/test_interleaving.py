"""Two people at work on the same rows at the same time, in any order: nobody writes over what they did not see."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import select

from backoffice.core.operations import Operation, PlanMoved, apply, plan_delete, plan_edit, plan_undo, verifying
from backoffice.core.operations.models import Change
from backoffice.core.selection import Selection
from backoffice.students.models import Student
from tests import factories
from tests.core.operations.tables import stored_rows

SEARCHES = ("", "city:Leeds", "city:York", "phone:1", "city:none", "-phone:1")
VALUES = {"city": ("Leeds", "York", None), "phone": ("1", "2", None)}
FIELDS = (Student.id, Student.city, Student.phone)
STEPS = 25

Rows = dict[int, dict[str, Any]]


class Desk:
    """One of the two: opens reviews and applies them later, whatever has happened in between."""

    def __init__(self, session: Any, lot: random.Random) -> None:
        self.session = session
        self.lot = lot
        self.person = factories.staff("admin")
        self.review: tuple[Any, Rows] | None = None

    def open(self) -> None:
        """Reviews an edit, a deletion or an undo of something."""
        plan = self.lot.choice((self.edit, self.edit, self.edit, self.delete, self.undo))()
        self.review = (plan, self.rows()) if plan.will_change else None

    def edit(self) -> Any:
        field = self.lot.choice(sorted(VALUES))
        selection = Selection.parse(Student, self.person, search=self.lot.choice(SEARCHES))
        return plan_edit(selection, {field: self.lot.choice(VALUES[field])}, self.person)

    def delete(self) -> Any:
        ids = self.lot.sample(sorted(self.rows()) or [1], 1)
        return plan_delete(Selection.parse(Student, self.person, ids=ids), self.person)

    def undo(self) -> Any:
        done = self.session.scalars(select(Operation).where(Operation.verb.in_(("update", "delete", "undo")))).all()
        return plan_undo(self.lot.choice(done), self.person) if done else self.edit()

    def rows(self) -> Rows:
        return {row[0]: {"city": row[1], "phone": row[2]} for row in self.session.execute(select(*FIELDS))}

    def apply(self) -> None:
        """Applies the open review; whatever it writes over must be what its reader saw."""
        assert self.review is not None
        plan, seen = self.review
        self.review = None
        before, tables = self.rows(), stored_rows()
        try:
            operation = apply(plan, self.person)
        except PlanMoved:
            assert stored_rows() == tables
            return
        for change in self.session.scalars(select(Change).where(Change.operation_id == operation.id)):
            written = set(change.after or change.before or {}) & set(VALUES)
            now, then = before.get(change.entity_id), seen.get(change.entity_id)
            assert {name: now and now[name] for name in written} == {name: then and then[name] for name in written}


@pytest.mark.parametrize("seed", range(6))
def test_nobody_writes_over_what_they_did_not_see(session: Any, seed: int) -> None:
    lot = random.Random(seed)
    desks = (Desk(session, lot), Desk(session, lot))
    for _ in range(5):
        factories.student(city=lot.choice(VALUES["city"]), phone=lot.choice(VALUES["phone"]))
    for _ in range(STEPS):
        desk = lot.choice(desks)
        desk.apply() if desk.review else desk.open()
    assert list(verifying.problems(session())) == []
