"""Writing rows of the change table: one per operation and row, however often the operation writes the row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import ColumnElement, Select, Table, literal, null, select
from sqlalchemy.dialects import postgresql, sqlite

from backoffice.core.database import expect_many
from backoffice.core.model import Record
from backoffice.core.operations import births, snapshot, watching
from backoffice.core.operations.models import Change
from backoffice.core.operations.tables import table_of
from backoffice.core.wording import later

if TYPE_CHECKING:
    from backoffice.core.operations.recording import Recording

CHANGE: Table = cast(Table, Change.__table__)
_NAMES = (
    "operation_id",
    "entity_type",
    "action",
    "entity_id",
    "version_before",
    "version_after",
    "before",
    "after",
)


def of_operation(operation_id: int, entity_type: str, *actions: str) -> ColumnElement[bool]:
    """Returns the condition of the changes that an operation made to one kind of row."""
    found = (CHANGE.c.operation_id == operation_id) & (CHANGE.c.entity_type == entity_type)
    return found & CHANGE.c.action.in_(actions) if actions else found


def changed_ids(operation_id: int, entity_type: str, *actions: str) -> Select[tuple[int]]:
    """Returns the SELECT of the ids of the rows that an operation changed."""
    return select(CHANGE.c.entity_id).where(of_operation(operation_id, entity_type, *actions))


def write(recording: Recording, model: type[Record], action: str, rows: Select[Any], names: Iterable[str]) -> int:
    """Adds the changes that `rows` selects (id, version before, version after, before, after) and returns how many.

    A row that this operation changed already keeps the older `before` and gets the newer `after`; `names` are the
    columns that the snapshots hold.
    """
    if action != "create":
        births.settle(
            recording.connection,
            model,
            rows.with_only_columns(next(iter(rows.selected_columns)), maintain_column_froms=True),
        )
    fixed = [literal(value) for value in (recording.id, table_of(model).name, action)]
    selected = rows.with_only_columns(*fixed, *rows.selected_columns, maintain_column_froms=True)
    known = recording.has_touched(model)
    statement = _merging(recording, names, action) if known else _insertion(recording)
    with recording.writing():
        result = recording.connection.execute(
            statement.from_select(_NAMES, selected), execution_options={"preserve_rowcount": True}
        )
    expect_many(recording.connection, result.rowcount)
    recording.count(model, action, result.rowcount)
    watching.step(later("Recording each row"), result.rowcount)
    return result.rowcount


def write_rows(recording: Recording, model: type[Record], rows: Sequence[dict[str, Any]]) -> None:
    """Adds changes given one by one (entity_id, action, versions, before, after)."""
    fixed = {"operation_id": recording.id, "entity_type": table_of(model).name}
    statement = _merging(recording, snapshot.columns_of(table_of(model)), "update")
    with recording.writing():
        recording.connection.execute(statement, [fixed | row for row in rows])
    recording.count_anew()


def forget_unborn(recording: Recording, model: type[Record]) -> None:
    """Drops the changes of rows that this operation both created and deleted: they never were."""
    unborn = of_operation(recording.id, table_of(model).name, "delete")
    with recording.writing():
        recording.connection.execute(CHANGE.delete().where(unborn, CHANGE.c.version_before.is_(None)))


def _insertion(recording: Recording) -> Any:
    return sqlite.insert(CHANGE) if recording.dialect == "sqlite" else postgresql.insert(CHANGE)


def _merging(recording: Recording, names: Iterable[str], action: str) -> Any:
    statement = _insertion(recording)
    new = statement.excluded
    names = list(names)
    merged: dict[str, Any] = {"before": snapshot.underlay(recording.dialect, CHANGE.c.before, new.before, names)}
    if action == "delete":
        merged |= {"action": literal("delete"), "after": null(), "version_after": null()}
    else:
        merged["after"] = snapshot.overlay(recording.dialect, CHANGE.c.after, new.after, names)
    return statement.on_conflict_do_update(
        index_elements=[CHANGE.c.operation_id, CHANGE.c.entity_type, CHANGE.c.entity_id], set_=merged
    )
