"""The unit of work: whatever the session flushes is one operation with one change per row."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text, update

from backoffice.core.access import SYSTEM
from backoffice.core.operations import Change, Invalid, Operation, UnrecordedWrite, committed, recording
from backoffice.students.models import Student
from tests import factories


def changes_of(session, operation_id):
    rows = session.scalars(select(Change).where(Change.operation_id == operation_id).order_by(Change.id))
    return [(row.entity_type, row.entity_id, row.action, row.version_before, row.version_after) for row in rows]


def test_a_flushed_row_gets_the_operations_number_and_one_change(session):
    with recording(SYSTEM, "system", "create", title="Admit", model=Student) as operation:
        student = Student(student_number="S1", full_name="Ána Müller", status="active")
        session.add(student)

    assert student.version == operation.id
    assert student.created_at == student.updated_at == operation.at
    assert student.search_text == "s1 ana muller"
    assert changes_of(session, operation.id) == [("student", student.id, "create", None, operation.id)]
    entry = session.get(Operation, operation.id)
    assert (entry.title, entry.row_count, entry.counts) == ("Admit", 1, {"student": {"create": 1}})


def test_an_update_is_recorded_with_only_the_columns_that_changed(session):
    student = factories.student(full_name="Ana Muller", city="Leeds")
    with recording(SYSTEM, "system", "update") as operation:
        student.city = "York"
    change = session.scalars(select(Change).where(Change.operation_id == operation.id)).one()
    assert (change.before["city"], change.after["city"]) == ("Leeds", "York")
    assert set(change.after) == {"city", "search_text"}


def test_a_second_flush_of_the_same_row_keeps_the_first_before_and_the_last_after(session):
    student = factories.student(city="Leeds", phone="1")
    with recording(SYSTEM, "system", "update") as operation:
        student.city = "York"
        session.flush()
        student.city = None
        student.phone = "2"
    change = session.scalars(select(Change).where(Change.operation_id == operation.id)).one()
    assert (change.before["city"], change.before["phone"]) == ("Leeds", "1")
    assert (change.after["city"], change.after["phone"]) == (None, "2")


def test_a_deletion_through_the_session_records_what_goes_along(session):
    link = factories.student_contact()
    student, student_id, link_id = link.student, link.student_id, link.id
    with recording(SYSTEM, "system", "delete") as operation:
        session.delete(student)
    assert sorted(row[:3] for row in changes_of(session, operation.id)) == [
        ("student", student_id, "delete"),
        ("student_contact", link_id, "delete"),
    ]
    assert session.get(Student, student_id) is None


def test_an_operation_that_changes_nothing_leaves_no_entry(session):
    with recording(SYSTEM, "system", "update") as operation:
        pass
    assert session.get(Operation, operation.id) is None


def test_an_error_inside_leaves_nothing_behind(session):
    with pytest.raises(ZeroDivisionError), recording(SYSTEM, "system", "create"):
        session.add(Student(student_number="S1", full_name="Ana"))
        session.flush()
        _ = 1 / 0
    assert session.scalars(select(Student)).all() == []
    assert session.scalars(select(Operation)).all() == []


def test_a_taken_email_is_refused_in_words_at_its_field(session):
    factories.student(email="ana@example.org")
    with pytest.raises(Invalid) as refused, recording(SYSTEM, "system", "create"):
        session.add(Student(student_number="S9", full_name="Ana", email="ANA@example.org"))
    assert list(refused.value.errors) == ["email"]


def test_an_inner_recording_joins_the_outer_one(session):
    with recording(SYSTEM, "system", "create") as outer:
        session.add(Student(student_number="S1", full_name="Ana"))
        with recording(SYSTEM, "system", "create") as inner:
            session.add(Student(student_number="S2", full_name="Ben"))
    assert inner is outer
    assert len(changes_of(session, outer.id)) == 2


def test_the_signal_names_the_tables_after_the_commit(session):
    seen = []

    def listener(sender, tables):
        seen.append((sender, tables))

    with committed.connected_to(listener), recording(SYSTEM, "system", "create") as operation:
        session.add(Student(student_number="S1", full_name="Ana"))
        assert seen == []
    assert seen == [(operation.id, frozenset({"student"}))]


@pytest.mark.parametrize(
    "write",
    [
        lambda session, student: (setattr(student, "city", "York"), session.flush()),
        lambda session, student: (session.delete(student), session.flush()),
        lambda session, student: (session.add(Student(student_number="X", full_name="X")), session.flush()),
        lambda session, student: session.execute(update(Student).values(city="York")),
        lambda session, student: session.execute(Student.__table__.delete()),
        lambda session, student: session.execute(text("UPDATE student SET city = 'York'")),
        lambda session, student: session.execute(text('DELETE FROM "student"')),
    ],
)
def test_every_write_outside_of_an_operation_is_stopped(session, write):
    student = factories.student(city="Leeds")
    with pytest.raises(UnrecordedWrite):
        write(session, student)
    session.rollback()
    assert session.scalars(select(Student.city)).all() == ["Leeds"]


def test_a_statement_of_ones_own_inside_an_operation_is_stopped_as_well(session):
    factories.student(city="Leeds")
    with pytest.raises(UnrecordedWrite), recording(SYSTEM, "system", "update"):
        session.execute(update(Student).values(city="York"))
    assert session.scalars(select(Student.city)).all() == ["Leeds"]
