"""Making up an organisation: first who comes, then everything is written, in one operation and in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select
from tqdm import tqdm

from backoffice.core import clock
from backoffice.core.access import SYSTEM
from backoffice.core.database import filling
from backoffice.core.model import Record
from backoffice.core.operations import Operation, Recording, create_many, loading, recording
from backoffice.courses.models import Course, Lesson, Section, Term
from backoffice.extensions import db
from backoffice.interchange.seed import people, timetable
from backoffice.interchange.seed.ahead import Outlines, thought_up, uncollected
from backoffice.interchange.seed.bills import bills, count_days
from backoffice.interchange.seed.careers import careers, form_lines, survey
from backoffice.interchange.seed.cohort import MODELS
from backoffice.interchange.seed.words import LESSONS
from backoffice.interchange.seed.world import World
from backoffice.staff.models import StaffUser
from backoffice.students.models import Student


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
    world = World(random_seed, on or clock.today(), current_app.config["CURRENCY"], students)
    title = f"Make up an organisation with {students:,} students"
    made_up = recording(SYSTEM, "command", "create", title=title, model=Student, effects=False)
    with filling(db.session()), made_up as operation, uncollected():
        _Run(world, operation, progress).write()
        number = operation.id
    counts = db.session.get_one(Operation, number).counts
    return {kind: actions["create"] for kind, actions in counts.items()}


class _Run:
    """Thinks up the few, surveys the many, and writes both."""

    def __init__(self, world: World, operation: Recording, progress: bool) -> None:
        self.world = world
        self._operation = operation
        self._progress = progress

    def write(self) -> None:
        staff = self._staff()
        self._timetable(staff["course_editor"])
        lessons = self._offering()
        with loading(self._operation, MODELS) as load:
            first = {model: load.ids(model, 0).start for model in MODELS}
            outlines = Outlines(self.world, first, lessons, staff)
            for batches in thought_up(outlines, self._shown(self.world.cohorts(), "writing")):
                for model, columns, rows in batches:
                    load.ids(model, len(rows))
                    load.add(model, columns, rows)

    def _shown(self, cohorts: Iterable[range], name: str) -> Iterator[range]:
        with tqdm(desc=name, total=self.world.size, unit=" students", disable=not self._progress) as bar:
            for places in cohorts:
                yield places
                bar.update(len(places))

    def _add(self, model: type[Record], rows: Iterable[dict[str, Any]]) -> list[int]:
        return create_many(model, rows, self._operation)

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
        for places in self._shown(world.cohorts(), "thinking up"):
            found = careers(world, places)
            survey([seat for seats in found for seat in seats])
            count_days(world, bills(world, places, found))
        form_lines(world)
        timetable.set_capacities(world)

    def _offering(self) -> list[list[int]]:
        """Writes terms, courses and sections, and returns the ids of the lessons by course."""
        world = self.world
        years = timetable.school_years(world)
        parents = dict(zip((row["code"] for row in years), self._add(Term, years), strict=True))
        rows = [term.row | {"parent_id": parents[str(term.start.year)]} for term in world.terms]
        for term, row_id in zip(world.terms, self._add(Term, rows), strict=True):
            term.id = row_id
        courses = self._add(Course, world.courses)
        lessons = self._add(Lesson, timetable.lessons(world, courses))
        rows = [s.row | {"course_id": courses[s.course], "term_id": s.term.id} for s in world.sections]
        for section, row_id in zip(world.sections, self._add(Section, rows), strict=True):
            section.id = row_id
        return [lessons[start : start + len(LESSONS)] for start in range(0, len(lessons), len(LESSONS))]
