"""Faults caused, not imagined: a process killed in the middle, two people at once, a lock that does not come."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import create_engine, event, select, text

from backoffice.core.access import SYSTEM
from backoffice.core.operations import (
    AlreadyApplied,
    Busy,
    Operation,
    OperationError,
    PlanMoved,
    apply,
    find_plan,
    plan_delete,
    plan_edit,
    plan_undo,
    recording,
    verifying,
)
from backoffice.core.selection import Selection
from backoffice.enrollments.models import Enrollment
from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories
from tests.core.children import killed_at
from tests.core.operations.tables import stored_rows


def students(search=""):
    return Selection.parse(Student, SYSTEM, search=search)


def plan_to_edit():
    for number in range(5):
        factories.student(full_name=f"Student {number}", city="Leeds")
    return plan_edit(students(), {"city": "York"}, SYSTEM)


def plan_to_delete():
    enrollment = factories.enrollment()
    factories.progress(enrollment=enrollment)
    return plan_delete(Selection.parse(Enrollment, SYSTEM), SYSTEM)


def plan_to_take_back():
    return plan_undo(apply(plan_to_delete(), SYSTEM), SYSTEM)


@pytest.mark.parametrize("make", [plan_to_edit, plan_to_delete, plan_to_take_back])
def test_a_process_killed_in_the_middle_of_an_apply_changes_nothing(session, make):
    token = make().token
    before, operations = stored_rows(), len(session.scalars(select(Operation)).all())

    statement = 1
    while killed_at(statement, lambda: apply(find_plan(token, SYSTEM), SYSTEM)) and stored_rows() == before:
        assert len(session.scalars(select(Operation)).all()) == operations
        statement += 1

    assert statement > 8
    assert stored_rows() != before
    assert len(session.scalars(select(Operation)).all()) == operations + 1
    with pytest.raises(AlreadyApplied):
        apply(find_plan(token, SYSTEM), SYSTEM)
    assert list(verifying.problems(session())) == []


def in_a_thread(app, work):
    """Does `work` as another person's request would, and returns the thread and what came of it."""
    outcome = []

    def run():
        with app.app_context():
            try:
                outcome.append(work())
            except OperationError as error:
                outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcome


def test_two_clicks_on_apply_are_one_operation(app, session):
    token = plan_to_edit().token
    session.remove()
    work = [in_a_thread(app, lambda: apply(find_plan(token, SYSTEM), SYSTEM).id) for _ in range(4)]
    for thread, _ in work:
        thread.join()
    outcomes = [outcome[0] for _, outcome in work]
    done = [outcome for outcome in outcomes if isinstance(outcome, int)]
    assert len(done) == 1
    assert [type(outcome) for outcome in outcomes if not isinstance(outcome, int)] == [AlreadyApplied] * 3
    assert list(verifying.problems(session())) == []


def test_two_plans_for_the_same_rows_never_lose_a_write(app, session):
    student_id = factories.student(city="Leeds").id
    tokens = [plan_edit(students(), {"city": city}, SYSTEM).token for city in ("York", "Bath")]
    session.remove()
    work = [in_a_thread(app, lambda t=token: apply(find_plan(t, SYSTEM), SYSTEM).title) for token in tokens]
    for thread, _ in work:
        thread.join()
    outcomes = [outcome[0] for _, outcome in work]
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["PlanMoved", "str"]
    won = next(outcome for outcome in outcomes if isinstance(outcome, str))
    assert session.get(Student, student_id).city in won


def test_eight_writers_at_once_all_get_through(app, session):
    ids = [factories.student(city="Leeds").id for _ in range(8)]
    session.remove()

    def write(student_id):
        for number in range(5):
            with recording(SYSTEM, "system", "update") as operation:
                operation.update(Student, Student.id == student_id, {"phone": str(number)})
        return "done"

    work = [in_a_thread(app, lambda i=student_id: write(i)) for student_id in ids]
    for thread, _ in work:
        thread.join()
    assert [outcome for _, outcome in work] == [["done"]] * 8
    assert session.scalars(select(Student.phone)).all() == ["4"] * 8


def test_a_lock_that_does_not_come_is_told_as_busy_and_changes_nothing(app, session):
    token = plan_to_edit().token
    before = stored_rows()
    impatient = "PRAGMA busy_timeout=50" if db.engine.dialect.name == "sqlite" else "SET lock_timeout = '50ms'"
    session.remove()
    db.engine.dispose()
    outsider = create_engine(db.engine.url)  # stands in no line
    with outsider.connect() as holder:
        holder.execute(text("UPDATE student SET city = city"))

        @event.listens_for(db.engine, "checkout")
        def hurry(connection, record, proxy):
            connection.cursor().execute(impatient)

        try:
            with pytest.raises(Busy):
                apply(find_plan(token, SYSTEM), SYSTEM)
        finally:
            event.remove(db.engine, "checkout", hurry)
        holder.rollback()
    outsider.dispose()
    session.remove()
    db.engine.dispose()
    assert stored_rows() == before
    assert apply(find_plan(token, SYSTEM), SYSTEM).row_count == 5


def test_a_row_deleted_since_the_review_stops_everything(session):
    plan = plan_to_edit()
    first = session.scalars(select(Student).order_by(Student.id)).first()
    with recording(SYSTEM, "system", "delete"):
        session.delete(first)
    with pytest.raises(PlanMoved) as moved:
        apply(plan, SYSTEM)
    assert (moved.value.changed, moved.value.entered, moved.value.left) == (0, 0, 1)
