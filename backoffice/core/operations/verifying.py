"""Proof that nothing was altered behind the product's back: every row equals its history, replayed, and the history its seals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, cast

from sqlalchemy import Connection, Table, func, select, union
from sqlalchemy.orm import Session

from backoffice.core.model import Record
from backoffice.core.operations import births, proving, snapshot
from backoffice.core.operations.changes import CHANGE
from backoffice.core.operations.models import Baseline, Operation
from backoffice.core.operations.tables import counted, models, singular, table_of

BASELINE = cast(Table, Baseline.__table__)
State = tuple[int, dict[str, Any]]  # version and values
BATCH = 2000


def problems(session: Session) -> Iterator[str]:
    """Yields a sentence for everything that does not agree, in constant memory; nothing when all is well."""
    pruning = proving.newest_pruning(session)
    for model in sorted(models(), key=lambda model: table_of(model).name):
        yield from _of_table(session.connection(), model, pruning is not None)
        yield from _times(session, model)
    yield from _of_operations(session, pruning.through or 0 if pruning else 0)
    yield from proving.problems(session)


def checked(session: Session) -> str:
    """Returns what there is to prove, in words."""
    counts = [(session.scalar(select(func.count()).select_from(table_of(m))) or 0, table_of(m).name) for m in models()]
    rows = ", ".join(counted(count, name) for count, name in sorted(counts, key=lambda pair: pair[1]) if count)
    operations = session.scalar(select(func.count()).select_from(Operation)) or 0
    return f"{counted(operations, 'operation')}; {rows or 'no rows'}"


def _of_table(connection: Connection, model: type[Record], pruned: bool) -> Iterator[str]:
    name = singular(table_of(model).name)
    born = births.runs(connection, births.BIRTH.c.entity_type == table_of(model).name)
    stored = _stored(connection, model)
    replayed = _replayed(connection, model, pruned)
    row, known = next(stored, None), next(replayed, None)
    while row or known:
        if known is None or (row is not None and row[0] < known[0]):
            if not _as_born(born, *row):  # type: ignore[misc]
                yield f"{name} {row[0]}: there is a row, but no history says so."  # type: ignore[index]
            row = next(stored, None)
        elif row is None or known[0] < row[0]:
            if known[1] is not None:
                yield f"{name} {known[0]}: the history has a row that is not there."
            known = next(replayed, None)
        else:
            yield from (f"{name} {row[0]}: {flaw}" for flaw in (*known[2], *_differences(row[1], known[1])))
            row, known = next(stored, None), next(replayed, None)


def _as_born(born: Sequence[births.Run], row_id: int, state: State) -> bool:
    """Says whether a row without changes is of a run: that it is as it was loaded is what the run's seal proves."""
    return any(run.first_id <= row_id <= run.last_id and run.operation_id == state[0] for run in born)


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


def _replayed(
    connection: Connection, model: type[Record], pruned: bool
) -> Iterator[tuple[int, State | None, list[str]]]:
    """Yields each row's number, its state by its history (None: deleted), and what in the history does not fit."""
    kind = table_of(model).name
    for first, last in _ranges(connection, kind):
        mine = select(BASELINE).where(BASELINE.c.entity_type == kind, BASELINE.c.entity_id.between(first, last))
        kept = {row.entity_id: row for row in connection.execute(mine)}
        within = (CHANGE.c.entity_type == kind, CHANGE.c.entity_id.between(first, last))
        found = connection.execute(select(CHANGE).where(*within).order_by(CHANGE.c.entity_id, CHANGE.c.id))
        known = {row_id: list(changes) for row_id, changes in groupby(found, key=lambda change: change.entity_id)}
        for row_id in sorted(kept.keys() | known.keys()):
            yield (row_id, *_replay(kept.get(row_id), known.get(row_id, []), pruned))


def _replay(kept: Any, changes: list[Any], pruned: bool) -> tuple[State | None, list[str]]:
    state: State | None = (kept.version, kept.state) if kept else None
    later = [change for change in changes if kept is None or change.id > kept.change_id]
    if pruned and kept is None and later and later[0].action != "create":
        state = (later[0].version_before, later[0].before or {})
    flaws: list[str] = []
    for change in later:
        flaws += _misfits(state, change)
        values = {**(state[1] if state else {}), **(change.after or {})}
        state = None if change.action == "delete" else (change.version_after, values)
    return state, flaws


def _misfits(state: State | None, change: Any) -> Iterator[str]:
    """Yields where a change does not begin with what the changes before it ended with."""
    version, values = state or (None, {})
    if change.version_before != version:
        yield f"operation {change.operation_id} says that its version was {change.version_before}, it was {version}."
    for column, value in (change.before or {}).items():
        if value != values.get(column):
            yield f"operation {change.operation_id} says that {column} was {value!r}, it was {values.get(column)!r}."


def _ranges(connection: Connection, kind: str) -> Iterator[tuple[int, int]]:
    """Yields first and last numbers of rows with a history, a batch at a time."""
    last = 0
    ids = union(*(select(t.c.entity_id).where(t.c.entity_type == kind) for t in (CHANGE, BASELINE))).subquery()
    batch = select(ids.c.entity_id).order_by(ids.c.entity_id).limit(BATCH)
    while found := list(connection.execute(batch.where(ids.c.entity_id > last)).scalars()):
        yield found[0], found[-1]
        last = found[-1]


def _times(session: Session, model: type[Record]) -> Iterator[str]:
    table = table_of(model)
    joined = select(table.c.id).join(Operation, Operation.id == table.c.version)
    for row_id in session.scalars(joined.where(table.c.updated_at != Operation.at).order_by(table.c.id)):
        yield f"{singular(table.name)} {row_id}: updated_at is not the time of the operation that wrote it."


def _of_operations(session: Session, through: int) -> Iterator[str]:
    counted_ = select(CHANGE.c.operation_id, func.count().label("n")).group_by(CHANGE.c.operation_id).subquery()
    statement = select(Operation.id, Operation.counts, func.coalesce(counted_.c.n, 0)).outerjoin(
        counted_, counted_.c.operation_id == Operation.id
    )
    loaded = _loaded(session)
    for number, counts, written in session.execute(statement.order_by(Operation.id)):
        found = written + loaded[number]
        said = sum(count for actions in counts.values() for count in actions.values())
        if said != found and (found or number > through):
            yield f"operation {number}: its entry says {counted(said, 'change')}, there are {found:,}."


def _loaded(session: Session) -> Counter[int]:
    """Returns by operation how many rows of its runs are as they were born and not settled."""
    connection, found = session.connection(), Counter[int]()
    for run in births.runs(connection):
        rest = births.unsettled(connection.dialect.name, run).subquery()
        found[run.operation_id] += connection.execute(select(func.count()).select_from(rest)).scalar_one()
    return found
