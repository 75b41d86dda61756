"""How connections behave: transactions that begin when we say so, waits that end, and UTC everywhere."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event, text
from sqlalchemy.orm import Session

LOCK_SECONDS = 10  # how long a writer waits for another one
READ_SECONDS = 30  # how long one statement of a page may take
WRITE_SECONDS = 600  # how long one statement of a recorded operation may take
CONNECT_SECONDS = 3
CACHE_KIB = 4096  # of each SQLite connection; a server has one per thread, and the operating system keeps the file

_SQLITE = (
    "PRAGMA foreign_keys=ON",
    "PRAGMA journal_mode=WAL",
    f"PRAGMA busy_timeout={LOCK_SECONDS * 1000}",
    f"PRAGMA cache_size=-{CACHE_KIB}",
    "PRAGMA journal_size_limit=67108864",  # bytes that an emptied WAL file may keep
)
_POSTGRESQL = (
    "SET TIME ZONE 'UTC'",
    f"SET statement_timeout = '{READ_SECONDS}s'",
    f"SET lock_timeout = '{LOCK_SECONDS}s'",
)


def configure_engine(engine: Engine) -> None:
    """Makes every connection of `engine` behave; to be called once, before the first connection is opened."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "do_connect", _limit_connecting)
        event.listen(engine, "connect", _prepare_postgresql)


def begin_writing(session: Session) -> Connection:
    """Returns the session's connection in a new transaction that may write at once.

    SQLite takes its one write lock now: a reader that turned into a writer later would fail instead of waiting.
    The session must not be in a transaction.
    """
    connection = session.connection(execution_options={"writing": True})
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL statement_timeout = '{WRITE_SECONDS}s'"))
    return connection


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late and breaks savepoints
    cursor = connection.cursor()
    for statement in _SQLITE:
        cursor.execute(statement)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    driver: Any = connection.connection.dbapi_connection
    driver.isolation_level = None  # a connection that was in AUTOCOMMIT comes back with the driver's own
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writing") else "BEGIN")


def _limit_connecting(dialect: Dialect, record: object, arguments: list[Any], options: dict[str, Any]) -> None:
    options.setdefault("connect_timeout", CONNECT_SECONDS)


def _prepare_postgresql(connection: Any, record: object) -> None:
    with connection.cursor() as cursor:
        for statement in _POSTGRESQL:
            cursor.execute(statement)
    connection.commit()
