"""What is true of terms, courses, lessons and sections."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backoffice.core import clock
from backoffice.core.access import SYSTEM
from backoffice.core.operations import Invalid, create, plan_edit
from backoffice.core.selection import Selection
from backoffice.courses.models import Course, Lesson, Section, Term
from backoffice.courses.services import reorder
from tests import factories as make

TODAY = clock.utcnow().date()


def refusal(row: Any, **values: Any) -> tuple[str, str]:
    plan = plan_edit(Selection.parse(type(row), SYSTEM, ids=[row.id]), values, SYSTEM, door="form")
    assert plan.will_change == 0
    return plan.refusals[0].field, plan.refusals[0].message


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"end_date": TODAY - timedelta(days=400)}, "end_date", "A term ends after it starts."),
        (
            {"withdraw_deadline": TODAY - timedelta(days=400)},
            "withdraw_deadline",
            "The withdraw deadline is not before the add/drop deadline.",
        ),
    ],
)
def test_what_a_term_cannot_be(session: Any, values: dict[str, Any], field: str, message: str) -> None:
    assert refusal(make.term(), **values) == (field, message)


def test_a_term_is_not_part_of_itself(session: Any) -> None:
    term = make.term()

    assert refusal(term, parent=term.id) == ("parent", "A term is not part of itself.")


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"credits": -1}, "credits", "Credits are not negative."),
        ({"list_price": 10}, "currency", "A price and its currency are given together."),
        ({"currency": "EUR"}, "currency", "A price and its currency are given together."),
        ({"currency": "EU", "list_price": 1}, "currency", "A currency is the three letters of ISO 4217, such as EUR."),
        ({"currency": "eur", "list_price": 1}, "currency", "A currency is the three letters of ISO 4217, such as EUR."),
        ({"currency": "EUX", "list_price": 1}, "currency", "A currency is the three letters of ISO 4217, such as EUR."),
        ({"list_price": -1, "currency": "EUR"}, "list_price", "A price is not negative."),
    ],
)
def test_what_a_course_cannot_be(session: Any, values: dict[str, Any], field: str, message: str) -> None:
    assert refusal(make.course(), **values) == (field, message)


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"position": 0}, "position", "Positions count from 1."),
        ({"max_score": 0}, "max_score", "The maximum score is more than 0."),
        ({"weight": 101}, "weight", "A weight is between 0 and 100."),
    ],
)
def test_what_a_lesson_cannot_be(session: Any, values: dict[str, Any], field: str, message: str) -> None:
    assert refusal(make.lesson(), **values) == (field, message)


def test_lessons_of_a_course_change_places_in_one_operation(session: Any) -> None:
    course = make.course()
    lessons = [make.lesson(course=course, position=place) for place in (1, 2, 3)]
    wanted = [lessons[2].id, lessons[0].id, lessons[1].id]

    operation = reorder(course, wanted, SYSTEM)

    found = session.scalars(select(Lesson.id).order_by(Lesson.position)).all()
    assert found == wanted
    assert operation is not None
    assert operation.counts == {"lesson": {"update": 3}}


def test_an_order_names_every_lesson_once(session: Any) -> None:
    course = make.course()
    lesson = make.lesson(course=course)

    for wrong in ([], [lesson.id, lesson.id], [lesson.id, 999]):
        with pytest.raises(ValueError, match="every lesson of the course once"):
            reorder(course, wrong, SYSTEM)


def test_two_lessons_are_not_at_one_position(session: Any) -> None:
    lesson = make.lesson()

    with pytest.raises(Invalid) as refused:
        create(Lesson, {"course": lesson.course.id, "position": 1, "title": "Again"}, SYSTEM, "form")

    assert refused.value.errors == {"position": "Another lesson of the course is at this position."}


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"end_date": TODAY - timedelta(days=400)}, "end_date", "A section does not end before it starts."),
        ({"capacity": -1}, "capacity", "A capacity is not negative; leave it empty for no limit."),
        ({"waitlist_capacity": -1}, "waitlist_capacity", "A capacity is not negative; leave it empty for no limit."),
    ],
)
def test_what_a_section_cannot_be(session: Any, values: dict[str, Any], field: str, message: str) -> None:
    assert refusal(make.section(), **values) == (field, message)


@pytest.mark.parametrize(
    ("model", "key", "message"),
    [
        (Term, "code", "Another term has this code."),
        (Course, "code", "Another course has this code."),
        (Section, "code", "Another section has this code."),
    ],
)
def test_codes_are_given_once(session: Any, model: Any, key: str, message: str) -> None:
    maker = {Term: make.term, Course: make.course, Section: make.section}[model]
    first, second = maker(), maker()

    assert refusal(second, **{key: getattr(first, key)}) == (key, message)
