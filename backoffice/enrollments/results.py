"""Figures about how enrollments end: completion, results, leaving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Integer, Row, Select, case, cast, func, select
from sqlalchemy.orm import aliased

from backoffice.core.access import Person
from backoffice.core.selection import equals
from backoffice.core.summaries import (
    COUNT,
    PERCENT,
    Chart,
    Charts,
    Figure,
    Label,
    Picture,
    Point,
    Series,
    Value,
    number,
    part_of,
    share,
    to_tell,
)
from backoffice.courses.models import Course, Section, Term
from backoffice.enrollments.models import Enrollment
from backoffice.enrollments.seats import ENROLLMENTS, seats_by_section
from backoffice.extensions import db

STARTED = "status:active,suspended,completed,withdrawn"
EVER_ENROLLED = f"{STARTED},dropped"
LARGEST = 12  # courses in one picture
TERMS = 12

Counted = Callable[[Any], Any]  # the columns of seats by section -> the condition of those that count

_section, _course, _term = aliased(Section), aliased(Course), aliased(Term)


def _completion(person: Person, as_of: date) -> Charts:
    ended = Section.end_date < as_of
    return _by_course(person, f"{STARTED} section.end_date<{as_of}", _completed, to_tell("Completed"), ended)


def _census(person: Person, as_of: date) -> Charts:
    present = f"{STARTED} start_date<={as_of} -end_date<{as_of} section.start_date<={as_of} section.end_date>={as_of}"
    points = tuple(
        Point(code, heads, ENROLLMENTS.link(f"{equals('section.course.code', code)} {present}"), heads)
        for code, heads, _ in _courses(
            person, present, _completed, Section.start_date <= as_of, Section.end_date >= as_of
        )
    )
    return (Chart(Picture.BARS, (Series(to_tell("Enrolled"), COUNT, points),), link=ENROLLMENTS.link(present)),)


def _pass_rate(person: Person, as_of: date) -> Charts:
    return _by_course(person, "status:completed", _passed, to_tell("Passed"))


def _completed(seats: Any) -> Any:
    return seats.status == "completed"


def _passed(seats: Any) -> Any:
    return seats.final_result.in_(("pass", "distinction"))


def _by_course(person: Person, search: str, counts: Counted, name: Label, *sections: Any) -> Charts:
    points = tuple(
        part_of(code, part, whole, ENROLLMENTS.link(f"{equals('section.course.code', code)} {search}"))
        for code, whole, part in _courses(person, search, counts, *sections)
    )
    return (Chart(Picture.BARS, (Series(name, PERCENT, points),), link=ENROLLMENTS.link(search)),)


def _courses(person: Person, search: str, counts: Counted, *sections: Any) -> list[tuple[str, int, int]]:
    """Returns for the courses with most rows of `search`: code, number of rows, and of those that fulfil `counts`."""
    seats = seats_by_section(person, search, *sections).c
    of = func.sum(seats.number)
    rows = db.session.execute(
        select(_course.code, of, _number_of(seats, counts(seats)))
        .join(_section, seats.section_id == _section.id)
        .join(_course, _section.course_id == _course.id)
        .group_by(_course.code)
        .order_by(of.desc(), _course.code)
        .limit(LARGEST)
    )
    return sorted((code, int(whole), int(part)) for code, whole, part in rows)


def _leaving(person: Person, as_of: date) -> Charts:
    seats = seats_by_section(person, EVER_ENROLLED).c
    dropped, withdrawn = _number_of(seats, seats.status == "dropped"), _number_of(seats, seats.status == "withdrawn")
    rows = db.session.execute(
        select(_term.code, cast(func.sum(seats.number), Integer), dropped, withdrawn)
        .join(_section, seats.section_id == _section.id)
        .join(_term, _section.term_id == _term.id)
        .group_by(_term.code, _term.start_date)
        .order_by(_term.start_date.desc(), _term.code.desc())
        .limit(TERMS)
    )
    terms = rows.all()[::-1]
    left = [
        _of_term(code, STARTED, int(gone), ever - int(before)) for code, ever, before, gone in terms if ever > before
    ]
    gave_up = [_of_term(code, EVER_ENROLLED, int(before), ever) for code, ever, before, _ in terms]
    series = (
        Series(to_tell("Withdrawn, of those who started"), PERCENT, tuple(left)),
        Series(to_tell("Dropped, of all ever enrolled"), PERCENT, tuple(gave_up)),
    )
    return (Chart(Picture.LINE, series, link=ENROLLMENTS.link(EVER_ENROLLED)),)


def _returned(person: Person, as_of: date) -> Charts:
    """Counts heads; the link shows their seats of the term before."""
    latest = _latest_terms(person, as_of)
    if len(latest) < 2:
        return ()
    now, before = latest
    stayed = f"{equals('section.term.code', before.code)} status:active,completed"
    again = _of(now, ENROLLMENTS.scan(person, "-status:rejected", Enrollment.student_id))
    back = case((Enrollment.student_id.in_(again.correlate(None)), Enrollment.student_id))
    numbers = (func.count(Enrollment.student_id.distinct()), func.count(back.distinct()), func.count())
    heads, returned, stays = db.session.execute(_of(before, ENROLLMENTS.scan(person, stayed, *numbers))).one()
    if not heads:
        return ()
    note = to_tell("of %(number)s of %(before)s in %(now)s", number=Value(heads), before=before.code, now=now.code)
    rate = number(share(returned, heads), ENROLLMENTS.link(stayed), unit=PERCENT, rows=stays, note=note)
    return (Chart(Picture.NUMBER, (rate,)),)


def _of(term: Row[int, str], seats: Select[Any]) -> Select[Any]:
    """Returns the seats of one term's sections: an index has them."""
    return seats.where(Enrollment.section_id.in_(select(Section.id).where(Section.term_id == term.id).correlate(None)))


