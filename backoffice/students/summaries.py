"""Figures about students themselves."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func

from backoffice.core.access import Person
from backoffice.core.summaries import COUNT, Chart, Charts, Figure, Picture, Point, Rows, Series, to_tell
from backoffice.core.text import words
from backoffice.extensions import db
from backoffice.students.models import STUDENT_STATUSES, Student

STUDENTS = Rows(Student, "students")


def _by_status(person: Person, as_of: date) -> Charts:
    rows = db.session.execute(STUDENTS.select(person, "", Student.status, func.count()).group_by(Student.status))
    counted: dict[str, int] = dict(rows.all())
    points = tuple(
        Point(to_tell(words(status)), counted.get(status, 0), STUDENTS.link(f"status:{status}"), counted.get(status, 0))
        for status in STUDENT_STATUSES
    )
    return (Chart(Picture.BARS, (Series(to_tell("Students"), COUNT, points),), link=STUDENTS.link("")),)


FIGURES = (
    Figure(
        name="students_by_status",
        title="Students by status",
        definition="Students on record, by the status of the person: not of a seat, not of an account.",
        group="In detail",
        reads={Student: ("status",)},
        compute=_by_status,
    ),
)
