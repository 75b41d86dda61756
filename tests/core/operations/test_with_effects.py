"""History with the features' own effects: what followed from a change goes back with it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from backoffice.core.access import SYSTEM
from backoffice.core.operations import apply, plan_delete, plan_edit, plan_undo, recording, verifying
from backoffice.core.selection import Selection
from backoffice.enrollments.models import Enrollment
from tests import factories
from tests.core.operations.tables import stored_rows


def full_section():
    """Returns the enrollment that holds the only seat of a section, and the one that waits for it."""
    section = factories.section(capacity=1)
    seated = factories.enrollment(section=section, status="active")
    waiting = factories.enrollment(section=section, status="waitlisted", waitlist_position=1)
    return seated, waiting


def withdraw(enrollment):
    one = Selection.parse(Enrollment, SYSTEM, ids=(enrollment.id,))
    values = {"status": "withdrawn", "end_date": date(2099, 1, 1), "end_reason": "health"}
    return apply(plan_edit(one, values, SYSTEM, door="form"), SYSTEM)


def test_a_promotion_goes_back_with_the_withdrawal_that_freed_the_seat(session):
    seated, waiting = full_section()
    before = stored_rows()
    operation = withdraw(seated)
    assert (seated.status, waiting.status) == ("withdrawn", "active")
    apply(plan_undo(operation, SYSTEM), SYSTEM)
    assert stored_rows() == before


def test_a_seat_that_is_taken_by_now_keeps_its_row_as_it_is(session):
    seated, waiting = full_section()
    operation = withdraw(seated)
    with recording(SYSTEM, "form", "update"):
        waiting.progress_pct = 10
    plan = plan_undo(operation, SYSTEM)
    assert plan.will_change == 0
    assert {refusal.rule: [ref.id for ref in refusal.examples] for refusal in plan.refusals} == {
        "changed_since": [waiting.id],
        "full": [seated.id],
    }
    assert list(verifying.problems(session())) == []


def test_a_deleted_enrollment_gives_its_seat_away_and_takes_it_back_with_the_undo(session):
    seated, _ = full_section()
    before = stored_rows()
    one = Selection.parse(Enrollment, SYSTEM, ids=(seated.id,))
    operation = apply(plan_delete(one, SYSTEM, door="form"), SYSTEM)
    assert session.scalars(select(Enrollment.status)).all() == ["active"]
    apply(plan_undo(operation, SYSTEM), SYSTEM)
    assert stored_rows() == before
