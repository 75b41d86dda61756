"""What the tests of lists share: a registrar and a course editor who sees one student only."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session, scoped_session

from backoffice.core.selection import Selection
from backoffice.extensions import db
from backoffice.staff.models import StaffUser
from backoffice.students.models import Student
from tests import factories


@pytest.fixture
def registrar(session: scoped_session[Session]) -> StaffUser:
    """A registrar, who sees every student."""
    return factories.staff("registrar", full_name="Rita Registrar")


@pytest.fixture
def editor(session: scoped_session[Session]) -> StaffUser:
    """A course editor, who sees the students of their own courses."""
    return factories.staff("course_editor", full_name="Ed Editor")


@pytest.fixture
def theirs(editor: StaffUser) -> Student:
    """The one student whom the editor sees."""
    student = factories.student(student_number="MINE-1", email="mine@example.org")
    section = factories.section(course=factories.course(owner=editor))
    factories.enrollment(student=student, section=section)
    return student


def students(number: int) -> list[int]:
    """Returns the ids of new students."""
    return [factories.student().id for _ in range(number)]


def found(person: Any, search: str, model: Any = Student) -> list[int]:
    """Returns the ids that a search finds, in ascending order."""
    return sorted(db.session.scalars(Selection.parse(model, person, search=search).select_ids()))
