"""The unit of work, recorded: what the session flushes gets its version, its derived columns and its changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Table, inspect, select
from sqlalchemy.orm import Session

from backoffice.core.model import Record
from backoffice.core.operations import births, dependents, snapshot
from backoffice.core.operations.changes import write_rows
from backoffice.core.operations.recording import Recording
from backoffice.core.operations.tables import table_of
from backoffice.core.operations.writes import chunks

CHUNK = 500

State = tuple[int, dict[str, Any]]  # version and full snapshot


def pending(session: Session) -> list[Record]:
    """Returns the records that the session is about to insert, update or delete."""
    return [row for row in (*session.new, *_dirty(session), *session.deleted) if isinstance(row, Record)]


def prepare(recording: Recording) -> None:
    """Stamps what is about to be flushed and remembers how it was; deletions go through the delete planner."""
    session = recording.session
    _delete(recording, [row for row in session.deleted if isinstance(row, Record)])
    new = [row for row in session.new if isinstance(row, Record)]
    dirty = [row for row in _dirty(session) if isinstance(row, Record)]
    for model in dict.fromkeys(type(row) for row in dirty):
        births.settle(recording.connection, model, [row.id for row in dirty if type(row) is model])
    recording.flushed = (new, dirty, _states(recording, dirty))
    for row in new:
        row.created_at = recording.at
    for row in (*new, *dirty):
        _stamp(recording, row)


def record(recording: Recording) -> None:
    """Writes the changes of what has been flushed."""
    if recording.flushed is None:
        return
    new, dirty, before = recording.flushed
    recording.flushed = None
    after = _states(recording, [*new, *dirty])
    for model in dict.fromkeys(type(row) for row in (*new, *dirty)):
        name = table_of(model).name
        rows = []
        for row in (*new, *dirty):
            if type(row) is model:
                key = (name, row.id)
                rows.append(_change(recording, row.id, before.get(key), after[key]))
        recording.touch(model, {column for row in rows for column in row["after"]})
        write_rows(recording, model, rows)


def _change(recording: Recording, entity_id: int, before: State | None, after: State) -> dict[str, Any]:
    change: dict[str, Any] = {"entity_id": entity_id, "version_after": recording.id}
    if before is None:
        return change | {"action": "create", "version_before": None, "before": None, "after": after[1]}
    names = [name for name, value in after[1].items() if value != before[1][name]]
    return change | {
        "action": "update",
        "version_before": before[0],
        "before": {name: before[1][name] for name in names},
        "after": {name: after[1][name] for name in names},
    }


def _dirty(session: Session) -> Iterator[Any]:
    return (row for row in session.dirty if session.is_modified(row, include_collections=False))


def _stamp(recording: Recording, row: Record) -> None:
    row.version = recording.id
    row.updated_at = recording.at
    mapper = inspect(type(row))
    values = {
        column.name: getattr(row, mapper.get_property_by_column(column).key)
        for column in table_of(type(row)).columns
        if column.computed is None
    }
    for name, value in type(row).derive(values).items():
        setattr(row, mapper.get_property_by_column(table_of(type(row)).columns[name]).key, value)


def _states(recording: Recording, rows: Sequence[Record]) -> dict[tuple[str, int], State]:
    """Returns version and snapshot of stored rows, one statement per table and 500 rows."""
    found: dict[tuple[str, int], State] = {}
    for model in dict.fromkeys(type(row) for row in rows):
        table = table_of(model)
        ids = [row.id for row in rows if type(row) is model]
        for chunk in chunks(ids, CHUNK):
            found |= _stored(recording, table, chunk)
    return found


def _stored(recording: Recording, table: Table, ids: Iterable[int]) -> dict[tuple[str, int], State]:
    document = snapshot.take_columns(recording.dialect, snapshot.columns_of(table).values())
    statement = select(table.c.id, table.c.version, document).where(table.c.id.in_(list(ids)))
    return {(table.name, row[0]): (row[1], row[2]) for row in recording.connection.execute(statement)}


def _delete(recording: Recording, rows: Sequence[Record]) -> None:
    """Deletes set-based, dependents and all; the session need not delete them any more."""
    keys: list[tuple[type[Record], int]] = [(type(row), inspect(row).identity[0]) for row in rows]
    for row in rows:
        recording.session.expunge(row)
    for model in dict.fromkeys(model for model, row_id in keys):
        ids = [row_id for own, row_id in keys if own is model]
        dependents.delete(recording, model, table_of(model).c.id.in_(ids))
