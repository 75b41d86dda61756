"""The databases that are measured: seeded once, migrated and used again."""

from __future__ import annotations

import time

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, func, make_url, select, text

from backoffice.app import create_app
from backoffice.config import Settings
from backoffice.extensions import db
from backoffice.interchange.seed import seed_organisation
from backoffice.students.models import Student
from tests import factories

SECRET = "benchmarks benchmarks 0123456789"
RANDOM_SEED = 1


def address(template: str, students: int) -> str:
    """Returns the address of the database for so many students; `template` says where in it the number goes."""
    return template.replace("{students}", str(students))


def application(uri: str, folder: str) -> Flask:
    """Returns the application on a database."""
    return create_app(Settings(MODE="test", SECRET_KEY=SECRET, INSTANCE_PATH=folder, DATABASE_URI=uri))


def administrator() -> str:
    """Returns the username of a new administrator, whom no earlier run has left behind."""
    name = f"bench-{time.time_ns()}"
    return str(factories.staff(role="admin", username=name, email=f"{name}@example.org").username)


def prepare(uri: str, students: int, folder: str) -> None:
    """Makes and seeds the database, unless it is there with so many students."""
    _create(uri)
    with application(uri, folder).app_context():
        upgrade()
        there = db.session.scalar(select(func.count(Student.id))) or 0
        db.session.rollback()
        if there and there != students:
            raise SystemExit(f"{uri} holds {there:,} students, not {students:,}. Name another database.")
        if not there:
            start = time.perf_counter()
            seed_organisation(students, RANDOM_SEED)
            print(f"{students:,} students seeded in {time.perf_counter() - start:.0f} s", flush=True)


def _create(uri: str) -> None:
    url = make_url(uri)
    if url.get_backend_name() != "postgresql":
        return
    server = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        known = text("SELECT 1 FROM pg_database WHERE datname = :name")
        if connection.scalar(known, {"name": url.database}) is None:
            connection.execute(text(f'CREATE DATABASE "{url.database}"'))
    server.dispose()
