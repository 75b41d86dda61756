"""Fixtures: the real application on a real database, SQLite by default, another by BACKOFFICE_TEST_DATABASE_URI.

A test writes real commits; every table is emptied after it. `session` holds an application context open: a test that
sends requests takes `client` instead, and looks into the database inside `with app.app_context():`.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import get_babel
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, scoped_session

from backoffice.app import create_app
from backoffice.commands.server import settle
from backoffice.config import Settings
from backoffice.core.summaries import answers, looking
from backoffice.extensions import cache, db, limiter
from backoffice.staff import passwords
from tests import factories
from tests.databases import new_database

PASSWORD = factories.PASSWORD
FIGURES = "figures"  # the name of the thread of core.summaries.making
ONCE = (
    "commands",
    "contracts/test_house.py",
    "contracts/test_readme.py",
    "contracts/test_texts.py",  # other sweeps open the same pages on each
)  # each with a SQLite file of its own, or none, or about what no database has a part in
HASHER = passwords._hasher
COUNTED_WITHIN = 10  # seconds


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="a skipped test fails the run")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if any(item.path.is_relative_to(here / name) for name in ONCE):
            item.add_marker(pytest.mark.once)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--no-skips") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session", autouse=True)
def _passwords_are_compared_quickly() -> Iterator[None]:
    """Hashes passwords by the same method with the least work: a sign-in takes 25 ms less. `true_hashing` undoes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture
def true_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes passwords as the product does."""
    monkeypatch.setattr(passwords, "_hasher", HASHER)


@pytest.fixture(scope="session")
def database_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of this process's own."""
    with new_database(tmp_path_factory.mktemp("database")) as uri:
        yield uri


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
    settle()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(_application: Flask) -> Iterator[Flask]:
    """The application on an empty database."""
    yield _application
    _let_figures_be_counted()
    with _application.app_context():
        db.session.remove()
        _empty(db.engine)
        cache.clear()
        limiter.reset()
        get_babel().instance.domain_instance.cache.clear()  # a test may have other catalogues than the next


def _let_figures_be_counted() -> None:
    """Waits for what counts figures beside the requests: it would read the tables of the next test, and be counted there."""
    for thread in threading.enumerate():
        if thread.name == FIGURES:
            thread.join(COUNTED_WITHIN)


def _wait_for_no_disk(connection: Any, record: object) -> None:
    """Lets commits return before they are on the disk: what outlives a power cut is not what these tests ask."""
    sqlite = isinstance(connection, sqlite3.Connection)
    connection.cursor().execute("PRAGMA synchronous=OFF" if sqlite else "SET synchronous_commit = off")
    if not sqlite:
        connection.commit()


def _empty(engine: Engine) -> None:
    """Deletes every row by one message and one commit, foreign keys aside: rows that point at their own table would refuse."""
    deletions = "; ".join(f"DELETE FROM {table.name}" for table in db.metadata.sorted_tables)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT", unrecorded=True) as connection:
        driver: Any = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            driver.executescript(f"PRAGMA foreign_keys=OFF; BEGIN; {deletions}; COMMIT; PRAGMA foreign_keys=ON")
        else:
            driver.execute(
                f"SET session_replication_role = replica; {deletions}; SET session_replication_role = origin"
            )


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
def patience() -> Iterator[None]:
    """Lets every look at the figures wait until all are made, however busy the machine is: none is too slow to be made anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(looking, "PATIENCE", 60)
        patch.setattr(answers, "QUICK", 60)
        yield


@pytest.fixture
def checkout() -> Path:
    """The root of the checkout, for the sweeps over files."""
    return Path(__file__).resolve().parent.parent
