"""What stands between a student and a seat, as predicates in SQL over the row before and after.

The tables of other nouns are aliased: a guard is asked inside any statement about enrollments, whatever it joins.
"""

from __future__ import annotations

from typing import Any

from flask import has_request_context
from flask_login import current_user
from sqlalchemy import Alias, ColumnElement, and_, case, exists, false, func, or_, select

from backoffice.core.access import Role
from backoffice.core.civil import TODAY
from backoffice.core.operations import Row
from backoffice.courses.models import Course, Lesson, Section, Term
from backoffice.enrollments.models import LEFT, SEATED, Enrollment
from backoffice.students.models import Student


def becomes(before: Row | None, after: Row, *statuses: str) -> ColumnElement[bool]:
    """Returns the condition that a row gets one of `statuses` and had none of them."""
    now = after.status.in_(statuses)
    return now if before is None else and_(now, before.status.not_in(statuses))


def takes_a_seat(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Returns the condition that a row takes a seat that it did not have: a new one, or one in another section."""
    now = after.status.in_(SEATED)
    if before is None:
        return now
    return and_(now, or_(before.status.not_in(SEATED), before.section_id != after.section_id))


def on_hold(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses to activate a student with a financial hold."""
    student = Student.__table__.alias()
    held = exists().where(student.c.id == after.student_id, student.c.financial_hold).correlate_except(student)
    return and_(becomes(before, after, "active"), held)


def term_not_open(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses a seat in a term that is planned or closed."""
    section, term = _aliases(Section, Term)
    return and_(_asks_for_seat(before, after), _of_section(after, section, term, term.c.status != "open"))


def section_not_open(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses a seat in a section that is over or cancelled."""
    section = Section.__table__.alias()
    over = exists().where(section.c.id == after.section_id, section.c.status.in_(("completed", "cancelled")))
    return and_(_asks_for_seat(before, after), over.correlate_except(section))


def course_not_published(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses a seat in a course that is a draft or archived."""
    section, course = _aliases(Section, Course)
    return and_(_asks_for_seat(before, after), _of_section(after, section, course, course.c.status != "published"))


def full(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses the rows for which no seat is left, counted in their order: of many rows, the first ones get in."""
    taker = takes_a_seat(before, after)
    counts = taker if Row.along(after) is None else after.status.in_(SEATED)
    place: ColumnElement[int] = func.sum(case((counts, 1), else_=0)).over(
        partition_by=after.section_id, order_by=(case((taker, 1), else_=0), after.id), rows=(None, 0)
    )
    return and_(taker, place > _free_seats(after))


def line_full(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses the rows for which the line is too long already, counted in their order."""
    joins = becomes(before, after, "waitlisted")
    place: ColumnElement[int] = func.sum(case((joins, 1), else_=0)).over(
        partition_by=after.section_id, order_by=after.id, rows=(None, 0)
    )
    section, waiting = Section.__table__.alias(), Enrollment.__table__.alias()
    line = select(func.count()).where(waiting.c.section_id == section.c.id, waiting.c.status == "waitlisted")
    free = select(section.c.waitlist_capacity - line.correlate(section).scalar_subquery())
    return and_(joins, place > free.where(section.c.id == after.section_id).correlate_except(section).scalar_subquery())


def too_late_to_drop(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses to drop somebody who has a seat once the add/drop deadline is over; they withdraw then.

    Whose section is cancelled is dropped at any time: they are not the ones who left.
    """
    if before is None:
        return false()
    section, term = _aliases(Section, Term)
    over = _of_section(after, section, term, term.c.add_drop_deadline < TODAY)
    own_will = after.end_reason.is_distinct_from("section_cancelled")
    return and_(before.status.in_(SEATED), after.status == "dropped", own_will, over)


def term_closed(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses any change in a closed term, except to administrators."""
    if _asked_by_administrator():
        return false()
    section, term = _aliases(Section, Term)
    return or_(
        *(_of_section(row, section, term, term.c.status == "closed") for row in (before, after) if row is not None)
    )


def moves_history(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses to give an enrollment to another student, or to move one that has ended."""
    if before is None:
        return false()
    ended = before.status.in_((*LEFT, "completed", "rejected"))
    return or_(before.student_id != after.student_id, and_(ended, before.section_id != after.section_id))


def _asks_for_seat(before: Row | None, after: Row) -> ColumnElement[bool]:
    return or_(becomes(before, after, "active"), takes_a_seat(before, after))


def _free_seats(after: Row) -> ColumnElement[int]:
    """Returns how many seats are free, NULL without a limit; those of rows that change together are free as well."""
    section, seated = Section.__table__.alias(), Enrollment.__table__.alias()
    taken = select(func.count()).where(seated.c.section_id == section.c.id, seated.c.status.in_(SEATED))
    along = Row.along(after)
    if along is not None:
        taken = taken.where(seated.c.id.not_in(along))
    free = select(section.c.capacity - taken.correlate(section).scalar_subquery())
    return free.where(section.c.id == after.section_id).correlate_except(section).scalar_subquery()


def _of_section(row: Row, section: Alias, other: Alias, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Returns whether the term or course of a row's section meets `condition`."""
    link = section.c.term_id if other.element.name == "term" else section.c.course_id  # type: ignore[attr-defined]
    found = exists().where(section.c.id == row.section_id, other.c.id == link, condition)
    return found.correlate_except(section, other)


def _aliases(*models: Any) -> list[Alias]:
    return [model.__table__.alias() for model in models]


def _asked_by_administrator() -> bool:
    if not has_request_context() or not current_user.is_authenticated:
        return True  # the command line and the system
    return bool(current_user.role == Role.ADMIN)


def scored_above_maximum(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses a score above the maximum of its lesson."""
    lesson = Lesson.__table__.alias()
    above = exists().where(lesson.c.id == after.lesson_id, lesson.c.max_score < after.score)
    return above.correlate_except(lesson)


def fewer_seats_than_taken(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses a capacity that overbooks the section."""
    if before is None:
        return false()
    seated = Enrollment.__table__.alias()
    taken = select(func.count()).where(seated.c.section_id == before.id, seated.c.status.in_(SEATED))
    return after.capacity < taken.correlate_except(seated).scalar_subquery()


def cancelled_with_students(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses to cancel a section that somebody is in, or waits for."""
    if before is None:
        return false()
    live = Enrollment.__table__.alias()
    some = exists().where(live.c.section_id == before.id, live.c.status.in_((*SEATED, "applied", "waitlisted")))
    return and_(becomes(before, after, "cancelled"), some.correlate_except(live))
