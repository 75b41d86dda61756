"""Proof that nothing was altered behind the product's back: every row equals its history, replayed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from backoffice.core.model import Record
from backoffice.core.operations import snapshot
from backoffice.core.operations.changes import CHANGE
from backoffice.core.operations.models import Operation
from backoffice.core.operations.tables import counted, models, singular, table_of

State = tuple[int, dict[str, Any]]  # version and values
BATCH = 2000


def problems(session: Session) -> Iterator[str]:
    """Yields a sentence for everything that does not agree, in constant memory; nothing when all is well."""
    for model in sorted(models(), key=lambda model: table_of(model).name):
        yield from _of_table(session.connection(), model)
        yield from _times(session, model)
    yield from _of_operations(session)


def checked(session: Session) -> str:
    """Returns what there is to prove, in words."""
    counts = [(session.scalar(select(func.count()).select_from(table_of(m))) or 0, table_of(m).name) for m in models()]
    rows = ", ".join(counted(count, name) for count, name in sorted(counts, key=lambda pair: pair[1]) if count)
    operations = session.scalar(select(func.count()).select_from(Operation)) or 0
    return f"{counted(operations, 'operation')}; {rows or 'no rows'}"


def _of_table(connection: Connection, model: type[Record]) -> Iterator[str]:
    name = singular(table_of(model).name)
    stored = _stored(connection, model)
    replayed = _replayed(connection, model)
    row, known = next(stored, None), next(replayed, None)
    while row or known:
        if known is None or (row is not None and row[0] < known[0]):
            yield f"{name} {row[0]}: there is a row, but no history says so."  # type: ignore[index]
            row = next(stored, None)
        elif row is None or known[0] < row[0]:
            if known[1] is not None:
                yield f"{name} {known[0]}: the history has a row that is not there."
            known = next(replayed, None)
        else:
            yield from (f"{name} {row[0]}: {difference}" for difference in _differences(row[1], known[1]))
            row, known = next(stored, None), next(replayed, None)


def _differences(row: State, known: State | None) -> Iterator[str]:
    if known is None:
        yield "the history says that it was deleted, but it is there."
        return
    if row[0] != known[0]:
        yield f"its version is {row[0]}, its history ends with {known[0]}."
    for column, value in row[1].items():
        if value != known[1].get(column):
            yield f"{column} is {value!r}, its history says {known[1].get(column)!r}."


def _stored(connection: Connection, model: type[Record]) -> Iterator[tuple[int, State]]:
    table = table_of(model)
    document = snapshot.take_columns(connection.dialect.name, snapshot.columns_of(table).values())
    last = 0
    statement = select(table.c.id, table.c.version, document).order_by(table.c.id).limit(BATCH)
    while rows := connection.execute(statement.where(table.c.id > last)).all():
        last = rows[-1][0]
        yield from ((row[0], (row[1], row[2])) for row in rows)


def _replayed(connection: Connection, model: type[Record]) -> Iterator[tuple[int, State | None]]:
    for entity_id, changes in groupby(_changes(connection, table_of(model).name), key=lambda change: change.entity_id):
        state: State | None = None
        for change in changes:
            values = change.after if state is None else {**state[1], **(change.after or {})}
            state = None if change.action == "delete" else (change.version_after, values)
        yield entity_id, state


def _changes(connection: Connection, kind: str) -> Iterator[Any]:
    """Yields the changes of one kind of row by row and time, a batch of rows at a time."""
    last = 0
    mine = CHANGE.c.entity_type == kind
    columns = (CHANGE.c.entity_id, CHANGE.c.action, CHANGE.c.version_after, CHANGE.c.after)
    ids = select(CHANGE.c.entity_id).where(mine).distinct().order_by(CHANGE.c.entity_id).limit(BATCH)
    while batch := list(connection.execute(ids.where(CHANGE.c.entity_id > last)).scalars()):
        within = CHANGE.c.entity_id.between(last + 1, batch[-1])
        yield from connection.execute(select(*columns).where(mine, within).order_by(CHANGE.c.entity_id, CHANGE.c.id))
        last = batch[-1]


def _times(session: Session, model: type[Record]) -> Iterator[str]:
    table = table_of(model)
    joined = select(table.c.id).join(Operation, Operation.id == table.c.version)
    for row_id in session.scalars(joined.where(table.c.updated_at != Operation.at).order_by(table.c.id)):
        yield f"{singular(table.name)} {row_id}: updated_at is not the time of the operation that wrote it."


def _of_operations(session: Session) -> Iterator[str]:
    counted_ = select(CHANGE.c.operation_id, func.count().label("n")).group_by(CHANGE.c.operation_id).subquery()
    statement = select(Operation.id, Operation.counts, func.coalesce(counted_.c.n, 0)).outerjoin(
        counted_, counted_.c.operation_id == Operation.id
    )
    for number, counts, found in session.execute(statement.order_by(Operation.id)):
        said = sum(count for actions in counts.values() for count in actions.values())
        if said != found:
            yield f"operation {number}: its entry says {counted(said, 'change')}, there are {found:,}."
