"""A review says who will be promoted from the waiting lists, and it happens so: whatever frees the seats."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from backoffice.core.access import SYSTEM
from backoffice.core.operations import Plan, apply, plan_delete, plan_edit
from backoffice.core.selection import Selection
from backoffice.courses.models import Section
from backoffice.enrollments.models import Enrollment
from backoffice.extensions import db
from tests import factories as make
from tests.contracts.grids import post

LEAVE = {"status": "withdrawn", "end_date": date(2099, 1, 1), "end_reason": "health"}


def edit(model: Any, rows: list[Any], **values: Any) -> Plan:
    return plan_edit(Selection.parse(model, SYSTEM, ids=[row.id for row in rows]), values, SYSTEM)


def waiting(section: Section, count: int) -> list[Enrollment]:
    return [
        make.enrollment(section=section, status="waitlisted", waitlist_position=place) for place in range(1, count + 1)
    ]


def _shrink(section: Section) -> None:
    """Makes the section smaller than it is full, as only a hand in the database can."""
    db.session.commit()
    with db.engine.connect().execution_options(unrecorded=True, writing=True) as connection:
        connection.execute(text("UPDATE section SET capacity = 2 WHERE id = :id"), {"id": section.id})
        connection.commit()


def foretold(plan: Plan) -> list[tuple[str, int, str]]:
    return [(one.label, one.count, one.action) for one in plan.follows]


def promoted(plan: Plan) -> int:
    """Applies the plan and returns how many more enrollments than its own were changed."""
    own = plan.will_change if plan.verb == "update" and plan.model is Enrollment else 0
    return apply(plan, SYSTEM).counts.get("enrollment", {}).get("update", 0) - own


@pytest.fixture
def full(session: Any) -> tuple[Section, list[Enrollment]]:
    """A section of three seats, all taken."""
    section = make.section(capacity=3)
    return section, [make.enrollment(section=section) for _ in range(3)]


def test_as_many_as_leave_get_in_and_no_more_than_wait(full: Any) -> None:
    section, seated = full
    waiting(section, 2)

    plan = edit(Enrollment, seated, **LEAVE)

    assert foretold(plan) == [("enrollments", 2, "will be promoted from waiting lists")]
    assert promoted(plan) == 2


def test_one_is_told_as_one(full: Any) -> None:
    section, seated = full
    waiting(section, 4)

    plan = edit(Enrollment, seated[:1], **LEAVE)

    assert foretold(plan) == [("enrollment", 1, "will be promoted from waiting lists")]
    assert promoted(plan) == 1


def test_who_may_not_be_seated_is_passed_over(full: Any) -> None:
    section, seated = full
    held = make.student(financial_hold=True, hold_reason="owes")
    make.enrollment(section=section, status="waitlisted", waitlist_position=1, student=held)

    plan = edit(Enrollment, seated, **LEAVE)

    assert foretold(plan) == []
    assert promoted(plan) == 0


def test_an_overbooked_section_gives_only_what_is_free(full: Any) -> None:
    section, seated = full
    waiting(section, 3)
    _shrink(section)

    plan = edit(Enrollment, seated[:2], **LEAVE)

    assert foretold(plan) == [("enrollment", 1, "will be promoted from waiting lists")]
    assert promoted(plan) == 1


def test_who_leaves_the_line_with_the_same_plan_is_not_promoted(full: Any) -> None:
    section, seated = full
    line = waiting(section, 2)

    plan = edit(Enrollment, [seated[0], line[0]], status="dropped", end_date=date(2099, 1, 1), end_reason="health")

    assert (plan.will_change, foretold(plan)) == (2, [("enrollment", 1, "will be promoted from waiting lists")])
    assert promoted(plan) == 1


def test_seats_that_others_of_the_plan_take_are_not_given_twice(full: Any) -> None:
    section, seated = full
    waiting(section, 2)
    there = make.section(capacity=3)

    plan = edit(Enrollment, seated[:2], section=there.id)

    assert foretold(plan) == [("enrollments", 2, "will be promoted from waiting lists")]
    assert promoted(plan) == 2


def test_a_deletion_frees_seats_as_well(full: Any) -> None:
    section, seated = full
    waiting(section, 2)

    plan = plan_delete(Selection.parse(Enrollment, SYSTEM, ids=[seated[0].id]), SYSTEM)

    assert foretold(plan) == [("enrollment", 1, "will be promoted from waiting lists")]
    assert promoted(plan) == 1


def test_a_larger_room_lets_the_line_in(full: Any) -> None:
    section, _ = full
    waiting(section, 4)

    plan = edit(Section, [section], capacity=5)

    assert foretold(plan) == [("enrollments", 2, "will be promoted from waiting lists")]
    assert promoted(plan) == 2


def test_what_frees_no_seat_foretells_nothing(full: Any) -> None:
    section, seated = full
    waiting(section, 1)

    plan = edit(Enrollment, seated, progress_pct=50)

    assert foretold(plan) == []


def test_the_page_says_so(app: Flask, sign_in: Any) -> None:
    with app.app_context():
        section = make.section(capacity=1)
        seated = make.enrollment(section=section).id
        waiting(section, 1)
    typed = {"set-status": "withdrawn", "set-end_date": "2099-01-01", "set-end_reason": "health"}

    sent = {"action": "review", "rowid": seated, **typed}
    page = post(sign_in("registrar"), "/admin/enrollments/action/", sent).get_data(as_text=True)

    assert "<li>1 enrollment will be promoted from waiting lists</li>" in page
