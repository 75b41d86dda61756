"""Fixtures: the real application on a real database, SQLite by default, another by BACKOFFICE_TEST_DATABASE_URI.

A test writes real commits; every table is emptied after it. `session` holds an application context open: a test that
sends requests takes `client` instead, and looks into the database inside `with app.app_context():`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session, scoped_session

from backoffice.app import create_app
from backoffice.config import Settings
from backoffice.extensions import cache, db, limiter
from tests import factories

PASSWORD = factories.PASSWORD
DATABASE_URI = "BACKOFFICE_TEST_DATABASE_URI"  # e.g. postgresql+psycopg://root@127.0.0.1:5432/postgres


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="a skipped test fails the run")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--no-skips") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def database_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of this process's own: a SQLite file, or a new database on the server that the variable names."""
    server = os.environ.get(DATABASE_URI)
    if not server:
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.sqlite3'}"
        return
    name = f"backoffice_test_{os.getpid()}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def settings(database_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        MODE="test",
        SECRET_KEY="only-for-tests-0123456789-abcdefghij",
        INSTANCE_PATH=str(tmp_path_factory.mktemp("instance")),
        DATABASE_URI=database_uri,
        TIMEZONE="Europe/Berlin",
        CURRENCY="EUR",
    )


@pytest.fixture(scope="session")
def _application(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    with app.app_context():
        event.listen(db.engine, "connect", _wait_for_no_disk)
        db.create_all()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(_application: Flask) -> Iterator[Flask]:
    """The application on an empty database."""
    yield _application
    with _application.app_context():
        db.session.remove()
        _empty(db.engine)
        cache.clear()
        limiter.reset()


def _wait_for_no_disk(connection: Any, record: object) -> None:
    """Lets commits return before they are on the disk: what outlives a power cut is not what these tests ask."""
    sqlite = isinstance(connection, sqlite3.Connection)
    connection.cursor().execute("PRAGMA synchronous=OFF" if sqlite else "SET synchronous_commit = off")
    if not sqlite:
        connection.commit()


def _empty(engine: Engine) -> None:
    """Deletes every row, foreign keys aside: rows that point at their own table would refuse."""
    relax = "PRAGMA foreign_keys=OFF" if engine.dialect.name == "sqlite" else "SET session_replication_role = replica"
    restore = "PRAGMA foreign_keys=ON" if engine.dialect.name == "sqlite" else "SET session_replication_role = origin"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT", unrecorded=True) as connection:
        connection.exec_driver_sql(relax)
        for table in db.metadata.sorted_tables:
            connection.execute(table.delete())
        connection.exec_driver_sql(restore)


@pytest.fixture
def session(app: Flask) -> Iterator[scoped_session[Session]]:
    """The database session inside an application context, for tests that send no request."""
    with app.app_context():
        yield db.session


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a session."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[..., FlaskClient]:
    """Returns a function: a role's name -> a client signed in as a new member of staff with that role."""

    def signed_in(role: str, **values: object) -> FlaskClient:
        with app.app_context():
            username = factories.staff(role=role, **values).username
        client = app.test_client()
        page = client.get("/login").get_data(as_text=True)
        answer = client.post(
            "/login", data={"username": username, "password": PASSWORD, "csrf_token": factories.csrf_token(page)}
        )
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return client

    return signed_in


@pytest.fixture
def checkout() -> Path:
    """The root of the checkout, for the sweeps over files."""
    return Path(__file__).resolve().parent.parent
