"""Figures about seats: who studies now, how sections fill, and what waits for a registrar."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from backoffice.core.access import Person
from backoffice.core.selection import equals
from backoffice.core.summaries import COUNT, PERCENT, Chart, Charts, Figure, Picture, Point, Rows, Series, number, share
from backoffice.core.summaries.periods import Period, bucket, spanning, weeks
from backoffice.core.text import words
from backoffice.courses.models import Course, Section
from backoffice.enrollments.models import STATUSES, Enrollment
from backoffice.enrollments.results import FIGURES as RESULTS
from backoffice.extensions import db
from backoffice.students.models import Student

ENROLLMENTS = Rows(Enrollment, "enrollments")
STUDENTS = Rows(Student, "students")
SECTIONS = Rows(Section, "sections")

WEEKS = 12
LARGEST = 12  # courses and sections in one picture

_section, _course = aliased(Section), aliased(Course)


def _active_students(person: Person, as_of: date) -> Charts:
    seated = select(Enrollment.student_id).where(Enrollment.status == "active")
    # Whoever studies has an active seat: saying so spares the database the look at everybody else.
    heads = db.session.scalar(STUDENTS.select(person, "studying:yes", func.count()).where(Student.id.in_(seated)))
    return (Chart(Picture.NUMBER, (number(int(heads or 0), STUDENTS.link("studying:yes")),)),)


def _active_enrollments(person: Person, as_of: date) -> Charts:
    running = f"status:active section.start_date<={as_of} section.end_date>={as_of}"
    return (Chart(Picture.NUMBER, (ENROLLMENTS.number(person, running),)),)


def _funnel(person: Person, as_of: date) -> Charts:
    rows = db.session.execute(
        ENROLLMENTS.select(person, "", _course.code, Enrollment.status, func.count())
        .join(_section, Enrollment.section_id == _section.id)
        .join(_course, _section.course_id == _course.id)
        .group_by(_course.code, Enrollment.status)
    )
    counted = {(code, status): seats for code, status, seats in rows}
    totals: dict[str, int] = {}
    for (code, _), seats in counted.items():
        totals[code] = totals.get(code, 0) + seats
    largest = sorted(sorted(totals, key=lambda code: (-totals[code], code))[:LARGEST])
    series = tuple(_statuses(status, largest, counted) for status in STATUSES)
    return (Chart(Picture.STACKED, series, link=ENROLLMENTS.link("")),)


def _statuses(status: str, codes: list[str], counted: dict[tuple[str, str], int]) -> Series:
    return Series(
        words(status), COUNT, tuple(_of_course(code, status, counted.get((code, status), 0)) for code in codes)
    )


def _of_course(code: str, status: str, seats: int) -> Point:
    return Point(code, seats, ENROLLMENTS.link(f"{equals('section.course.code', code)} status:{status}"), seats)


def _new_by_week(person: Person, as_of: date) -> Charts:
    periods = weeks(as_of, WEEKS)
    of_late = select(Enrollment.student_id).where(
        func.coalesce(Enrollment.applied_on, Enrollment.start_date) >= periods[0].first
    )
    days = (
        STUDENTS.select(person, spanning("first_enrolled_on", periods), Student.first_enrolled_on.label("day"))
        .where(Student.id.in_(of_late))
        .subquery()
    )
    counted = [0] * len(periods)
    for day, heads in db.session.execute(select(days.c.day, func.count()).group_by(days.c.day)):
        counted[bucket(day, periods)] += heads
    points = tuple(_of_week(period, heads) for period, heads in zip(periods, counted, strict=True))
    link = STUDENTS.link(spanning("first_enrolled_on", periods))
    return (Chart(Picture.LINE, (Series("New students", COUNT, points),), link=link),)


def _of_week(period: Period, heads: int) -> Point:
    return Point(period.label, heads, STUDENTS.link(period.search("first_enrolled_on")), heads)


def _capacity(person: Person, as_of: date) -> Charts:
    running = "section.status:open,in_progress"
    seated = f"{running} section.capacity>0 status:active,suspended"
    taken = func.count(Enrollment.id)
    rows = db.session.execute(
        ENROLLMENTS.select(person, seated, _section.code, _section.capacity, taken)
        .join(_section, Enrollment.section_id == _section.id)
        .group_by(_section.id, _section.code, _section.capacity)
        .order_by((taken * 1.0 / _section.capacity).desc(), _section.code)
        .limit(LARGEST)
    )
    points = tuple(
        Point(
            code,
            share(seats, capacity),
            ENROLLMENTS.link(f"{equals('section.code', code)} status:active,suspended"),
            seats,
            f"{seats:,} of {capacity:,}",
        )
        for code, capacity, seats in rows
    )
    return (
        Chart(Picture.BARS, (Series("Seats taken", PERCENT, points),), link=ENROLLMENTS.link(seated)),
        Chart(Picture.TABLE, (ENROLLMENTS.number(person, f"{running} status:waitlisted", "On their waiting lists"),)),
    )


def _work_queue(person: Person, as_of: date) -> Charts:
    return (
        Chart(
            Picture.TABLE,
            (
                ENROLLMENTS.number(
                    person, f"status:applied applied_on<{as_of - timedelta(days=3)}", "Applied more than 3 days ago"
                ),
                ENROLLMENTS.number(person, "status:waitlisted section.seats_free>0", "Waitlisted where a seat is free"),
                SECTIONS.number(
                    person, f"end_date<{as_of} enrollments.status:active", "Sections past their end, with active seats"
                ),
            ),
        ),
    )


def _overbooked(person: Person, as_of: date) -> Charts:
    return (Chart(Picture.NUMBER, (SECTIONS.number(person, "seats_free<0"),)),)


_SEAT = {Enrollment: ("status", "section"), Section: ("start_date", "end_date")}

FIGURES = (
    Figure(
        name="work_queue",
        title="Waiting for someone",
        definition="Applications without an answer, free seats with people waiting, and sections that ended with seats still active.",
        group="Attention",
        reads={
            Enrollment: ("status", "applied_on", "section"),
            Section: ("seats_free", "capacity", "end_date", "enrollments"),
        },
        compute=_work_queue,
    ),
    Figure(
        name="overbooked_sections",
        title="Overbooked sections",
        definition="Sections with more active and suspended seats than their capacity. Should be 0.",
        group="Attention",
        reads={Section: ("seats_free", "capacity"), Enrollment: ("status",)},
        compute=_overbooked,
        alarm=True,
    ),
    Figure(
        name="active_students",
        title="Active students",
        definition="Students, each counted once, with an active enrollment in a section that runs today.",
        group="Students",
        reads={Student: ("studying",), **_SEAT},
        compute=_active_students,
    ),
    Figure(
        name="active_enrollments",
        title="Active enrollments",
        definition="Seats, not heads: active enrollments in sections that run today.",
        group="Students",
        reads=_SEAT,
        compute=_active_enrollments,
    ),
    Figure(
        name="new_students_by_week",
        title="New students by week",
        definition=f"Students by the week (from Monday) of their first application or start, the last {WEEKS} weeks.",
        group="Students",
        reads={Student: ("first_enrolled_on",), Enrollment: ("applied_on", "start_date")},
        compute=_new_by_week,
    ),
    Figure(
        name="capacity_utilisation",
        title="Capacity utilisation",
        definition=f"Active and suspended seats of the capacity, open and running sections; the {LARGEST} fullest.",
        group="Students",
        reads={Enrollment: ("status", "section"), Section: ("code", "status", "capacity")},
        compute=_capacity,
        threshold=900,
    ),
    Figure(
        name="enrollment_funnel",
        title="Enrollment funnel",
        definition=f"Enrollments of every term by status, by course; the {LARGEST} largest courses.",
        group="Students",
        reads={Enrollment: ("status", "section"), Section: ("course",), Course: ("code",)},
        compute=_funnel,
    ),
    *RESULTS,
)
