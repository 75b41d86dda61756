"""What follows from values in the same row: derived columns, and columns that a feature fills in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, select

from backoffice.core.model import Record
from backoffice.core.operations.rules import rulebook
from backoffice.core.operations.tables import table_of

if TYPE_CHECKING:
    from backoffice.core.operations.recording import Recording

CHUNK = 1000  # rows that pass through Python at a time

Values = Mapping[str, Any]


def follows(model: type[Record], columns: frozenset[str]) -> bool:
    """Says whether other columns follow from `columns`, so that rows are written with values of their own."""
    return not model.derived_from().isdisjoint(columns) or bool(fill_columns(model, columns))


def fill_columns(model: type[Record], columns: frozenset[str]) -> frozenset[str]:
    """Returns the columns that are filled in when `columns` are written; nobody knows their values before."""
    asked = (fill for fill in rulebook.fills(model) if not columns.isdisjoint(fill.fields))
    return frozenset(name for fill in asked for name in fill.columns) - columns


def settled(model: type[Record], columns: frozenset[str]) -> frozenset[str]:
    """Returns the names of the constraints that hold by what is filled in when `columns` are written."""
    return frozenset(
        name for fill in rulebook.fills(model) if not columns.isdisjoint(fill.fields) for name in fill.settles
    )


def filled(operation: Recording, model: type[Record], rows: Sequence[Values], columns: frozenset[str]) -> list[Values]:
    """Returns `rows` with what features fill in when `columns` are written."""
    found = list(rows)
    for fill in rulebook.fills(model):
        if not columns.isdisjoint(fill.fields):
            added = fill.values(operation, found)
            found = [{**row, **more} for row, more in zip(found, added, strict=True)]
    return found


def changed_rows(
    operation: Recording, model: type[Record], where: Any, new: Mapping[str, ColumnElement[Any]]
) -> Iterator[list[dict[str, Any]]]:
    """Yields chunks of changes ("id" and columns): `new` and all that follows, for the rows that match `where`.

    The rows are locked where that is needed: what is computed here from them must still hold when it is written.
    """
    table = table_of(model)
    locked = select(table.c.id).where(where).order_by(table.c.id).with_for_update(of=table)
    ids = operation.connection.execute(locked).scalars().all()
    wanted = [value.label(f"new_{name}") for name, value in new.items()]
    for start in range(0, len(ids), CHUNK):
        mine = table.c.id.in_(ids[start : start + CHUNK])
        stored = operation.connection.execute(select(table, *wanted).where(mine).order_by(table.c.id)).mappings().all()
        changes = [{"id": row["id"], **{name: row[f"new_{name}"] for name in new}} for row in stored]
        yield completed(operation, model, changes, {row["id"]: dict(row) for row in stored})


def completed(
    operation: Recording, model: type[Record], changes: Sequence[Values], stored: Mapping[int, Values] | None = None
) -> list[dict[str, Any]]:
    """Returns the changes with all that follows from them."""
    columns = frozenset(name for change in changes for name in change) - {"id"}
    if not follows(model, columns):
        return [dict(change) for change in changes]
    table = table_of(model)
    if stored is None:
        meant = table.c.id.in_([change["id"] for change in changes])
        found = operation.connection.execute(select(table).where(meant).with_for_update(of=table))
        stored = {row["id"]: dict(row) for row in found.mappings()}
    present = [change for change in changes if change["id"] in stored]
    after = [{**stored[change["id"]], **change} for change in present]
    full = filled(operation, model, after, columns)
    written = columns | fill_columns(model, columns)
    derives = not model.derived_from().isdisjoint(written)
    return [_change(model, change, row, written, derives) for change, row in zip(present, full, strict=True)]


def _change(model: type[Record], change: Values, row: Values, written: frozenset[str], derives: bool) -> dict[str, Any]:
    followed = {name: row[name] for name in written if name in change or name in row}
    derived = model.derive(row) if derives else {}
    return {"id": change["id"], **followed, **derived}
