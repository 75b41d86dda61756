"""Nobody writes a business table without an operation: the unit of work is recorded, everything else is stopped."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Connection, Engine, UpdateBase, event
from sqlalchemy.orm import Session, UOWTransaction

from backoffice.core.operations import flushing
from backoffice.core.operations.errors import UnrecordedWrite
from backoffice.core.operations.recording import current
from backoffice.core.operations.tables import protected_tables

_WRITES = re.compile(
    r"""\s*(?:insert\s+(?:or\s+\w+\s+)?into|replace\s+into|update(?:\s+or\s+\w+)?|delete\s+from|truncate(?:\s+table)?)
        \s+(?:only\s+)?["`\[]?(\w+)""",
    re.IGNORECASE | re.VERBOSE,
)


def protect(engine: Engine) -> None:
    """Records what `db.session` flushes and stops every other write on `engine`. May be called again.

    Migrations and the emptying of test databases say so with the execution option `unrecorded=True` on their connection.
    """
    for name, listener in (("before_flush", _before_flush), ("after_flush", _after_flush)):
        if not event.contains(Session, name, listener):
            event.listen(Session, name, listener)
    if not event.contains(engine, "before_cursor_execute", _before_execute):
        event.listen(engine, "before_cursor_execute", _before_execute)


def _before_flush(session: Session, context: UOWTransaction, instances: object) -> None:
    pending = flushing.pending(session)
    if not pending:
        return
    recording = current()
    if recording is None or recording.session is not session:
        raise UnrecordedWrite(f"{pending[0].__tablename__} was changed outside of recording()")
    flushing.prepare(recording)


def _after_flush(session: Session, context: UOWTransaction) -> None:
    recording = current()
    if recording is not None and recording.session is session:
        flushing.record(recording)


def _before_execute(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> None:
    table = _written_table(statement, context)
    if table is None or table not in protected_tables():
        return
    recording = current()
    if recording is not None and recording.writes_now:
        return
    if not connection.get_execution_options().get("unrecorded"):
        raise UnrecordedWrite(f"{table} was written outside of recording()")


def _written_table(statement: str, context: Any) -> str | None:
    compiled = getattr(getattr(context, "compiled", None), "statement", None)
    if isinstance(compiled, UpdateBase):
        return getattr(compiled.table, "name", None)
    found = _WRITES.match(statement)
    return found.group(1).lower() if found else None
