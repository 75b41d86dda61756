"""A small organisation for selections: rows of the real models, written beside the operations that usually write them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import Session, scoped_session

from backoffice.billing import standing as _standing  # noqa: F401  (maps the computed fields)
from backoffice.billing.models import Invoice
from backoffice.core import access
from backoffice.core.access import Role, right
from backoffice.core.selection import Selection
from backoffice.courses.models import Course, Section, Term
from backoffice.enrollments.models import Enrollment
from backoffice.extensions import db
from backoffice.staff.models import StaffUser
from backoffice.students.models import Student

MODELS = (Student, Course, Term, Section, Enrollment, Invoice, StaffUser)
Write = Callable[..., None]


@dataclass(frozen=True)
class Asker:
    """Somebody with a role."""

    role: str
    id: int = 1
    full_name: str = "Somebody"


REGISTRAR = Asker("registrar")
EDITOR = Asker("course_editor")
FINANCE = Asker("finance")
READER = Asker("read_only")
SUPPORT = Asker("support")

RIGHTS: dict[type[Any], access.Rights] = {
    Student: {
        Role.REGISTRAR: right("VCEDBX"),
        Role.FINANCE: right("V", fields=("student_number", "full_name", "email", "status")),
        Role.COURSE_EDITOR: right(
            "V", hidden=("date_of_birth", "age"), scope=lambda person: Student.status == "active"
        ),
        Role.READ_ONLY: right("V", hidden=("date_of_birth", "age", "email")),
    },
    Enrollment: dict.fromkeys((Role.REGISTRAR, Role.COURSE_EDITOR, Role.FINANCE, Role.READ_ONLY), right("V")),
    Section: dict.fromkeys((Role.REGISTRAR, Role.COURSE_EDITOR, Role.FINANCE), right("V")),
    Course: dict.fromkeys((Role.REGISTRAR, Role.COURSE_EDITOR, Role.FINANCE), right("V")),
    Term: dict.fromkeys((Role.REGISTRAR, Role.COURSE_EDITOR, Role.FINANCE), right("V")),
    Invoice: {Role.REGISTRAR: right("V"), Role.FINANCE: right("VCEDBX")},
}


@pytest.fixture(autouse=True)
def rights(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rights that these tests speak about, whatever the grids declare."""
    monkeypatch.setattr(access, "_rights", RIGHTS)


@pytest.fixture
def write(session: scoped_session[Session]) -> Iterator[Write]:
    """Returns a function that stores rows of a model, with what each row must have filled in."""
    yield lambda model, *rows: store(model, rows)


def store(model: Any, rows: Any) -> None:
    """Stores rows with all columns that the database asks for."""
    made = [_complete(model, number, row) for number, row in enumerate(rows, 1)]
    with unrecorded() as connection:
        connection.execute(model.__table__.insert(), made)


def unrecorded() -> AbstractContextManager[Connection]:
    """Returns a connection that writes without an operation: selections ask for rows, however they came there."""
    return db.engine.execution_options(unrecorded=True).begin()


def _complete(model: Any, number: int, row: dict[str, Any]) -> dict[str, Any]:
    instant = datetime(2026, 1, 5, 12, tzinfo=UTC)
    whole = {column.name: None for column in model.__table__.columns if column.computed is None}
    whole |= {
        "id": number,
        "version": 1,
        "created_at": instant,
        "updated_at": instant,
        **_DEFAULTS[model](number),
        **row,
    }
    return whole | model.derive(whole)


_DEFAULTS: dict[Any, Callable[[int], dict[str, Any]]] = {
    Student: lambda n: {"student_number": f"S{n:04}", "full_name": f"Student {n}", "status": "active", "financial_hold": False},
    StaffUser: lambda n: {
        "username": f"user{n}", "full_name": f"User {n}", "email": f"u{n}@example.org", "role": "registrar",
        "is_active": True, "timezone": "UTC",
    },
    Course: lambda n: {"code": f"C{n}", "title": f"Course {n}", "status": "published"},
    Term: lambda n: {
        "code": f"T{n}", "name": f"Term {n}", "kind": "term", "start_date": date(2026, 1, 1), "end_date": date(2026, 6, 1),
        "status": "open",
    },
    Section: lambda n: {
        "course_id": 1, "term_id": 1, "code": f"X{n}", "name": f"Section {n}", "delivery": "online", "timezone": "UTC",
        "start_date": date(2026, 1, 1), "end_date": date(2026, 6, 1), "status": "open",
    },
    Enrollment: lambda n: {"student_id": 1, "section_id": 1, "status": "active", "attempt_no": 1},
    Invoice: lambda n: {
        "student_id": 1, "currency": "EUR", "state": "issued", "number": f"INV-{n}", "issue_date": date(2026, 1, 1),
        "due_date": date(2026, 2, 1), "total_minor": 0, "settled_minor": 0, "reminder_count": 0,
    },
}  # fmt: skip


def found(model: Any, search: str, person: Any = REGISTRAR, **more: Any) -> list[int]:
    """Returns the ids that a search finds, in ascending order."""
    selection = Selection.parse(model, person, search=search, **more)
    return sorted(db.session.scalars(selection.select_ids()))
