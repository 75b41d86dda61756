"""How connections behave."""

from __future__ import annotations

from sqlalchemy import inspect, text

from backoffice.commands.server import THREADS
from backoffice.core.database import begin_writing
from backoffice.extensions import db


def value(session, statement):
    return session.execute(text(statement)).scalar()


def test_sqlite_keeps_foreign_keys_waits_for_locks_and_lets_readers_go_on(session):
    if db.engine.dialect.name != "sqlite":
        return
    assert value(session, "PRAGMA foreign_keys") == 1
    assert value(session, "PRAGMA journal_mode") == "wal"
    assert value(session, "PRAGMA busy_timeout") == 10_000


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
