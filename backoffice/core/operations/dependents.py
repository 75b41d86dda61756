"""Deletion: what goes along (ON DELETE CASCADE), what lets go (SET NULL), and what holds a row in place (RESTRICT)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, null, select

from backoffice.core import reader
from backoffice.core.model import Record
from backoffice.core.operations import changes, snapshot, watching
from backoffice.core.operations.errors import Blocked
from backoffice.core.operations.tables import Reference, model_named, noun, protected_tables, referring_to, table_of
from backoffice.core.wording import gettext, later

if TYPE_CHECKING:
    from backoffice.core.operations.recording import Recording


def delete(operation: Recording, model: type[Record], where: Any) -> int:
    """Deletes the rows that match with all dependents, records every one of them, and returns how many matched.

    Raises Blocked, with kinds and counts, where rows outside of the deletion refer to one inside.
    """
    operation.flush()
    count = _mark(operation, model, where)
    if count == 0:
        return 0
    order = _mark_dependents(operation, model)
    _check_blocks(operation, order)
    _let_go(operation, order)
    for gone in reversed(order):
        _remove(operation, gone)
    operation.forget()
    return count


def _mark(operation: Recording, model: type[Record], where: Any) -> int:
    """Records rows as deleted; those that are so recorded already are left out."""
    table = table_of(model)
    columns = snapshot.columns_of(table)
    full = snapshot.take_columns(operation.dialect, columns.values())
    rows = select(table.c.id, table.c.version, null(), full, null()).where(where).with_for_update(of=table)
    if operation.has_touched(model):
        rows = rows.where(table.c.id.not_in(changes.changed_ids(operation.id, table.name, "delete")))
    count = changes.write(operation, model, "delete", rows, columns)
    if count:
        operation.touch(model, columns)
    return count


def _mark_dependents(operation: Recording, model: type[Record]) -> list[type[Record]]:
    """Records all that goes along and returns the kinds, each after the one that it hangs on."""
    order = [model]
    waiting = [model]
    while waiting:
        parent = waiting.pop(0)
        for reference in _business(parent):
            child = model_named(reference.child.name)
            if reference.on_delete == "CASCADE" and _mark(operation, child, _points_at_deleted(operation, reference)):
                if child in order:
                    order.remove(child)
                order.append(child)
                waiting.append(child)
    return order


def _check_blocks(operation: Recording, order: list[type[Record]]) -> None:
    blocks = []
    for reference in (reference for gone in order for reference in referring_to(table_of(gone))):
        if reference.on_delete == "RESTRICT":
            child = reference.child
            stays = select(func.count()).select_from(child).where(_points_at_deleted(operation, reference))
            if child.name in protected_tables():
                stays = stays.where(child.c.id.not_in(changes.changed_ids(operation.id, child.name, "delete")))
            count = operation.connection.execute(stays).scalar_one()
            if count:
                blocks.append(f"{reader.number(count)} {noun(count, child.name)}")
    if blocks:
        raise Blocked(gettext("Nothing was deleted: %(rows)s would be left behind.", rows=", ".join(blocks)))


def _let_go(operation: Recording, order: list[type[Record]]) -> None:
    for reference in (reference for gone in order for reference in _business(gone)):
        if reference.on_delete == "SET NULL":
            child = model_named(reference.child.name)
            where = _points_at_deleted(operation, reference)
            if operation.has_touched(child):
                where &= reference.child.c.id.not_in(changes.changed_ids(operation.id, reference.child.name, "delete"))
            operation.update(child, where, {reference.column.name: None})


def _remove(operation: Recording, model: type[Record]) -> None:
    table = table_of(model)
    ids = changes.changed_ids(operation.id, table.name, "delete")
    with operation.writing():
        gone = operation.connection.execute(table.delete().where(table.c.id.in_(ids))).rowcount
    watching.step(later("Deleting the rows"), gone)
    changes.forget_unborn(operation, model)


def _business(model: type[Record]) -> list[Reference]:
    return [reference for reference in referring_to(table_of(model)) if reference.child.name in protected_tables()]


def _points_at_deleted(operation: Recording, reference: Reference) -> Any:
    return reference.column.in_(changes.changed_ids(operation.id, reference.parent.name, "delete"))
