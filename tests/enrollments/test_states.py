"""The state machine of enrollments, as a table, at the door that form, cell and bulk share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backoffice.core import clock
from backoffice.core.access import SYSTEM
from backoffice.core.operations import Invalid, apply, plan_edit
from backoffice.core.selection import Selection
from backoffice.enrollments.models import STATUSES, Enrollment
from tests import factories as make

ALLOWED = {
    ("applied", "active"),
    ("applied", "waitlisted"),
    ("applied", "rejected"),
    ("applied", "dropped"),
    ("waitlisted", "active"),
    ("waitlisted", "dropped"),
    ("waitlisted", "rejected"),
    ("active", "suspended"),
    ("active", "completed"),
    ("active", "withdrawn"),
    ("active", "dropped"),
    ("suspended", "active"),
    ("suspended", "withdrawn"),
    ("suspended", "dropped"),
    ("completed", "active"),
    ("withdrawn", "active"),
}
NEVER = "An enrollment cannot go from its status to this one."


def edit(row: Enrollment, reason: str = "", **values: Any) -> Any:
    selection = Selection.parse(Enrollment, SYSTEM, ids=[row.id])
    return plan_edit(selection, values, SYSTEM, door="form", reason=reason)


def what_it_needs(row: Enrollment, status: str) -> dict[str, Any]:
    """Returns the other values of a form that moves `row` to `status`."""
    values: dict[str, Any] = {"status": status, "end_reason": None, "final_result": None}
    if status in ("withdrawn", "dropped"):
        values |= {"end_reason": "health", "end_date": clock.today()}
    if status == "completed":
        values["final_result"] = "pass"
    return values


def refusal(plan: Any) -> tuple[str, str]:
    assert plan.will_change == 0
    return plan.refusals[0].field, plan.refusals[0].message


@pytest.mark.parametrize("old", STATUSES)
@pytest.mark.parametrize("new", STATUSES)
def test_only_these_ways_lead_from_one_status_to_another(session: Any, old: str, new: str) -> None:
    row = make.enrollment(status=old)

    plan = edit(row, "as agreed", **what_it_needs(row, new))

    if (old, new) in ALLOWED:
        apply(plan, SYSTEM)
        session.refresh(row)
        assert (row.status, row.waitlist_position) == (new, 1 if new == "waitlisted" else None)
    elif old != new:
        assert refusal(plan) == ("status", NEVER)


def test_leaving_needs_a_last_attendance_and_a_reason(session: Any) -> None:
    row = make.enrollment()

    assert refusal(edit(row, status="withdrawn", end_date=clock.today())) == (
        "end_reason",
        "Who withdraws or drops needs a last attendance and a reason.",
    )


def test_completing_needs_a_result(session: Any) -> None:
    row = make.enrollment()

    assert refusal(edit(row, status="completed")) == (
        "final_result",
        "A completed enrollment has a final result, and only a completed one has.",
    )


def test_dropping_ends_with_the_deadline(session: Any) -> None:
    today = clock.today()
    values = {"status": "dropped", "end_date": today, "end_reason": "schedule"}
    last_day = make.enrollment(section=make.section(term=make.term(add_drop_deadline=today)))
    too_late = make.enrollment(section=make.section(term=make.term(add_drop_deadline=today - timedelta(days=1))))

    assert edit(last_day, **values).will_change == 1
    assert refusal(edit(too_late, **values)) == (
        "status",
        "The add/drop deadline is over. Withdraw the student instead.",
    )


def test_who_never_had_a_seat_may_leave_after_the_deadline(session: Any) -> None:
    today = clock.today()
    section = make.section(term=make.term(add_drop_deadline=today - timedelta(days=1)))
    row = make.enrollment(status="applied", section=section)

    assert edit(row, status="dropped", end_date=today, end_reason="schedule").will_change == 1


@pytest.mark.parametrize(
    ("student", "section", "message"),
    [
        ({"financial_hold": True, "hold_reason": "Overdue"}, {}, "The student has a financial hold."),
        ({}, {"term": {"status": "planned"}}, "The section's term is not open."),
        ({}, {"course": {"status": "draft"}}, "The section's course is not published."),
        ({}, {"status": "cancelled"}, "The section is over or cancelled."),
        ({}, {"capacity": 0}, "The section is full. Put the student on the waitlist."),
    ],
)
def test_a_seat_is_given_only_to_who_may_have_it(
    session: Any, student: dict[str, Any], section: dict[str, Any], message: str
) -> None:
    of = {name: values for name, values in section.items() if not isinstance(values, dict)}
    term, course = make.term(**section.get("term", {})), make.course(**section.get("course", {}))
    seat = make.section(term=term, course=course, **of)
    row = make.enrollment(status="applied", student=make.student(**student), section=seat)

    assert refusal(edit(row, status="active")) == ("status", message)


@pytest.mark.parametrize("status", ["completed", "withdrawn"])
def test_coming_back_needs_a_reason(session: Any, status: str) -> None:
    row = make.enrollment(status=status)
    values = {"status": "active", "end_reason": None, "final_result": None}

    with pytest.raises(Invalid) as refused:
        apply(edit(row, **values), SYSTEM)
    session.refresh(row)
    unchanged = row.status
    apply(edit(row, "The exam was marked wrongly", **values), SYSTEM)
    session.refresh(row)

    assert refused.value.errors == {"": "Reopening or reinstating an enrollment needs a reason."}
    assert (unchanged, row.status) == (status, "active")


def test_an_enrollment_stays_with_its_student_and_an_ended_one_with_its_section(session: Any) -> None:
    row, ended = make.enrollment(), make.enrollment(status="withdrawn")
    other_section, other_student = make.section(), make.student()
    message = "An enrollment stays with its student, and one that has ended with its section. Enroll anew instead."

    assert edit(row, section=other_section.id).will_change == 1
    assert refusal(edit(row, student=other_student.id)) == ("student", message)
    assert refusal(edit(ended, section=other_section.id)) == ("student", message)
