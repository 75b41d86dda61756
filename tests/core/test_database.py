"""How connections behave."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backoffice.commands.server import THREADS
from backoffice.core.access import SYSTEM
from backoffice.core.database import (
    MANY,
    begin_writing,
    configure_engine,
    expect_many,
    filling,
    if_in_time,
    within,
)
from backoffice.core.operations import recording
from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories


def value(session, statement):
    return session.execute(text(statement)).scalar()


def test_sqlite_keeps_foreign_keys_waits_for_locks_and_lets_readers_go_on(session):
    if db.engine.dialect.name != "sqlite":
        return
    assert value(session, "PRAGMA foreign_keys") == 1
    assert value(session, "PRAGMA journal_mode") == "wal"
    assert value(session, "PRAGMA busy_timeout") == 10_000


@pytest.fixture
def file_session(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    configure_engine(engine)
    with Session(engine) as session:
        session.execute(text("CREATE TABLE row (id INTEGER PRIMARY KEY)"))
        session.commit()
        yield session
    engine.dispose()


def test_a_sqlite_file_that_is_filled_does_without_its_log_until_the_end(file_session):
    with filling(file_session):
        meanwhile = value(file_session, "PRAGMA journal_mode")
        file_session.execute(text("INSERT INTO row VALUES (1)"))
        file_session.commit()

    after = value(file_session, "PRAGMA journal_mode")
    assert (meanwhile, after, value(file_session, "SELECT count(*) FROM row")) == ("truncate", "wal", 1)


def test_a_sqlite_file_that_somebody_else_has_open_is_filled_through_its_log(file_session):
    with file_session.get_bind().connect() as other:
        other.execute(text("SELECT count(*) FROM row"))

        with filling(file_session):
            meanwhile = value(file_session, "PRAGMA journal_mode")

    assert meanwhile == "wal"


def test_what_fails_while_a_sqlite_file_is_filled_leaves_nothing_behind(file_session):
    with pytest.raises(ZeroDivisionError), filling(file_session):
        file_session.execute(text("INSERT INTO row VALUES (1)"))
        raise ZeroDivisionError

    assert (value(file_session, "PRAGMA journal_mode"), value(file_session, "SELECT count(*) FROM row")) == ("wal", 0)


def test_postgresql_keeps_utc_and_ends_what_takes_too_long(session):
    if db.engine.dialect.name != "postgresql":
        return
    assert value(session, "SHOW timezone") == "UTC"
    assert value(session, "SHOW statement_timeout") == "30s"
    assert value(session, "SHOW lock_timeout") == "10s"
    session.rollback()
    begin_writing(session())
    assert value(session, "SHOW statement_timeout") == "10min"
    session.rollback()
    assert value(session, "SHOW statement_timeout") == "30s"


COUNTING = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT count(*) FROM n"


def test_a_statement_that_nobody_may_be_waiting_for_is_given_up_and_the_next_one_has_its_time(session):
    with pytest.raises(OperationalError), within(session(), 0.02):
        value(session, COUNTING.format(100_000_000))
    session.rollback()

    assert value(session, COUNTING.format(200_000)) == 200_000


def test_what_a_statement_may_take_is_as_before_behind_the_block(session):
    if db.engine.dialect.name != "postgresql":
        return
    before = session.scalar(text("SHOW statement_timeout"))
    with within(session(), 0.5):
        inside = session.scalar(text("SHOW statement_timeout"))

    given = round(int(inside.removesuffix("ms")), -1)  # it is what is left of the time
    assert (given, session.scalar(text("SHOW statement_timeout"))) == (500, before)


@pytest.mark.parametrize(("outer", "inner"), [(0.1, 60), (60, 0.1)])
def test_of_a_block_inside_another_one_the_sooner_end_counts(session, outer, inner):
    with within(session(), outer):
        begun = time.monotonic()
        found = if_in_time(session(), inner, lambda: value(session, COUNTING.format(100_000_000)))
        taken = time.monotonic() - begun

    assert (found, taken < 10) == (None, True)


def test_what_was_given_up_inside_a_block_leaves_its_end_as_it_was(session):
    with pytest.raises(OperationalError), within(session(), 0.3):
        if_in_time(session(), 0.05, lambda: value(session, COUNTING.format(100_000_000)))
        value(session, COUNTING.format(100_000_000))
    session.rollback()

    assert value(session, COUNTING.format(200_000)) == 200_000


def test_a_read_beside_what_was_written_is_not_given_up(session):
    with recording(SYSTEM, "system", "create", title="Two students", model=Student):
        factories.student()
        found = if_in_time(session(), 0.01, lambda: value(session, COUNTING.format(300_000)))
        factories.student()

    assert (found, value(session, "SELECT count(*) FROM student")) == (300_000, 2)


def test_postgresql_plans_for_many_rows_once_a_transaction_wrote_many_and_no_longer(session):
    if db.engine.dialect.name != "postgresql":
        return
    connection = begin_writing(session())

    expect_many(connection, MANY - 1)
    few = value(session, "SHOW enable_nestloop")
    expect_many(connection, MANY)
    many = value(session, "SHOW enable_nestloop")
    session.rollback()

    assert (few, many, value(session, "SHOW enable_nestloop")) == ("on", "off", "on")


def test_a_savepoint_can_be_rolled_back_alone(session):
    begin_writing(session())
    value(session, "SELECT 1")
    session.execute(text("CREATE TABLE only_here (n INTEGER)"))
    savepoint = session.begin_nested()
    session.execute(text("INSERT INTO only_here VALUES (1)"))
    savepoint.rollback()
    assert value(session, "SELECT count(*) FROM only_here") == 0
    session.rollback()


def test_a_connection_that_was_in_autocommit_begins_properly_afterwards(app):
    with app.app_context():
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SELECT 1"))
        with db.engine.connect() as connection:
            connection.execute(text("CREATE TABLE only_here (n INTEGER)"))
            connection.rollback()
        assert not inspect(db.engine).has_table("only_here")


def test_the_pages_that_all_threads_of_a_server_keep_stay_small(session):
    if db.engine.dialect.name != "sqlite":
        return
    kept = -value(session, "PRAGMA cache_size") * THREADS
    assert kept <= 40 * 1024  # KiB