def _latest_terms(person: Person, as_of: date) -> Sequence[Row[int, str]]:
    """Returns ids and codes of the last two terms that have begun and have seats, the later one first."""
    seats = ENROLLMENTS.select(person, "", Enrollment.id).join(_section, Enrollment.section_id == _section.id)
    has_seats = seats.where(_section.term_id == _term.id).correlate(_term).exists()
    begun = select(_term.id, _term.code).where(_term.start_date <= as_of, has_seats)
    return db.session.execute(begun.order_by(_term.start_date.desc(), _term.code.desc()).limit(2)).all()


def _of_term(code: str, search: str, part: int, whole: int) -> Point:
    return part_of(code, part, whole, ENROLLMENTS.link(f"{equals('section.term.code', code)} {search}"))


def _number_of(seats: Any, condition: Any) -> Any:
    return func.sum(case((condition, seats.number), else_=0))


FIGURES = (
    Figure(
        name="census",
        title="Census headcount by course",
        definition="Active, suspended, completed and withdrawn enrollments that had begun and not ended today, in sections that run today; "
        f"the {LARGEST} largest courses.",
        group="In detail",
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
        group="In detail",
        reads={Enrollment: ("status", "section"), Section: ("end_date", "course"), Course: ("code",)},
        compute=_completion,
    ),
    Figure(
        name="pass_rate",
        title="Pass rate by course",
        definition="Pass or distinction, of completed enrollments.",
        group="In detail",
        reads={Enrollment: ("status", "final_result", "section"), Section: ("course",), Course: ("code",)},
        compute=_pass_rate,
    ),
    Figure(
        name="reenrollment_rate",
        title="Re-enrollment rate",
        definition="Of the students with an active or completed enrollment in the term before the latest that has begun, "
        "those with any enrollment in the latest that was not rejected. The link shows the seats of the term before.",
        group="Today",
        reads={Enrollment: ("status", "section"), Section: ("term",), Term: ("code", "start_date")},
        compute=_returned,
    ),
    Figure(
        name="withdrawal_rate",
        title="Drop and withdrawal rate by term",
        definition="Dropped of all ever enrolled, and withdrawn of those who started (active, suspended, completed, withdrawn).",
        group="In detail",
        reads={Enrollment: ("status", "section"), Section: ("term",), Term: ("code", "start_date")},
        compute=_leaving,
    ),
)
