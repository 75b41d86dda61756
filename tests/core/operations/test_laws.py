"""A random walk of creates, edits, bulk edits, deletions and undos against a plain dictionary."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from backoffice.core.access import SYSTEM
from backoffice.core.operations import (
    Append,
    Change,
    Operation,
    apply,
    create,
    plan_delete,
    plan_edit,
    plan_undo,
    verifying,
)
from backoffice.core.selection import Selection
from backoffice.students.models import Student
from tests import factories
from tests.core.operations.tables import stored_rows

STEPS = 30
CITIES = ("Leeds", "York", None)


class Walk:
    """Does a step in the database and in `rows` (id -> (version, city, phone)), with `log` (operation -> its pairs)."""

    def __init__(self, session, seed):
        self.session = session
        self.random = random.Random(seed)
        self.rows = {}
        self.log = {}

    def step(self):
        self.random.choice(
            (self.create, self.edit_one, self.edit_many, self.edit_many, self.delete, self.undo, self.undo)
        )()

    def create(self):
        values = {"student_number": f"S{self.random.random()}", "full_name": "X", "city": self.random.choice(CITIES)}
        student = create(Student, values, SYSTEM, "form")
        self.write(student.version, {student.id: (student.version, values["city"], None)})

    def edit_one(self):
        if self.rows:
            self.edit(Selection.parse(Student, SYSTEM, ids=(self.random.choice(sorted(self.rows)),)))

    def edit_many(self):
        city = self.random.choice(CITIES)
        self.edit(Selection.parse(Student, SYSTEM, search=f"city:{city}" if city else "city:none"))

    def edit(self, selection):
        field, value = self.random.choice(
            (("city", "Leeds"), ("city", None), ("city", Append("!")), ("phone", "1"), ("phone", "2"))
        )
        plan = plan_edit(selection, {field: value}, SYSTEM)
        if not plan.will_change:
            return
        ids = self.session.scalars(selection.select_ids()).all()
        number = apply(plan, SYSTEM).id
        changed = {}
        for row_id in ids:
            _, city, phone = self.rows[row_id]
            given = f"{city or ''}!" if isinstance(value, Append) else value
            new = (number, given, phone) if field == "city" else (number, city, given)
            if new[1:] != (city, phone):
                changed[row_id] = new
        self.write(number, changed)

    def delete(self):
        if self.rows:
            row_id = self.random.choice(sorted(self.rows))
            plan = plan_delete(Selection.parse(Student, SYSTEM, ids=(row_id,)), SYSTEM)
            self.write(apply(plan, SYSTEM).id, {row_id: None})

    def undo(self):
        if not self.log:
            return
        undone = self.random.choice(sorted(self.log))
        plan = plan_undo(self.session.get(Operation, undone), SYSTEM)
        back = {row_id: old for row_id, (old, new) in self.log[undone].items() if self.rows.get(row_id) == new}
        assert plan.will_change == len(back)
        if back:
            self.write(apply(plan, SYSTEM).id, back)

    def write(self, number, new):
        self.log[number] = {row_id: (self.rows.get(row_id), row) for row_id, row in new.items()}
        for row_id, row in new.items():
            if row is None:
                del self.rows[row_id]
            else:
                self.rows[row_id] = row


@pytest.mark.parametrize("seed", range(4))
def test_the_tables_are_what_a_plain_dictionary_would_be(session, seed):
    walk = Walk(session, seed)
    for _ in range(STEPS):
        walk.step()
        found = session.execute(select(Student.id, Student.version, Student.city, Student.phone)).all()
        assert {row[0]: tuple(row[1:]) for row in found} == walk.rows
    assert list(verifying.problems(session())) == []


@pytest.mark.parametrize("seed", range(3))
def test_operations_taken_back_in_reverse_leave_nothing_of_themselves(session, seed):
    for _ in range(4):
        factories.student(city="Leeds")
    before = stored_rows()
    last = session.scalars(select(Operation.id).order_by(Operation.id.desc())).first()
    walk = Walk(session, seed)
    found = session.execute(select(Student.id, Student.version, Student.city, Student.phone)).all()
    walk.rows = {row[0]: tuple(row[1:]) for row in found}
    for _ in range(12):
        walk.random.choice((walk.create, walk.edit_one, walk.edit_many, walk.delete))()
    done = session.scalars(select(Operation).where(Operation.id > last).order_by(Operation.id.desc())).all()
    for operation in done:
        apply(plan_undo(operation, SYSTEM), SYSTEM)
    assert stored_rows() == before


def test_every_change_belongs_to_an_operation_and_every_row_to_its_last_change(session):
    walk = Walk(session, 99)
    for _ in range(10):
        walk.step()
    for row_id, (version, *_) in walk.rows.items():
        newest = select(Change.version_after).where(Change.entity_type == "student", Change.entity_id == row_id)
        assert session.scalars(newest.order_by(Change.id.desc())).first() == version
