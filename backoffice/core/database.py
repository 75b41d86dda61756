"""How connections behave: transactions that begin when we say so, waits that end, and UTC everywhere."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Engine, event, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backoffice.core.locked import Turns

Answer = TypeVar("Answer")

LOCK_SECONDS = 10  # how long a writer waits for another one
READ_SECONDS = 30  # how long one statement of a page may take
WRITE_SECONDS = 600  # how long one statement of a recorded operation may take
CONNECT_SECONDS = 3
STEPS = 100_000  # of SQLite, about a millisecond, between two looks at the clock
MANY = 1000  # rows written in a transaction, from which on its statements are planned as if they met many
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
    "SET jit = off",  # compiling takes longer than any page has
    "SET random_page_cost = 1.1",  # as on solid state disks and in memory: an index before reading a whole table
    f"SET statement_timeout = '{READ_SECONDS}s'",
    f"SET lock_timeout = '{LOCK_SECONDS}s'",
)
_TURN = "turn"
_LIMITS = "limits"  # of a session: when the blocks end that it is in
_turns: dict[str, Turns] = {}  # by the file's name: every engine of this process on the same file stands in one line
os.register_at_fork(after_in_child=_turns.clear)  # a child stands in line for itself
_FOR_MANY = "SELECT " + ", ".join(
    f"set_config('{name}', '{value}', true)"
    for name, value in (
        ("enable_nestloop", "off"),
        ("plan_cache_mode", "force_custom_plan"),
        ("work_mem", "64MB"),
        ("jit", "off"),  # what nested loops that cannot be avoided are said to cost would always switch it on
    )
)


def configure_engine(engine: Engine) -> None:
    """Makes every connection of `engine` behave; to be called once, before the first connection is opened."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "checkin", _give_back)
    else:
        event.listen(engine, "do_connect", _limit_connecting)
        event.listen(engine, "connect", _prepare_postgresql)


def insert_unless_there(connection: Connection, model: type[Any], **values: Any) -> None:
    """Inserts a row of `model`, unless there is one with its key already."""
    insert: Any = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}[connection.dialect.name]
    connection.execute(insert(model).values(**values).on_conflict_do_nothing())


