"""Work that waits for the night: it begins then and not before, once, and looks at rights and rows anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from backoffice.core import jobs
from backoffice.core.access import SYSTEM
from backoffice.core.clock import organisation_zone, utcnow
from backoffice.core.jobs import Job, ledger, running, worker
from backoffice.core.jobs.queue import queue_of, waiting
from backoffice.core.operations import NeedsApproval, approvals, plan_edit, recording
from backoffice.core.selection import Selection
from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories


def to_york(person):
    return plan_edit(Selection.parse(Student, person), {"city": "York"}, person)


def cities():
    db.session.rollback()  # ends the view of the database that this session had
    return list(db.session.scalars(select(Student.city).order_by(Student.id)))


def night_falls():
    """Makes every job due."""
    db.session.execute(text("UPDATE job SET run_at = '2026-01-01 00:00:00'"))
    db.session.commit()


@pytest.fixture
def author(session):
    factories.staff("admin")
    factories.student(city="Leeds")
    return factories.staff("registrar")


@pytest.fixture
def tonight(author):
    """A job of the author's that waits for the night: the student moves to York."""
    return jobs.start(to_york(author), author, jobs.tonight())


def test_the_night_is_the_next_time_that_it_is_two_at_the_organisation(session):
    night = jobs.tonight()

    assert f"{night.astimezone(organisation_zone()):%H:%M}" in ("02:00", "03:00")  # 03:00 where the clocks skip an hour
    assert utcnow() < night <= utcnow() + timedelta(hours=25)


def test_it_does_not_begin_before_even_where_somebody_runs_it(app, tonight):
    queue_of(app).flush()

    running.run(tonight.id)
    worker.look(app)

    assert (tonight.state, tonight.attempts, waiting(app)) == ("queued", 0, 0)
    assert cities() == ["Leeds"]
    assert jobs.pace(tonight).phase.startswith("Waiting until 0")
    assert not ledger.is_anything_stuck()


def test_a_worker_finds_it_when_the_night_has_come_and_runs_it_once(app, tonight):
    queue_of(app).flush()
    night_falls()

    worker.look(app)
    message = queue_of(app).dequeue()
    for _ in range(2):
        queue_of(app).execute(message)

    db.session.rollback()  # ends the view of the database that this session had
    assert (tonight.state, tonight.attempts) == ("done", 1)
    assert cities() == ["York"]


def test_rows_that_moved_until_then_stay_as_they_are_and_the_author_is_told(author, tonight):
    with recording(SYSTEM, "system", "update") as operation:
        operation.update(Student, Student.id > 0, {"city": "Hull"})
    night_falls()

    running.run(tonight.id)

    assert cities() == ["Hull"]
    assert tonight.state == "failed"
    assert tonight.error.startswith("Nothing was applied: 1 row changed since")
    assert [job.id for job in jobs.notices(author).ended] == [tonight.id]


@pytest.mark.parametrize("values", [{"role": "read_only"}, {"is_active": False}])
def test_whoever_may_no_longer_do_it_then_has_it_not_done(author, tonight, values):
    with recording(SYSTEM, "system", "update") as operation:
        operation.update(type(author), type(author).id == author.id, values)
    night_falls()

    running.run(tonight.id)

    assert tonight.state == "failed"
    assert cities() == ["Leeds"]


def test_it_can_be_cancelled_before(tonight):
    jobs.cancel(tonight)
    night_falls()

    running.run(tonight.id)

    assert (tonight.state, tonight.error) == ("cancelled", ledger.CANCELLED)
    assert cities() == ["Leeds"]


def test_its_plan_is_kept_until_then(author, tonight):
    db.session.execute(text("UPDATE plan SET created_at = '2026-01-01 00:00:00'"))
    db.session.commit()
    to_york(author)
    night_falls()

    running.run(tonight.id)

    assert tonight.state == "done"


def test_what_is_above_a_policy_waits_for_no_night_without_a_second_person(author):
    factories.approval_policy(is_active=True, rows_above=0)

    with pytest.raises(NeedsApproval):
        jobs.start(to_york(author), author, jobs.tonight())

    assert db.session.scalars(select(Job)).all() == []


def test_an_approved_change_is_refused_in_the_night_if_the_approver_lost_the_right(author):
    factories.approval_policy(is_active=True, rows_above=0)
    second, plan = factories.staff("registrar"), to_york(author)
    asked = approvals.ask(plan, author, "They moved")
    approvals.approve(asked, second, "Checked the list")
    job = jobs.start(plan, author, jobs.tonight())
    with recording(SYSTEM, "system", "update") as operation:
        operation.update(type(second), type(second).id == second.id, {"role": "support"})
    night_falls()

    running.run(job.id)

    assert job.state == "failed"
    assert job.error.startswith(f"{second.full_name} may not approve this")
    assert cities() == ["Leeds"]
