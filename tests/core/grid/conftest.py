"""What the tests of grids share: a registrar at work, and what the database says afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backoffice.billing.models import InvoiceLine
from backoffice.core.access import SYSTEM
from backoffice.core.operations import recording
from backoffice.core.views import SavedView
from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories
from tests.contracts.grids import post
from tests.databases import SERVER

collect_ignore = [] if SERVER else ["test_refused_in_between.py"]  # it takes several who write at once


@pytest.fixture
def registrar(sign_in) -> FlaskClient:
    """A registrar who is signed in."""
    return sign_in("registrar")


@pytest.fixture
def made(app: Flask) -> Callable[..., int]:
    """Returns a function: values -> the number of a new student."""

    def make(**values: Any) -> int:
        with app.app_context():
            return int(factories.student(**values).id)

    return make


@pytest.fixture
def stored(app: Flask) -> Callable[[int], dict[str, Any]]:
    """Returns a function: the number of a student -> the row as it is stored, {} if it is gone."""

    def read(row_id: int) -> dict[str, Any]:
        with app.app_context():
            row = db.session.execute(select(Student.__table__).where(Student.id == row_id)).mappings().first()
            return dict(row or {})

    return read


@pytest.fixture
def send(registrar: FlaskClient) -> Callable[..., Any]:
    """Returns a function: address, fields -> the answer to the form of the registrar."""
    return lambda address, **fields: post(registrar, f"/admin/students/{address}", fields)


@pytest.fixture
def finance(sign_in) -> FlaskClient:
    """A finance officer who is signed in."""
    return sign_in("finance")


@pytest.fixture
def draft(app: Flask) -> tuple[int, list[int]]:
    """The numbers of a draft of two lines and of these."""
    with app.app_context():
        row_id = factories.invoice(100, 200, state="draft").id
        return row_id, list(db.session.scalars(select(InvoiceLine.id).order_by(InvoiceLine.line_no)))


@pytest.fixture
def three(made) -> list[int]:
    return [made(full_name=f"Anna {n}", student_number=f"S{n}", email=f"a{n}@example.org", city="York") for n in "123"]


@pytest.fixture
def kept(app):
    """Returns a function: values -> the number of a new view; `became` is what its search means by now."""

    def make(became=None, **values):
        with app.app_context():
            number = int(factories.saved_view(**values).id)
            if became is not None:
                with recording(SYSTEM, "system", "update", model=SavedView, effects=False) as operation:
                    operation.update(SavedView, SavedView.id == number, {"search": became})
            return number

    return make
