"""Seats and the line for them: never more than there are, first come first served, whichever door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backoffice.core import clock
from backoffice.core.access import SYSTEM
from backoffice.core.operations import Invalid, Operation, apply, create, plan_delete, plan_edit, plan_undo
from backoffice.core.selection import Selection
from backoffice.courses.models import Section
from backoffice.enrollments.models import Enrollment
from tests import factories as make

LEAVE = {"status": "withdrawn", "end_reason": "health"}


def edit(model: Any, rows: list[Any], **values: Any) -> Any:
    selection = Selection.parse(model, SYSTEM, ids=[row.id for row in rows])
    return plan_edit(selection, values, SYSTEM, door="bulk")


def states(session: Any, *rows: Enrollment) -> list[tuple[str, int | None]]:
    session.rollback()
    return [(row.status, row.waitlist_position) for row in rows]


def waiting(section: Section, count: int, **values: Any) -> list[Enrollment]:
    return [
        make.enrollment(section=section, status="waitlisted", waitlist_position=place, **values)
        for place in range(1, count + 1)
    ]


def test_of_many_rows_only_as_many_get_in_as_there_are_seats(session: Any) -> None:
    section = make.section(capacity=3)
    make.enrollment(section=section)
    applied = [make.enrollment(section=section, status="applied") for _ in range(4)]

    plan = edit(Enrollment, applied, status="active")
    apply(plan, SYSTEM)

    assert (plan.will_change, plan.refused) == (2, 2)
    assert [status for status, _ in states(session, *applied)] == ["active", "active", "applied", "applied"]


def test_sections_are_counted_one_by_one(session: Any) -> None:
    rows = [make.enrollment(section=make.section(capacity=1), status="applied") for _ in range(3)]

    assert edit(Enrollment, rows, status="active").will_change == 3


def test_who_is_suspended_keeps_the_seat(session: Any) -> None:
    section = make.section(capacity=1)
    suspended = make.enrollment(section=section, status="suspended")
    applied = make.enrollment(section=section, status="applied")

    assert edit(Enrollment, [applied], status="active").refused == 1
    assert edit(Enrollment, [suspended], status="active").will_change == 1


def test_a_move_takes_a_seat_in_the_other_section(session: Any) -> None:
    there = make.section(capacity=1)
    movers = [make.enrollment() for _ in range(2)]

    plan = edit(Enrollment, movers, section=there.id)

    assert (plan.will_change, plan.refused) == (1, 1)


def test_a_move_keeps_grades_and_progress_and_goes_back_as_one(session: Any) -> None:
    mover = make.enrollment(progress_pct=40, final_grade_pct=55)
    entry = make.progress(enrollment=mover, score=7)
    here, there = mover.section_id, make.section()

    done = apply(edit(Enrollment, [mover], section=there.id), SYSTEM)
    session.rollback()
    moved = (mover.section_id, mover.progress_pct, mover.final_grade_pct, mover.attempt_no, entry.score)
    apply(plan_undo(done, SYSTEM), SYSTEM)
    session.rollback()

    assert moved == (there.id, 40, 55, 1, 7)
    assert done.counts == {"enrollment": {"update": 1}}
    assert mover.section_id == here


def test_a_move_is_refused_to_who_is_there_already_and_to_who_has_left(session: Any) -> None:
    there = make.section()
    twice, left, free = make.enrollment(), make.enrollment(status="withdrawn"), make.enrollment()
    make.enrollment(section=there, student=twice.student)

    plan = edit(Enrollment, [twice, left, free], section=there.id)

    assert plan.will_change == 1
    assert sorted(refusal.message for refusal in plan.refusals) == [
        "An enrollment stays with its student, and one that has ended with its section. Enroll anew instead.",
        "The student has a live enrollment in this section already.",
    ]


def test_a_new_enrollment_in_a_full_section_is_refused_and_may_wait(session: Any) -> None:
    section = make.section(capacity=1)
    make.enrollment(section=section)
    values = {"student": make.student().id, "section": section.id}

    with pytest.raises(Invalid) as full:
        create(Enrollment, values | {"status": "active"}, SYSTEM, "form")
    first = create(Enrollment, values | {"status": "waitlisted"}, SYSTEM, "form")
    second = create(
        Enrollment, {"student": make.student().id, "section": section.id, "status": "waitlisted"}, SYSTEM, "form"
    )

    assert full.value.errors == {"status": "The section is full. Put the student on the waitlist."}
    assert (first.waitlist_position, second.waitlist_position) == (1, 2)


def test_many_who_join_the_line_keep_their_order(session: Any) -> None:
    section = make.section(capacity=0)
    waiting(section, 1)
    applied = [make.enrollment(section=section, status="applied") for _ in range(3)]

    apply(edit(Enrollment, applied, status="waitlisted"), SYSTEM)

    assert states(session, *applied) == [("waitlisted", 2), ("waitlisted", 3), ("waitlisted", 4)]


def test_a_freed_seat_goes_to_exactly_the_first_in_line_in_the_same_operation(session: Any) -> None:
    section = make.section(capacity=1)
    seated = make.enrollment(section=section)
    first, second = waiting(section, 2)

    operation = apply(edit(Enrollment, [seated], end_date=clock.today(), **LEAVE), SYSTEM)

    assert states(session, seated, first, second) == [("withdrawn", None), ("active", None), ("waitlisted", 2)]
    assert (first.version, first.start_date) == (operation.id, clock.today())


def test_a_move_frees_a_seat_and_joining_a_line_does_not(session: Any) -> None:
    section = make.section(capacity=2)
    mover = make.enrollment(section=section)
    first, second = waiting(section, 2)

    before = states(session, first, second)
    apply(edit(Enrollment, [mover], section=make.section().id), SYSTEM)

    assert before == [("waitlisted", 1), ("waitlisted", 2)]
    assert states(session, first, second) == [("active", None), ("waitlisted", 2)]


def test_a_deleted_enrollment_frees_its_seat(session: Any) -> None:
    section = make.section(capacity=1)
    seated = make.enrollment(section=section)
    (first,) = waiting(section, 1)

    apply(plan_delete(Selection.parse(Enrollment, SYSTEM, ids=[seated.id]), SYSTEM), SYSTEM)

    assert states(session, first) == [("active", None)]


def test_who_is_on_hold_is_passed_over(session: Any) -> None:
    section = make.section(capacity=1)
    seated = make.enrollment(section=section)
    held = make.student(financial_hold=True, hold_reason="Overdue")
    first = make.enrollment(section=section, student=held, status="waitlisted", waitlist_position=1)
    second = make.enrollment(section=section, status="waitlisted", waitlist_position=2)

    apply(edit(Enrollment, [seated], end_date=clock.today(), **LEAVE), SYSTEM)

    assert states(session, first, second) == [("waitlisted", 1), ("active", None)]


def test_more_seats_let_as_many_in(session: Any) -> None:
    section = make.section(capacity=0)
    line = waiting(section, 3)

    apply(edit(Section, [section], capacity=2), SYSTEM)

    assert [status for status, _ in states(session, *line)] == ["active", "active", "waitlisted"]


def test_fewer_seats_than_taken_are_refused(session: Any) -> None:
    section = make.section(capacity=2)
    for _ in range(2):
        make.enrollment(section=section)

    plan = edit(Section, [section], capacity=1)

    assert plan.refusals[0].message == "More students have a seat than this capacity allows."


def test_undo_gives_the_seat_back_and_the_place_in_line_too(session: Any) -> None:
    section = make.section(capacity=1)
    seated = make.enrollment(section=section)
    first, second = waiting(section, 2)
    left = apply(edit(Enrollment, [seated], end_date=clock.today(), **LEAVE), SYSTEM)

    apply(plan_undo(session.get(Operation, left.id), SYSTEM), SYSTEM)

    assert states(session, seated, first, second) == [("active", None), ("waitlisted", 1), ("waitlisted", 2)]


def test_undo_does_not_take_a_seat_that_somebody_else_has_by_now(session: Any) -> None:
    section = make.section(capacity=1)
    seated = make.enrollment(section=section)
    applied = make.enrollment(section=section, status="applied")
    left = apply(edit(Enrollment, [seated], end_date=clock.today(), **LEAVE), SYSTEM)
    apply(edit(Enrollment, [applied], status="active"), SYSTEM)

    plan = plan_undo(session.get(Operation, left.id), SYSTEM)

    assert (plan.will_change, plan.refused) == (0, 1)
    assert plan.refusals[0].message == "The section is full. Put the student on the waitlist."


def test_a_student_has_one_live_enrollment_in_a_section_and_comes_back_as_the_next_attempt(session: Any) -> None:
    live = make.enrollment()
    gone = make.enrollment(status="withdrawn")
    again = {"student": live.student_id, "section": live.section_id}

    with pytest.raises(Invalid) as twice:
        create(Enrollment, again, SYSTEM, "form")
    returned = create(Enrollment, {"student": gone.student_id, "section": gone.section_id}, SYSTEM, "form")

    assert twice.value.errors == {"student": "The student has a live enrollment in this section already."}
    assert (returned.attempt_no, returned.status) == (2, "active")
    assert session.scalars(select(Enrollment.attempt_no).where(Enrollment.id == gone.id)).one() == 1


def test_computed_seats_follow_the_enrollments(session: Any) -> None:
    section = make.section(capacity=3)
    for status in ("active", "suspended", "applied", "withdrawn", "completed"):
        make.enrollment(section=section, status=status)
    waiting(section, 1)

    found = session.execute(
        select(Section.id, Section.seats_taken, Section.seats_free, Section.waitlisted, Section.overbooked)
    ).one()

    assert tuple(found) == (section.id, 2, 1, 1, False)


def test_a_line_has_its_end(session: Any) -> None:
    section = make.section(capacity=0, waitlist_capacity=2)
    waiting(section, 1)
    applied = [make.enrollment(section=section, status="applied") for _ in range(3)]

    plan = edit(Enrollment, applied, status="waitlisted")

    assert (plan.will_change, [(each.count, each.message) for each in plan.refusals]) == (
        1,
        [(2, "The waitlist is full.")],
    )


def test_a_section_is_cancelled_when_everybody_is_out(session: Any) -> None:
    over = make.term(add_drop_deadline=clock.today() - timedelta(days=1))
    section = make.section(term=over)
    rows = [make.enrollment(section=section), make.enrollment(section=section, status="applied")]
    early = edit(Section, [section], status="cancelled")
    dropped = {"status": "dropped", "end_date": clock.today(), "end_reason": "section_cancelled"}

    apply(edit(Enrollment, rows, **dropped), SYSTEM)

    assert early.refusals[0].message.startswith("Students are enrolled in this section or wait for it.")
    assert edit(Section, [section], status="cancelled").will_change == 1
