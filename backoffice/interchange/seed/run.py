"""Writing what was thought up: one operation, table by table, with progress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from flask import current_app
from sqlalchemy import select
from tqdm import tqdm

from backoffice.billing.models import Invoice, InvoiceLine, Payment
from backoffice.core import clock
from backoffice.core.access import SYSTEM
from backoffice.core.model import Record
from backoffice.core.operations import Recording, create_many, recording
from backoffice.courses.models import Course, Lesson, Section, Term
from backoffice.enrollments.models import Enrollment, LessonProgress
from backoffice.extensions import db
from backoffice.interchange.seed import careers, money, people, timetable
from backoffice.interchange.seed.words import LESSONS
from backoffice.interchange.seed.world import PRESENT, Seat, World
from backoffice.staff.models import StaffUser
from backoffice.students.models import Contact, Student, StudentContact


class NotEmpty(Exception):
    """The database holds students or terms already: what is made up is never mixed with what is real."""


def seed_organisation(
    students: int, random_seed: int, *, on: date | None = None, progress: bool = False
) -> dict[str, int]:
    """Fills an empty database with a made-up organisation as of `on` (today), and returns how many rows of each table.

    The same numbers and day make the same organisation. It is one operation; raises NotEmpty, changing nothing.
    """
    for model in (Student, Term, Course):
        if db.session.scalar(select(model.id).limit(1)) is not None:
            raise NotEmpty(f"There are rows in {model.__tablename__} already; seed fills an empty database.")
    world = World(
        Random(random_seed), on or clock.today(), f"seed{random_seed}", current_app.config["CURRENCY"], students
    )
    title = f"Make up an organisation with {students:,} students"
    with recording(SYSTEM, "command", "create", title=title, model=Student, effects=False) as operation:
        return _Writer(world, operation, progress).write()


class _Writer:
    """Gives what was thought up its ids, in the order in which rows refer to each other."""

    def __init__(self, world: World, operation: Recording, progress: bool) -> None:
        self.world = world
        self._operation = operation
        self._progress = progress
        self._counts: dict[str, int] = {}

    def write(self) -> dict[str, int]:
        staff = self._staff()
        self._timetable(staff["course_editor"])
        ids = self._add(Student, people.students(self.world), self.world.size)
        payers = self._contacts(ids)
        self._seats(ids)
        self._money(ids, payers, staff["finance"])
        return self._counts

    def _add(self, model: type[Record], rows: Iterable[dict[str, Any]], total: int | None = None) -> list[int]:
        name = model.__tablename__.replace("_", " ")
        shown = tqdm(rows, name, total, unit=" rows", disable=not self._progress, leave=True)
        ids = create_many(model, shown, self._operation)
        self._counts[model.__tablename__] = len(ids) + self._counts.get(model.__tablename__, 0)
        return ids

    def _staff(self) -> dict[str, list[int]]:
        """Returns the ids of all accounts by role: those there are, and those that are made up."""
        there = set(db.session.scalars(select(StaffUser.username)))
        self._add(StaffUser, [row for row in people.staff() if row["username"] not in there])
        found: dict[str, list[int]] = {}
        for role, row_id in db.session.execute(select(StaffUser.role, StaffUser.id).order_by(StaffUser.id)):
            found.setdefault(role, []).append(row_id)
        return found

    def _timetable(self, teachers: list[int]) -> None:
        world = self.world
        timetable.add_terms(world)
        timetable.add_courses(world, teachers)
        timetable.add_sections(world, teachers)
        careers.add_careers(world)
        timetable.set_capacities(world)
        years = timetable.school_years(world)
        parents = dict(zip((row["code"] for row in years), self._add(Term, years), strict=True))
        rows = [term.row | {"parent_id": parents[str(term.start.year)]} for term in world.terms]
        for term, row_id in zip(world.terms, self._add(Term, rows), strict=True):
            term.id = row_id
        self._courses = self._add(Course, world.courses)
        lessons = self._add(Lesson, timetable.lessons(world, self._courses))
        self._lessons = [lessons[start : start + len(LESSONS)] for start in range(0, len(lessons), len(LESSONS))]
        sections = [section for term in world.terms for section in term.sections]
        rows = [s.row | {"course_id": self._courses[s.course], "term_id": s.term.id} for s in sections]
        for section, row_id in zip(sections, self._add(Section, rows), strict=True):
            section.id = row_id

    def _contacts(self, students: list[int]) -> dict[int, int]:
        """Returns the paying contact of each student who has one, by the student's place."""
        made = list(people.contacts(self.world))
        ids = self._add(Contact, [contact for _, contact, _ in made], len(made))
        links = zip(made, ids, strict=True)
        rows = [link | {"student_id": students[place], "contact_id": row_id} for (place, _, link), row_id in links]
        self._add(StudentContact, rows, len(rows))
        return {place: row_id for (place, _, link), row_id in zip(made, ids, strict=True) if link["is_payer"]}

    def _seats(self, students: list[int]) -> None:
        seats = [seat for career in self.world.careers for seat in career]
        ids = self._add(Enrollment, (_seat_row(seat, students) for seat in seats), len(seats))
        for seat, row_id in zip(seats, ids, strict=True):
            seat.id = row_id
        self._add(LessonProgress, self._progress_rows(seats))

    def _progress_rows(self, seats: list[Seat]) -> Iterator[dict[str, Any]]:
        """Yields how far those who study now have come: the lessons that count, as far as the term has gone."""
        world = self.world
        for seat in seats:
            term = seat.section.term
            if term.phase != PRESENT or seat.status not in ("active", "suspended") or not seat.progress:
                continue
            lessons = self._lessons[seat.section.course]
            reached = seat.progress * len(lessons) // 100
            for place in range(reached):
                if LESSONS[place][2] or place == reached - 1:
                    yield _progress_row(world, seat, lessons[place], place, last=place == reached - 1)

    def _money(self, students: list[int], payers: dict[int, int], cashiers: list[int]) -> None:
        world = self.world
        bills = money.bills(world)
        for bill, row_id in zip(
            bills, self._add(Invoice, money.invoice_rows(world, bills, students, payers), len(bills)), strict=True
        ):
            bill.id = row_id
        self._add(InvoiceLine, money.line_rows(world, bills), sum(len(bill.lines) for bill in bills))
        entries = [(bill, entry) for bill in bills for entry in bill.entries]
        for refunds in (False, True):
            chosen = [pair for pair in entries if (pair[1].kind == "refund") is refunds]
            ids = self._add(Payment, money.payment_rows(world, chosen, students, cashiers), len(chosen))
            for (_, entry), row_id in zip(chosen, ids, strict=True):
                entry.id = row_id


def _seat_row(seat: Seat, students: list[int]) -> dict[str, Any]:
    return {
        "student_id": students[seat.student],
        "section_id": seat.section.id,
        "status": seat.status,
        "attempt_no": 1,
        "applied_on": seat.applied_on,
        "start_date": seat.start_date,
        "end_date": seat.end_date,
        "end_reason": seat.end_reason,
        "waitlist_position": seat.position,
        "progress_pct": seat.progress,
        "final_result": seat.result,
        "final_grade_pct": seat.grade,
    }


def _progress_row(world: World, seat: Seat, lesson: int, place: int, *, last: bool) -> dict[str, Any]:
    term = seat.section.term
    day = min(term.start + timedelta(days=7 + 13 * place), world.on)
    counts = LESSONS[place][2]
    return {
        "enrollment_id": seat.id,
        "lesson_id": lesson,
        "status": "in_progress" if last else "completed",
        "score": Decimal(world.dice.randrange(35, 101)) if counts and not last else None,
        "completed_at": None if last else datetime.combine(day, time(12), UTC),
    }
