"""Figures about seats over time: how many studied in a period, came and went, beside the period before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from backoffice.core.access import Person
from backoffice.core.summaries import (
    COUNT,
    Chart,
    Charts,
    Figure,
    Label,
    Link,
    Picture,
    Point,
    Rows,
    Series,
    compared,
    to_tell,
)
from backoffice.core.summaries.labels import DAY, dated
from backoffice.core.summaries.periods import Period, Spans, begun, bucket, spanning, weeks_of
from backoffice.courses.models import Section
from backoffice.enrollments.models import Enrollment
from backoffice.enrollments.results import STARTED
from backoffice.enrollments.seats import ENROLLMENTS
from backoffice.extensions import db
from backoffice.students.models import Student

STUDENTS = Rows(Student, "students")

_seat, _earlier = aliased(Enrollment), aliased(Enrollment)


def _numbers(person: Person, spans: Spans, rows: Rows, search: str) -> Charts:
    """Returns how many rows of `search`, with the period in the place of {}, there are and were."""
    periods = (spans.now, spans.before)
    searches = [search.format(f"{period.first}..{period.last}") for period in periods]
    found = dict(zip(periods, rows.counted(person, searches), strict=True))
    series = compared("", spans, found.get)
    return (Chart(Picture.NUMBER, (series,) if series else ()),)


def _students(person: Person, spans: Spans) -> Charts:
    return _numbers(person, spans, STUDENTS, "enrollments.attended:{}")


def _new_students(person: Person, spans: Spans) -> Charts:
    return _numbers(person, spans, STUDENTS, "first_enrolled_on:{}")


def _started(person: Person, spans: Spans) -> Charts:
    return _numbers(person, spans, ENROLLMENTS, f"{STARTED} start_date:{{}}")


def _ended(name: str, title: str, status: str) -> Figure:
    """Returns the figure of the seats that ended in one way."""

    def compute(person: Person, spans: Spans) -> Charts:
        return _numbers(person, spans, ENROLLMENTS, f"status:{status} end_date:{{}}")

    return Figure(
        name=name,
        title=title,
        definition=f"Seats, not heads, that are {status}, with the last attendance in the period.",
        group="In the period",
        reads={Enrollment: ("status", "end_date")},
        compute=compute,
        periodic=True,
    )


def _new_by_week(person: Person, spans: Spans) -> Charts:
    periods = [begun(period, spans.as_of) for period in (spans.now, spans.before)]
    now, before = (weeks_of(period) for period in periods)
    heads = _firsts(person, now)
    earlier = zip(before, _firsts(person, before), strict=True)
    points = [_of_week(week.label, week, number) for week, number in zip(now, heads, strict=True)]
    beside = [
        _of_week(week.label, found[0], found[1], to_tell("week of %(day)s", day=dated(DAY, found[0].first)))
        for week, found in zip_longest(now, earlier)
        if week and found
    ]
    series = (
        Series(spans.now.label, COUNT, tuple(points)),
        Series(spans.before.label, COUNT, tuple(beside)),
    )
    return (Chart(Picture.LINE, series, link=_firsts_in(spanning("first_enrolled_on", now))),)


def _firsts(person: Person, periods: Sequence[Period]) -> list[int]:
    """Returns how many students came for the first time in each of consecutive periods."""
    day = func.coalesce(_seat.applied_on, _seat.start_date)
    before = func.coalesce(_earlier.applied_on, _earlier.start_date) < day
    came_before = select(_earlier.id).where(_earlier.student_id == _seat.student_id, before).correlate(_seat).exists()
    by_day = (
        STUDENTS.select(person, "", day, func.count(Student.id.distinct()))
        .join(_seat, _seat.student_id == Student.id)
        .where(day.between(periods[0].first, periods[-1].last), ~came_before)
        .group_by(day)
    )
    counted = [0] * len(periods)
    for on, heads in db.session.execute(by_day):
        counted[bucket(on, periods)] += heads
    return counted


def _firsts_in(search: str) -> Link:
    return STUDENTS.link(search)


def _of_week(label: Label, period: Period, heads: int, note: Label = "") -> Point:
    return Point(label, heads, _firsts_in(period.search("first_enrolled_on")), heads, note)


_FIRST = {Student: ("first_enrolled_on",), Enrollment: ("applied_on", "start_date")}

FIGURES = (
    Figure(
        name="students_in_period",
        title="Active students in the period",
        definition="Students, each counted once, who had a seat that they had taken and not left on some day of the period, in a "
        "section that ran in it: enrollments that are active, suspended, completed or withdrawn.",
        group="In the period",
        reads={
            Student: ("enrollments",),
            Enrollment: ("attended", "status", "start_date", "end_date", "section"),
            Section: ("start_date", "end_date"),
        },
        compute=_students,
        periodic=True,
    ),
    Figure(
        name="new_students",
        title="New students",
        definition="Students whose first application or start lies in the period.",
        group="In the period",
        reads=_FIRST,
        compute=_new_students,
        periodic=True,
    ),
    Figure(
        name="enrollments_started",
        title="Enrollments that started",
        definition="Seats, not heads, that started in the period: active, suspended, completed and withdrawn.",
        group="In the period",
        reads={Enrollment: ("status", "start_date")},
        compute=_started,
        periodic=True,
    ),
    _ended("enrollments_completed", "Enrollments completed", "completed"),
    _ended("enrollments_withdrawn", "Enrollments withdrawn", "withdrawn"),
    _ended("enrollments_dropped", "Enrollments dropped", "dropped"),
    Figure(
        name="new_students_by_week",
        title="New students by week",
        definition="Students by the week (from Monday) of their first application or start, beside the same weeks of what the "
        "period is compared with.",
        group="Trends",
        reads=_FIRST,
        compute=_new_by_week,
        periodic=True,
    ),
)
