"""Births: rows loaded by the million are recorded as runs of numbers, not one by one.

A row that nobody wrote since is its own first state, so a copy of it says nothing more; the operation's seal is made over
the creations all the same. Whatever writes such a row, takes its operation back or prunes it, settles it first: its
creation becomes a change like any other, made from the row as it still is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, Table, and_, exists, literal, null, select
from sqlalchemy.dialects import postgresql, sqlite

from backoffice.core.model import Record
from backoffice.core.operations import snapshot
from backoffice.core.operations.models import Birth, Change
from backoffice.core.operations.tables import model_named, table_of

BIRTH: Table = cast(Table, Birth.__table__)
_CHANGE: Table = cast(Table, Change.__table__)
_NAMES = ("operation_id", "entity_type", "action", "entity_id", "version_before", "version_after", "before", "after")

Run = Row[Any]  # entity_type, first_id, last_id, operation_id


def runs(connection: Connection, *conditions: Any) -> Sequence[Run]:
    """Returns the runs that meet `conditions`, in the order of their numbers."""
    return connection.execute(select(BIRTH).where(*conditions).order_by(BIRTH.c.entity_type, BIRTH.c.first_id)).all()


def of_operation(connection: Connection, operation_id: int) -> Sequence[Run]:
    """Returns the runs that an operation loaded."""
    return runs(connection, BIRTH.c.operation_id == operation_id)


def unsettled(dialect: str, run: Run, ids: Any = None) -> Select[Any]:
    """Returns the SELECT of the creations of a run that are not written down, as the columns of a change: of those rows of
    `ids`, or of all.
    """
    born, full = _born(dialect, run.entity_type)
    creations = _creations(born, full, run.entity_type, literal(run.operation_id))
    as_born = creations.where(born.c.id.between(run.first_id, run.last_id), born.c.version == run.operation_id)
    return as_born if ids is None else as_born.where(born.c.id.in_(ids))


def _creations(born: FromClause, full: ColumnElement[Any], kind: str, operation_id: ColumnElement[int]) -> Select[Any]:
    """Returns the SELECT of creations by an operation that are not written down, as the columns of a change."""
    written = exists().where(
        _CHANGE.c.operation_id == operation_id, _CHANGE.c.entity_type == kind, _CHANGE.c.entity_id == born.c.id
    )
    fixed = (operation_id, literal(kind), literal("create"))
    return select(*fixed, born.c.id, null(), born.c.version, null(), full.label("after")).where(~written)


@cache
def _born(dialect: str, kind: str) -> tuple[FromClause, ColumnElement[Any]]:
    """Returns the table under a name of its own, so that `ids` may speak of the table itself, and its rows in full."""
    table = table_of(model_named(kind))
    born = table.alias("born")
    return born, snapshot.take_columns(dialect, [born.c[name] for name in snapshot.columns_of(table)])


def first_states(connection: Connection, run: Run, first: int, last: int) -> dict[int, dict[str, Any]]:
    """Returns the rows with numbers `first` to `last` of a run as they were born, those that are gone included."""
    known = select(_CHANGE.c.entity_id, _CHANGE.c.after).where(
        _CHANGE.c.operation_id == run.operation_id,
        _CHANGE.c.entity_type == run.entity_type,
        _CHANGE.c.entity_id.between(first, last),
    )
    rest = unsettled(connection.dialect.name, run, range(first, last + 1))
    written = {row.entity_id: row.after for row in connection.execute(known)}
    return written | {row[3]: row.after for row in connection.execute(rest)}


def of_row(connection: Connection, model: type[Record], row_id: int) -> Change | None:
    """Returns the creation of one row that is in a run and not settled yet, as the change that it would be."""
    kind = table_of(model).name
    mine = (BIRTH.c.entity_type == kind, BIRTH.c.first_id <= row_id, BIRTH.c.last_id >= row_id)
    for run in runs(connection, *mine):
        creation = unsettled(connection.dialect.name, run, [row_id])
        found = connection.execute(creation).first()
        if found is not None:
            return _change(run, row_id, found[-1])
    return None


def page(connection: Connection, operation_id: int, limit: int, offset: int = 0) -> list[Change]:
    """Returns changes of an operation that loaded its rows: of the runs as of other changes, those that are gone left out."""
    found: list[Change] = []
    for run in of_operation(connection, operation_id):
        length = run.last_id - run.first_id + 1
        wanted = limit - len(found)
        if wanted > 0 and offset < length:
            first = run.first_id + offset
            last = min(first + wanted - 1, run.last_id)
            states = first_states(connection, run, first, last)
            found += [_change(run, row_id, states[row_id]) for row_id in sorted(states)]
        offset = max(0, offset - length)
    return found


def _change(run: Run, row_id: int, state: dict[str, Any]) -> Change:
    return Change(
        operation_id=run.operation_id,
        entity_type=run.entity_type,
        entity_id=row_id,
        action="create",
        version_after=run.operation_id,
        after=state,
    )


def settle(connection: Connection, model: type[Record], ids: Any) -> None:
    """Writes down the creations of those rows of `ids` that are about to be written for the first time."""
    born, creations = _unsettled_of_all(connection.dialect.name, table_of(model).name)
    _write_down(connection, creations.where(born.c.id.in_(ids)))


@cache
def _unsettled_of_all(dialect: str, kind: str) -> tuple[FromClause, Select[Any]]:
    """Returns the table as `_born` does, and the creations of all its runs that are not written down."""
    born, full = _born(dialect, kind)
    in_run = and_(
        BIRTH.c.entity_type == kind,
        BIRTH.c.operation_id == born.c.version,
        born.c.id.between(BIRTH.c.first_id, BIRTH.c.last_id),
    )
    creations = _creations(born, full, kind, BIRTH.c.operation_id)
    return born, creations.join_from(born, BIRTH, in_run)


def settle_runs(connection: Connection, *conditions: Any) -> None:
    """Turns whole runs into changes, as before an undo or a pruning."""
    for run in runs(connection, *conditions):
        _write_down(connection, unsettled(connection.dialect.name, run))
    connection.execute(BIRTH.delete().where(*conditions))


def _write_down(connection: Connection, creations: Select[Any]) -> None:
    insertion: Any = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(_CHANGE)
    # Somebody else may have written such a row, and its creation, while this statement waited for the row.
    connection.execute(insertion.from_select(_NAMES, creations).on_conflict_do_nothing())
