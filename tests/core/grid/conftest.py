"""What the tests of grids share: a registrar at work, and what the database says afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

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