@contextmanager
def writing(session: Session) -> Iterator[Connection]:
    """A transaction that may write, committed at the end of the block, or rolled back by whatever is raised in it."""
    session.commit()  # so that the write lock is taken before anything is read
    try:
        yield begin_writing(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise


def begin_writing(session: Session) -> Connection:
    """Returns the session's connection in a new transaction that may write at once.

    SQLite takes its one write lock now: a reader that turned into a writer later would fail instead of waiting.
    The session must not be in a transaction.
    """
    connection = session.connection(execution_options={"writing": True})
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL statement_timeout = '{WRITE_SECONDS}s'"))
    return connection


@contextmanager
def within(session: Session, seconds: float) -> Iterator[None]:
    """A block in which a statement that takes longer raises OperationalError; on SQLite, all of them together.

    Inside of another such block, whichever ends first counts.
    """
    limits: list[float] = session.info.setdefault(_LIMITS, [])
    limits.append(time.monotonic() + seconds)
    _keep_to(session, limits)
    try:
        yield
    finally:
        limits.pop()
    if not _is_sqlite(session):  # where a statement failed no other may follow, and the limit ends with the transaction
        _keep_to(session, limits)


def _keep_to(session: Session, limits: Sequence[float]) -> None:
    """Has statements end at the first of these moments: SQLite's look for it while they last."""
    connection = session.connection()
    if _is_sqlite(session):
        driver: Any = connection.connection.dbapi_connection
        driver.set_progress_handler(lambda: bool(limits) and time.monotonic() > min(limits), STEPS)
        return
    seconds = max(min(limits) - time.monotonic(), 0.001) if limits else READ_SECONDS  # 0 would be no limit
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {round(seconds * 1000)}")


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def if_in_time(session: Session, seconds: float, read: Callable[[], Answer]) -> Answer | None:
    """Returns what `read` returns, which only reads; None where one of its statements takes longer.

    In a transaction that writes it has all the time: giving up would take back what was written.
    """
    if seconds <= 0:
        return None
    if session.in_transaction() and session.connection().get_execution_options().get("writing"):
        return read()
    try:
        with within(session, seconds):
            return read()
    except OperationalError:
        session.rollback()
        if session.info[_LIMITS]:  # of a block around this one
            _keep_to(session, session.info[_LIMITS])
        return None


@contextmanager
def filling(session: Session) -> Iterator[None]:
    """Spares what fills an empty database the detours of everyday writing, and leaves the database fit for reading."""
    session.commit()
    engine = session.get_bind()
    if not isinstance(engine, Engine):
        yield
    elif engine.dialect.name == "postgresql":
        yield
        _mark_visible(engine)
    elif _file_of(engine):
        with _written_once(engine, session):
            yield
    else:
        yield


def _mark_visible(engine: Engine) -> None:
    """Lets indexes answer without the rows from now on, rather than from the first round of autovacuum on."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        quote = connection.dialect.identifier_preparer.quote
        connection.exec_driver_sql(f"VACUUM {', '.join(map(quote, inspect(connection).get_table_names()))}")


@contextmanager
def _written_once(engine: Engine, session: Session) -> Iterator[None]:
    """Writes into the SQLite file itself, instead of into its log and then again.

    Reading goes through the log as well, and the longer the log the dearer. Until the end nobody else can read: so this is
    done only where nobody else has the file open. Elsewhere all is as ever.
    """
    engine.dispose()  # connections that wait in the pool have the file open too; one is opened now, and used by the block
    _keep_journal(engine, "TRUNCATE")
    try:
        yield
    finally:
        session.rollback()
        _keep_journal(engine, "WAL")


def _keep_journal(engine: Engine, mode: str) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            connection.exec_driver_sql(f"PRAGMA journal_mode={mode}")
        except OperationalError:  # somebody has the file open
            return


def expect_many(connection: Connection, written: int) -> None:
    """Has the rest of the transaction planned for many rows, once `written` of them are.

    PostgreSQL plans by statistics, and no statistics know rows that this very transaction wrote: it takes them for one
    and compares 100,000 rows with 100,000 in nested loops. ANALYZE is no way out: it is the owner's to run, holds its lock
    until the commit, and is out of date again with the next plan. So statements that do well however many rows there
    are; a generic statement that few rows taught a connection is not taken either.
    """
    if written >= MANY and connection.dialect.name == "postgresql":
        connection.execute(text(_FOR_MANY))


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
    if not options.get("writing"):
        connection.exec_driver_sql("BEGIN")
        return
    _take_turn(connection)
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _take_turn(connection: Connection) -> None:
    """Stands in line before SQLite is asked for its write lock; the turn ends when the connection goes back to the pool."""
    database, record = _file_of(connection.engine), connection.connection.record_info
    if not database or record is None or _TURN in record:
        return
    turns = _turns.get(database) or _turns.setdefault(database, Turns(database))
    if not turns.take(LOCK_SECONDS):
        raise OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
    record[_TURN] = turns


def _file_of(engine: Engine) -> str:
    """Returns the file of a SQLite database; nothing if it is kept in memory."""
    database = engine.url.database or ""
    return "" if database.startswith((":", "file:")) else database


def _give_back(connection: Any, record: Any) -> None:
    if connection is not None:  # None where it broke
        connection.set_progress_handler(None, 0)
    turns = record.record_info.pop(_TURN, None)
    if turns is not None:
        turns.give_back()


def _limit_connecting(dialect: Dialect, record: object, arguments: list[Any], options: dict[str, Any]) -> None:
    options.setdefault("connect_timeout", CONNECT_SECONDS)


def _prepare_postgresql(connection: Any, record: object) -> None:
    with connection.cursor() as cursor:
        for statement in _POSTGRESQL:
            cursor.execute(statement)
    connection.commit()
