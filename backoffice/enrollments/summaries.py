"""Figures about seats: who studies now, and how sections fill."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Integer, cast, func, select
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
    Series,
    Value,
    share,
    to_tell,
)
from backoffice.core.text import words
from backoffice.courses.models import Course, Section
from backoffice.enrollments.models import STATUSES, Enrollment
from backoffice.enrollments.over_time import FIGURES as OVER_TIME
from backoffice.enrollments.over_time import STUDENTS
from backoffice.enrollments.queues import FIGURES as QUEUES
from backoffice.enrollments.queues import SECTIONS
from backoffice.enrollments.results import FIGURES as RESULTS
from backoffice.enrollments.seats import ENROLLMENTS, seats_by_section
from backoffice.extensions import db
from backoffice.students.models import Student

LARGEST = 12  # courses and sections in one picture

_section, _course = aliased(Section), aliased(Course)


def _active_students(person: Person, as_of: date) -> Charts:
    return (Chart(Picture.NUMBER, (STUDENTS.number(person, "studying:yes"),)),)


def _active_enrollments(person: Person, as_of: date) -> Charts:
    running = f"status:active section.start_date<={as_of} section.end_date>={as_of}"
    return (Chart(Picture.NUMBER, (ENROLLMENTS.number(person, running),)),)


def _funnel(person: Person, as_of: date) -> Charts:
    seats = seats_by_section(person, "").c
    rows = db.session.execute(
        select(_course.code, seats.status, func.sum(seats.number))
        .join(_section, seats.section_id == _section.id)
        .join(_course, _section.course_id == _course.id)
        .group_by(_course.code, seats.status)
    )
    counted = {(code, status): int(number) for code, status, number in rows}
    totals: dict[str, int] = {}
    for (code, _), number_of_seats in counted.items():
        totals[code] = totals.get(code, 0) + number_of_seats
    largest = sorted(sorted(totals, key=lambda code: (-totals[code], code))[:LARGEST])
    series = tuple(_statuses(status, largest, counted) for status in STATUSES)
    return (Chart(Picture.STACKED, series, link=ENROLLMENTS.link("")),)


def _statuses(status: str, codes: list[str], counted: dict[tuple[str, str], int]) -> Series:
    return Series(
        to_tell(words(status)), COUNT, tuple(_of_course(code, status, counted.get((code, status), 0)) for code in codes)
    )


def _of_course(code: str, status: str, seats: int) -> Point:
    return Point(code, seats, ENROLLMENTS.link(f"{equals('section.course.code', code)} status:{status}"), seats)


def _capacity(person: Person, as_of: date) -> Charts:
    running = "section.status:open,in_progress"
    seated = f"{running} section.capacity>0 status:active,suspended"
    seats = seats_by_section(person, seated, Section.status.in_(("open", "in_progress"))).c
    taken = cast(func.sum(seats.number), Integer)
    fullest: Any = (
        select(_section.code, _section.capacity, taken)
        .join(_section, seats.section_id == _section.id)
        .group_by(_section.id, _section.code, _section.capacity)
        .order_by((taken * 1.0 / _section.capacity).desc(), _section.code)
        .limit(LARGEST)
    )
    points = tuple(
        Point(
            code,
            share(used, capacity),
            ENROLLMENTS.link(f"{equals('section.code', code)} status:active,suspended"),
            used,
            to_tell("%(part)s of %(whole)s", part=Value(used), whole=Value(capacity)),
        )
        for code, capacity, used in db.session.execute(fullest)
    )
    return (
        Chart(Picture.BARS, (Series(to_tell("Seats taken"), PERCENT, points),), link=ENROLLMENTS.link(seated)),
        Chart(
            Picture.TABLE,
            (ENROLLMENTS.number(person, f"{running} status:waitlisted", to_tell("On their waiting lists")),),
        ),
    )


def _overbooked(person: Person, as_of: date) -> Charts:
    return (Chart(Picture.NUMBER, (SECTIONS.number(person, "seats_free<0"),)),)


_SEAT = {Enrollment: ("status", "section"), Section: ("start_date", "end_date")}

FIGURES = (
    *QUEUES,
    Figure(
        name="overbooked_sections",
        title="Overbooked sections",
        definition="Sections with more active and suspended seats than their capacity. Should be 0.",
        group="Today",
        reads={Section: ("seats_free", "capacity"), Enrollment: ("status",)},
        compute=_overbooked,
        alarm=True,
    ),
    Figure(
        name="active_students",
        title="Active students",
        definition="Students, each counted once, with an active enrollment in a section that runs today.",
        group="Today",
        reads={Student: ("studying",), **_SEAT},
        compute=_active_students,
    ),
    Figure(
        name="active_enrollments",
        title="Active enrollments",
        definition="Seats, not heads: active enrollments in sections that run today.",
        group="Today",
        reads=_SEAT,
        compute=_active_enrollments,
    ),
    Figure(
        name="capacity_utilisation",
        title="Capacity utilisation",
        definition=f"Active and suspended seats of the capacity, open and running sections; the {LARGEST} fullest.",
        group="In detail",
        reads={Enrollment: ("status", "section"), Section: ("code", "status", "capacity")},
        compute=_capacity,
        threshold=900,
    ),
    Figure(
        name="enrollment_funnel",
        title="Enrollment funnel",
        definition=f"Enrollments of every term by status, by course; the {LARGEST} largest courses.",
        group="In detail",
        reads={Enrollment: ("status", "section"), Section: ("course",), Course: ("code",)},
        compute=_funnel,
    ),
    *OVER_TIME,
    *RESULTS,
)
