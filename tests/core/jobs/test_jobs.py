"""A job is the same apply by a worker: done once, or rolled back and saying so."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import event, select

from backoffice.core import jobs
from backoffice.core.access import SYSTEM
from backoffice.core.jobs import Job, ledger, running, side, worker
from backoffice.core.jobs.queue import queue_of, waiting
from backoffice.core.operations import AlreadyApplied, Operation, apply, find_plan, plan_edit, recording, verifying
from backoffice.core.selection import Selection
from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories
from tests.core.operations.tables import stored_rows


def state(job_id):
    db.session.rollback()  # ends the view of the database that this session had
    job = db.session.get(Job, job_id)
    return job.state, job.error


def operations():
    return len(db.session.scalars(select(Operation)).all())


def job_of(person):
    """Returns a job that `person` started: every student's city is to be York."""
    factories.student(city="Leeds")
    return jobs.start(plan_edit(Selection.parse(Student, person), {"city": "York"}, person), person)


def test_a_worker_does_what_the_plan_says_and_the_job_leads_to_its_operation(session):
    job = factories.job()

    running.run(job.id)

    operation = session.get(Operation, job.operation_id)
    assert state(job.id) == ("done", "")
    assert (job.done, job.total, job.rows, job.attempts) == (1, 1, 1, 1)
    assert (operation.title, operation.row_count) == (job.title, 1)
    assert session.scalars(select(Student.city)).all() == ["York"]
    assert list(verifying.problems(session())) == []


def test_a_plan_that_is_asked_for_twice_is_one_job(session):
    job = factories.job()

    again = jobs.start(find_plan(job.plan_token, SYSTEM), SYSTEM)

    assert again.id == job.id


def test_a_plan_that_was_applied_in_the_request_becomes_no_job(session):
    factories.student(city="Leeds")
    plan = plan_edit(Selection.parse(Student, SYSTEM), {"city": "York"}, SYSTEM)
    apply(plan, SYSTEM)

    with pytest.raises(AlreadyApplied):
        jobs.start(plan, SYSTEM)


def test_a_job_that_is_run_again_and_again_happens_once(session):
    job_id = factories.job().id
    running.run(job_id)
    known = operations()

    running.run(job_id)

    assert operations() == known


def test_four_workers_that_want_the_same_job_do_it_once(app, session):
    job_id = factories.job().id
    known = operations()
    session.remove()

    def run():
        with app.app_context():
            running.run(job_id)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert state(job_id) == ("done", "")
    assert operations() == known + 1


def test_a_runner_that_lost_its_job_to_another_one_changes_nothing(session):
    job_id = factories.job().id
    before = stored_rows()

    def lose(connection, cursor, statement, *rest):
        if statement.lstrip().startswith("UPDATE student"):
            cursor.connection.cursor().execute("UPDATE job SET runner = 'another'")

    event.listen(db.engine, "before_cursor_execute", lose)
    try:
        running.run(job_id)
    finally:
        event.remove(db.engine, "before_cursor_execute", lose)

    assert stored_rows() == before
    assert state(job_id)[0] == "running"  # rolled back with the rest: the claim still stands, and nobody holds it


def test_rows_that_moved_fail_the_job_in_words_and_change_nothing(session):
    job_id = factories.job().id
    with recording(SYSTEM, "system", "update") as operation:
        operation.update(Student, Student.id > 0, {"city": "Hull"})
    before = stored_rows()

    running.run(job_id)

    assert state(job_id)[0] == "failed"
    assert "Nothing was applied: 1 row changed since" in state(job_id)[1]
    assert stored_rows() == before


def test_a_job_that_is_cancelled_while_it_waits_never_begins(session):
    job = factories.job()
    before = stored_rows()

    jobs.cancel(job)
    running.run(job.id)

    assert state(job.id) == ("cancelled", ledger.CANCELLED)
    assert stored_rows() == before


@pytest.mark.parametrize("table", ["change", "student"])
def test_a_job_that_is_cancelled_between_two_steps_leaves_nothing_behind(session, table):
    job_id = factories.job().id
    before, known = stored_rows(), operations()

    def wish(connection, cursor, statement, *rest):
        if statement.lstrip().startswith((f"INSERT INTO {table}", f"UPDATE {table}")):
            side.wish_to_cancel(job_id)

    event.listen(db.engine, "after_cursor_execute", wish)
    try:
        running.run(job_id)
    finally:
        event.remove(db.engine, "after_cursor_execute", wish)

    assert state(job_id) == ("cancelled", ledger.CANCELLED)
    assert (stored_rows(), operations()) == (before, known)
    assert list(verifying.problems(session())) == []


def test_a_cancelled_job_runs_when_it_is_begun_again(session):
    job = factories.job()
    jobs.cancel(job)

    assert jobs.begin_again(job)
    running.run(job.id)

    assert state(job.id) == ("done", "")


def test_a_job_that_is_done_is_not_begun_again(session):
    job = factories.job()
    running.run(job.id)

    assert not jobs.begin_again(job)


@pytest.mark.parametrize(("column", "value"), [("is_active", False), ("role", "read_only")])
def test_a_person_who_may_no_longer_do_it_has_it_not_done(session, column, value):
    factories.staff(role="admin")
    person = factories.staff(role="registrar")
    job_id = job_of(person).id
    with recording(SYSTEM, "system", "update") as operation:
        operation.update(type(person), type(person).id == person.id, {column: value})
    before = stored_rows()

    running.run(job_id)

    assert state(job_id)[0] == "failed"
    assert stored_rows() == before


def test_a_job_whose_review_is_gone_says_so(session):
    job_id = factories.job().id
    session.delete(find_plan(session.get(Job, job_id).plan_token, SYSTEM).stored)
    session.commit()

    running.run(job_id)

    assert state(job_id) == ("failed", running.GONE)


def test_a_job_says_how_far_it_is_while_its_transaction_is_not_finished(session):
    job = factories.job()
    job_id, told = job.id, []

    def listen(connection, cursor, statement, *rest):
        if told or not statement.lstrip().startswith("UPDATE student"):
            return
        told.append(side.progress(job_id))

    event.listen(db.engine, "after_cursor_execute", listen)
    try:
        running.run(job_id)
    finally:
        event.remove(db.engine, "after_cursor_execute", listen)

    assert told == [side.Progress("Recording each row", 0)]
    assert side.progress(job_id) is None
    assert jobs.pace(session.get(Job, job_id)).rate > 0


def test_a_job_whose_message_was_lost_is_found_by_a_worker(app, session):
    job_id = factories.job().id
    huey = queue_of(app)
    huey.flush()

    worker.look(app)
    huey.execute(huey.dequeue())

    assert state(job_id) == ("done", "")
    assert waiting(app) == 0


def test_a_queue_holds_numbers_and_nothing_that_can_run(app, session):
    queue_of(app).flush()
    job_id = factories.job().id

    (message,) = queue_of(app).storage.enqueued_items()

    assert bytes(message).startswith(b"[")
    assert f"[{job_id}]".encode() in bytes(message)
