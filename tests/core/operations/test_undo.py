"""Undo and redo: rows come back byte for byte, later work is kept, what cannot come back is named."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from backoffice.core.access import SYSTEM, Refused
from backoffice.core.operations import (
    Change,
    Invalid,
    Operation,
    apply,
    create,
    plan_delete,
    plan_edit,
    plan_undo,
    record_event,
    recording,
)
from backoffice.core.operations.kept import changed_since
from backoffice.core.selection import Selection
from backoffice.courses.models import Course, Lesson
from backoffice.enrollments.models import Enrollment, LessonProgress
from backoffice.students.models import Student, StudentContact
from tests import factories
from tests.core.operations.tables import stored_rows


def edit(model, values, search="", person=SYSTEM, door="bulk"):
    return apply(plan_edit(Selection.parse(model, person, search=search), values, person, door=door), person)


def undo(operation, person=SYSTEM):
    return apply(plan_undo(operation, person), person)


def test_an_edit_taken_back_leaves_every_table_as_it_was(session):
    for number in range(12):
        factories.student(full_name=f"Student {number}", city="Leeds" if number % 3 else None, phone="1" * number)
    before = stored_rows()

    operation = edit(Student, {"city": "Ürümqi “'\\\n", "phone": None})
    changed = stored_rows()
    undone = undo(operation)

    assert changed != before
    assert stored_rows() == before
    assert (undone.verb, undone.undoes_id, undone.row_count) == ("undo", operation.id, 12)
    assert undone.title == f"Undo: {operation.title}"


def test_an_undo_taken_back_does_it_again(session):
    factories.student(city="Leeds")
    before = stored_rows()
    operation = edit(Student, {"city": "York"})
    done = stored_rows()
    undone = undo(operation)

    redone = undo(undone)
    assert stored_rows() == done
    assert redone.title == f"Redo: {operation.title}"

    undo(redone)
    assert stored_rows() == before


def test_rows_that_were_edited_later_are_kept_and_listed(session):
    ana = factories.student(full_name="Ana", city="Leeds")
    ben = factories.student(full_name="Ben", city="Leeds")
    operation = edit(Student, {"city": "York"})
    with recording(SYSTEM, "form", "update"):
        ben.phone = "123"

    plan = plan_undo(operation, SYSTEM)
    assert (plan.will_change, plan.refused) == (1, 1)
    assert [(r.rule, [ref.label for ref in r.examples]) for r in plan.refusals] == [("changed_since", ["Ben"])]
    apply(plan, SYSTEM)

    session.expire_all()
    assert (ana.city, ben.city, ben.phone) == ("Leeds", "York", "123")


def test_what_is_taken_back_already_is_already_so(session):
    factories.student(city="Leeds")
    operation = edit(Student, {"city": "York"})
    undo(operation)
    plan = plan_undo(operation, SYSTEM)
    assert (plan.will_change, plan.already_so, plan.refused) == (0, 1, 0)


def test_a_deletion_comes_back_with_all_that_went_along(session):
    enrollment = factories.enrollment()
    factories.progress(enrollment=enrollment)
    other = factories.enrollment(section=enrollment.section)
    factories.progress(enrollment=other, lesson=session.scalars(select(Lesson)).one())
    before = stored_rows()

    plan = plan_delete(Selection.parse(Enrollment, SYSTEM), SYSTEM)
    assert (plan.will_change, [(d.label, d.count, d.action) for d in plan.dependents]) == (
        2,
        [("lesson progress", 2, "delete")],
    )
    operation = apply(plan, SYSTEM)
    assert session.scalar(select(func.count()).select_from(LessonProgress)) == 0
    assert operation.counts == {"enrollment": {"delete": 2}, "lesson_progress": {"delete": 2}}

    undo(operation)
    assert stored_rows() == before


def test_rows_that_hold_others_in_place_are_told_before_and_nothing_else_is_deleted(session):
    held = factories.enrollment().student
    factories.enrollment(student=held)
    factories.invoice(student=held)
    free = factories.student()
    plan = plan_delete(Selection.parse(Student, SYSTEM), SYSTEM)

    assert (plan.will_change, plan.refused, plan.blocked) == (1, 1, 1)
    assert [(r.message, r.ids) for r in plan.refusals] == [
        ("2 enrollments and 1 invoice would be left behind.", (held.id,))
    ]
    free_id = free.id
    apply(plan, SYSTEM)
    assert session.scalars(select(Student.id).where(Student.id.in_([held.id, free_id]))).all() == [held.id]


def test_what_holds_rows_that_would_go_along_is_counted_as_well(session):
    line = factories.progress().lesson
    plan = plan_delete(Selection.parse(Course, SYSTEM), SYSTEM)

    told = {(r.message, r.ids) for r in plan.refusals}
    assert told == {("1 lesson progress and 1 section would be left behind.", (line.course_id,))}


def test_links_that_let_go_are_recorded_and_come_back(session):
    factories.staff("admin")
    owner = factories.staff("course_editor")
    course = factories.course(owner=owner)
    before = stored_rows()
    with recording(SYSTEM, "system", "delete", title="Remove") as operation:
        operation.delete(type(owner), type(owner).id == owner.id)
    assert course.owner_id is None
    undo(session.get(Operation, operation.id))
    assert stored_rows() == before


def test_a_new_row_taken_back_is_gone_and_its_redo_brings_it_again(session):
    before = stored_rows()
    student = create(Student, {"student_number": "S1", "full_name": "Ana", "email": "a@example.org"}, SYSTEM, "form")
    made = stored_rows()
    undone = undo(session.get(Operation, student.version))
    assert stored_rows() == before
    undo(undone)
    assert stored_rows() == made


def test_a_new_row_that_others_need_by_now_is_kept(session):
    student = create(Student, {"student_number": "S1", "full_name": "Ana"}, SYSTEM, "form")
    operation = session.get(Operation, student.version)
    factories.enrollment(student=student)
    plan = plan_undo(operation, SYSTEM)
    assert [r.message for r in plan.refusals] == ["1 enrollment would be left behind."]


def test_a_value_that_is_taken_by_now_is_refused_by_name(session):
    ana = factories.student(sourced_id="x1")
    operation = edit(Student, {"sourced_id": None})
    factories.student(sourced_id="x1")
    plan = plan_undo(operation, SYSTEM)
    assert [(r.message, r.ids) for r in plan.refusals] == [("Another student already has this sourced ID.", (ana.id,))]


def test_a_parent_that_is_gone_by_now_is_refused_by_name(session):
    link = factories.student_contact()
    student = link.student
    with recording(SYSTEM, "system", "delete", title="Remove") as removal:
        removal.delete(StudentContact, StudentContact.id == link.id)
    with recording(SYSTEM, "system", "delete") as later:
        later.delete(Student, Student.id == student.id)
    plan = plan_undo(session.get(Operation, removal.id), SYSTEM)
    assert [r.message for r in plan.refusals] == ["The student that it belongs to no longer exists."]


def test_an_undo_is_one_entry_with_a_change_per_row(session):
    for _ in range(3):
        factories.student(city="Leeds")
    undone = undo(edit(Student, {"city": "York"}))
    changes = session.scalars(select(Change).where(Change.operation_id == undone.id)).all()
    assert [(c.before["city"], c.after["city"]) for c in changes] == [("York", "Leeds")] * 3


def test_people_take_back_their_own_operations_and_administrators_all(session):
    factories.student()
    registrar, other, admin = factories.staff("registrar"), factories.staff("registrar"), factories.staff("admin")
    operation = edit(Student, {"city": "York"}, person=registrar)
    with pytest.raises(Refused):
        plan_undo(operation, other)
    assert plan_undo(operation, registrar).will_change == 1
    assert plan_undo(operation, admin).will_change == 1


def test_who_may_no_longer_change_a_field_may_not_by_taking_back_either(session):
    factories.staff("admin")
    factories.student(city="Leeds", financial_hold=False)
    person = factories.staff("registrar")
    held = edit(Student, {"financial_hold": True, "hold_reason": "unpaid"}, person=person, door="form")
    moved = edit(Student, {"city": "York", "preferred_name": "Ann"}, person=person, door="form")
    with recording(SYSTEM, "system", "update"):
        person.role = "support"

    with pytest.raises(Refused, match="may not change financial hold"):
        plan_undo(held, person)
    assert undo(moved, person).row_count == 1


def test_rows_that_are_no_longer_the_persons_are_kept_and_not_named(session):
    owner = factories.staff("course_editor")
    mine, lost = (factories.enrollment(section=factories.section(instructor=owner)) for _ in range(2))
    with recording(owner, "form", "update") as operation:
        operation.update(Enrollment, Enrollment.id.in_([mine.id, lost.id]), {"progress_pct": 50})
    with recording(SYSTEM, "system", "update"):
        lost.section.instructor = None

    plan = plan_undo(session.get(Operation, operation.id), owner)

    assert [(r.rule, r.count, [ref.label for ref in r.examples]) for r in plan.refusals] == [
        ("out_of_scope", 1, [f"no. {lost.id}"])
    ]
    apply(plan, owner)
    session.expire_all()
    assert (mine.progress_pct, lost.progress_pct) == (None, 50)


def test_what_is_kept_is_listed_with_both_values_and_who_changed_it(session):
    for name in ("Ana", "Ben"):
        factories.student(full_name=name, city="Leeds")
    operation = edit(Student, {"city": "York"})
    registrar = factories.staff("registrar", full_name="Rae")
    edit(Student, {"city": "Hull"}, search="ben", person=registrar)

    kept = changed_since(operation, registrar)

    assert [(k.ref.label, k.who, [(c.label, c.before, c.after) for c in k.fields]) for k in kept] == [
        ("Ben", "Rae", [("City", "Hull", "Leeds")])
    ]
    assert changed_since(operation, registrar, limit=0) == []


def test_what_changed_no_rows_cannot_be_taken_back(session):
    event = record_event(SYSTEM, "export", door="command", title="Exported 3 students", model=Student, row_count=3)
    with pytest.raises(Invalid):
        plan_undo(event, SYSTEM)
    assert (event.row_count, event.counts) == (3, {})
