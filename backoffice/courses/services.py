"""What may become of terms, courses, lessons and sections, and how lessons are put in another order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, func, select

from backoffice.core import reader
from backoffice.core.access import Person
from backoffice.core.model import Record
from backoffice.core.operations import Effect, Operation, Row, Rule, recording, shapes
from backoffice.core.operations.constraints import worded
from backoffice.core.wording import gettext
from backoffice.courses.models import Course, Lesson, Section, Term
from backoffice.extensions import db


def reorder(course: Course, lesson_ids: Sequence[int], person: Person, door: str = "form") -> Operation | None:
    """Gives the lessons of `course` the order of `lesson_ids`, all of them, and returns the operation.

    Raises ValueError for ids that are not exactly the course's lessons. They first step aside, then take their places:
    not every database looks at UNIQUE only when the statement ends.
    """
    known = set(db.session.scalars(select(Lesson.id).where(Lesson.course_id == course.id)))
    if known != set(lesson_ids) or len(known) != len(lesson_ids):
        raise ValueError("Give every lesson of the course once.")
    aside = db.session.scalar(select(func.max(Lesson.position)).where(Lesson.course_id == course.id)) or 0
    with reader.kept():
        title = gettext("Order of the lessons of %(course)s", course=course.code)
    with recording(person, door, "update", title=title, model=Lesson) as operation:
        for shift in (aside, 0):
            places = [{"id": row_id, "position": shift + place} for place, row_id in enumerate(lesson_ids, 1)]
            operation.update_rows(Lesson, places)
    return db.session.get(Operation, operation.id)


def _is_part_of_itself(before: Row | None, after: Row) -> ColumnElement[bool]:
    return after.parent_id == after.id


RULES: Mapping[type[Record], Sequence[Rule]] = {
    Term: (
        worded(Term, "code_filled", "A term needs a code."),
        worded(Term, "end_after_start", "A term ends after it starts.", "end_date"),
        worded(Term, "withdraw_after_add_drop", "The withdraw deadline is not before the add/drop deadline."),
        worded(Term, "uq_term_code", "Another term has this code."),
        Rule("parent_is_another", "A term is not part of itself.", ("parent_id",), _is_part_of_itself),
    ),
    Course: (
        worded(Course, "code_filled", "A course needs a code."),
        worded(Course, "title_filled", "A course needs a title."),
        worded(Course, "credits_not_negative", "Credits are not negative."),
        worded(Course, "list_price_not_negative", "A price is not negative."),
        worded(Course, "list_price_with_currency", "A price and its currency are given together.", "currency"),
        worded(Course, "currency_length", shapes.CURRENCY),
        shapes.currency,
        worded(Course, "uq_course_code", "Another course has this code."),
    ),
    Lesson: (
        worded(Lesson, "title_filled", "A lesson needs a title."),
        worded(Lesson, "position_positive", "Positions count from 1."),
        worded(Lesson, "max_score_positive", "The maximum score is more than 0."),
        worded(Lesson, "weight_percent", "A weight is between 0 and 100."),
        worded(Lesson, "uq_lesson_course_id_position", "Another lesson of the course is at this position.", "position"),
    ),
    Section: (
        worded(Section, "code_filled", "A section needs a code."),
        worded(Section, "name_filled", "A section needs a name."),
        worded(Section, "end_after_start", "A section does not end before it starts.", "end_date"),
        worded(Section, "capacity_not_negative", "A capacity is not negative; leave it empty for no limit."),
        worded(Section, "waitlist_capacity_not_negative", "A capacity is not negative; leave it empty for no limit."),
        worded(Section, "uq_section_code", "Another section has this code."),
        shapes.time_zone,
    ),
}
EFFECTS: Mapping[type[Record], Sequence[Effect]] = {}
