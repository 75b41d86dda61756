"""Figures about how enrollments end: completion, results, leaving."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import case, func
from sqlalchemy.orm import aliased

from backoffice.core.access import Person
from backoffice.core.selection import equals
from backoffice.core.summaries import (
    COUNT,
    PERCENT,
    Chart,
    Charts,
    Figure,
    Picture,
    Point,
    Rows,
    Series,
    number,
    part_of,
    share,
)
from backoffice.courses.models import Course, Section, Term
from backoffice.enrollments.models import Enrollment
from backoffice.extensions import db

ENROLLMENTS = Rows(Enrollment, "enrollments")
STARTED = "status:active,suspended,completed,withdrawn"
EVER_ENROLLED = f"{STARTED},dropped"
LARGEST = 12  # courses in one picture
TERMS = 12

_section, _course, _term = aliased(Section), aliased(Course), aliased(Term)


def _completion(person: Person, as_of: date) -> Charts:
    return _by_course(person, f"{STARTED} section.end_date<{as_of}", Enrollment.status == "completed", "Completed")


def _census(person: Person, as_of: date) -> Charts:
    present = f"{STARTED} start_date<={as_of} -end_date<{as_of} section.start_date<={as_of} section.end_date>={as_of}"
    points = tuple(
        Point(code, heads, ENROLLMENTS.link(f"{equals('section.course.code', code)} {present}"), heads)
        for code, heads, _ in _courses(person, present, Enrollment.status == "active")
    )
    return (Chart(Picture.BARS, (Series("Enrolled", COUNT, points),), link=ENROLLMENTS.link(present)),)


def _pass_rate(person: Person, as_of: date) -> Charts:
    return _by_course(person, "status:completed", Enrollment.final_result.in_(("pass", "distinction")), "Passed")


def _by_course(person: Person, search: str, counts: Any, name: str) -> Charts:
    points = tuple(
        part_of(code, part, whole, ENROLLMENTS.link(f"{equals('section.course.code', code)} {search}"))
        for code, whole, part in _courses(person, search, counts)
    )
    return (Chart(Picture.BARS, (Series(name, PERCENT, points),), link=ENROLLMENTS.link(search)),)


def _courses(person: Person, search: str, counts: Any) -> list[tuple[str, int, int]]:
    """Returns for the courses with most rows of `search`: code, number of rows, and of those that fulfil `counts`."""
    of = func.count()
    rows = db.session.execute(
        ENROLLMENTS.select(person, search, _course.code, of, _number_of(counts))
        .join(_section, Enrollment.section_id == _section.id)
        .join(_course, _section.course_id == _course.id)
        .group_by(_course.code)
        .order_by(of.desc(), _course.code)
        .limit(LARGEST)
    )
    return sorted((code, whole, int(part)) for code, whole, part in rows)


def _leaving(person: Person, as_of: date) -> Charts:
    dropped, withdrawn = _number_of(Enrollment.status == "dropped"), _number_of(Enrollment.status == "withdrawn")
    rows = db.session.execute(
        ENROLLMENTS.select(person, EVER_ENROLLED, _term.code, func.count(), dropped, withdrawn)
        .join(_section, Enrollment.section_id == _section.id)
        .join(_term, _section.term_id == _term.id)
        .group_by(_term.code, _term.start_date)
        .order_by(_term.start_date.desc(), _term.code.desc())
        .limit(TERMS)
    )
    terms = rows.all()[::-1]
    left = [_of_term(code, STARTED, int(gone), ever - before) for code, ever, before, gone in terms if ever > before]
    gave_up = [_of_term(code, EVER_ENROLLED, int(before), ever) for code, ever, before, _ in terms]
    series = (
        Series("Withdrawn, of those who started", PERCENT, tuple(left)),
        Series("Dropped, of all ever enrolled", PERCENT, tuple(gave_up)),
    )
    return (Chart(Picture.LINE, series, link=ENROLLMENTS.link(EVER_ENROLLED)),)


def _returned(person: Person, as_of: date) -> Charts:
    """Counts heads; the link shows their seats of the term before."""
    terms = db.session.execute(
        ENROLLMENTS.select(person, f"section.term.start_date<={as_of}", _term.code)
        .join(_section, Enrollment.section_id == _section.id)
        .join(_term, _section.term_id == _term.id)
        .group_by(_term.code, _term.start_date)
        .order_by(_term.start_date.desc(), _term.code.desc())
        .limit(2)
    )
    latest = list(terms.scalars())
    if len(latest) < 2:
        return ()
    now, before = latest
    stayed = f"{equals('section.term.code', before)} status:active,completed"
    again = ENROLLMENTS.select(person, f"{equals('section.term.code', now)} -status:rejected", Enrollment.student_id)
    back = case((Enrollment.student_id.in_(again.correlate(None)), Enrollment.student_id))
    heads, returned, seats = db.session.execute(
        ENROLLMENTS.select(
            person, stayed, func.count(Enrollment.student_id.distinct()), func.count(back.distinct()), func.count()
        )
    ).one()
    if not heads:
        return ()
    note = f"of {heads:,} of {before} in {now}"
    rate = number(share(returned, heads), ENROLLMENTS.link(stayed), unit=PERCENT, rows=seats, note=note)
    return (Chart(Picture.NUMBER, (rate,)),)


def _of_term(code: str, search: str, part: int, whole: int) -> Point:
    return part_of(code, part, whole, ENROLLMENTS.link(f"{equals('section.term.code', code)} {search}"))


def _number_of(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))


FIGURES = (
    Figure(
        name="census",
        title="Census headcount by course",
        definition="Active, suspended, completed and withdrawn enrollments that had begun and not ended today, in sections that run today; "
        f"the {LARGEST} largest courses.",
        group="Students",
        reads={
            Enrollment: ("status", "start_date", "end_date", "section"),
            Section: ("start_date", "end_date", "course"),
            Course: ("code",),
        },
        compute=_census,
    ),
    Figure(
        name="completion_rate",
        title="Completion rate by course",
        definition="Completed of those who started (active, suspended, completed, withdrawn), only sections that ended before today. "
        "Dropped, rejected, waitlisted and applied do not count.",
        group="Results",
        reads={Enrollment: ("status", "section"), Section: ("end_date", "course"), Course: ("code",)},
        compute=_completion,
    ),
    Figure(
        name="pass_rate",
        title="Pass rate by course",
        definition="Pass or distinction, of completed enrollments.",
        group="Results",
        reads={Enrollment: ("status", "final_result", "section"), Section: ("course",), Course: ("code",)},
        compute=_pass_rate,
    ),
    Figure(
        name="reenrollment_rate",
        title="Re-enrollment rate",
        definition="Of the students with an active or completed enrollment in the term before the latest that has begun, "
        "those with any enrollment in the latest that was not rejected. The link shows the seats of the term before.",
        group="Results",
        reads={Enrollment: ("status", "section"), Section: ("term",), Term: ("code", "start_date")},
        compute=_returned,
    ),
    Figure(
        name="withdrawal_rate",
        title="Drop and withdrawal rate by term",
        definition="Dropped of all ever enrolled, and withdrawn of those who started (active, suspended, completed, withdrawn).",
        group="Results",
        reads={Enrollment: ("status", "section"), Section: ("term",), Term: ("code", "start_date")},
        compute=_leaving,
    ),
)
