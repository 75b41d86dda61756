"""Two people on one row: what each changed, compared field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, select

from backoffice.core.model import Record
from backoffice.core.operations import display, snapshot, values
from backoffice.core.operations.changes import CHANGE
from backoffice.core.operations.errors import Conflict, Difference, Gone
from backoffice.core.operations.models import Operation
from backoffice.core.operations.tables import singular, table_of
from backoffice.core.selection import Field, fields_of
from backoffice.core.wording import gettext
from backoffice.extensions import db


def merged(model: type[Record], row_id: int, mine: Mapping[str, Any], seen: int) -> dict[str, Any]:
    """Returns those values of a form that its person changed since version `seen`, where nobody else changed the same.

    Raises Conflict with both versions per field otherwise, Gone where the row is no longer there.
    """
    table = table_of(model)
    found = as_it_is(model, row_id)
    if found is None:
        raise Gone(_deleted(table.name, row_id))
    version, now = found
    if version == seen:
        return dict(mine)
    later = _later_changes(table.name, row_id, seen)
    base = state_then(now, later)
    wanted = _encoded(model, mine, now)
    fields = fields_of(model)
    changed = {name: value for name, value in mine.items() if _differs(fields[name], wanted, base)}
    disputed = [
        fields[name] for name in changed if _differs(fields[name], now, base) and _differs(fields[name], now, wanted)
    ]
    if disputed:
        raise _conflict(disputed, base, now, wanted, later, version, changed)
    return changed


def _differs(field: Field, one: Mapping[str, Any], other: Mapping[str, Any] | None) -> bool:
    return other is None or one.get(field.column or "") != other.get(field.column or "")


def _encoded(model: type[Record], mine: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the person's values as a snapshot holds them; amounts in the row's currency unless it is given."""
    columns = table_of(model).columns
    own = values.as_columns(model, mine, now)
    return {name: snapshot.encode(columns[name].type, value) for name, value in own.items()} | {
        name: value for name, value in now.items() if name not in own
    }


def _later_changes(kind: str, row_id: int, seen: int) -> Sequence[Row[Any]]:
    """Returns what happened to the row since it last had the version `seen`, oldest first."""
    mine = (CHANGE.c.entity_type == kind) & (CHANGE.c.entity_id == row_id)
    then = select(func.max(CHANGE.c.id)).where(mine, CHANGE.c.version_after == seen).scalar_subquery()
    statement = (
        select(CHANGE.c.before, Operation.actor_name, Operation.at)
        .join(Operation, Operation.id == CHANGE.c.operation_id)
        .where(mine, CHANGE.c.id > func.coalesce(then, 0))
    )
    return db.session.execute(statement.order_by(CHANGE.c.id)).all()


def as_it_is(model: type[Record], row_id: int) -> Row[Any, Any] | None:
    """Returns the version of a row and its columns as a snapshot holds them; None where it is not there."""
    table = table_of(model)
    document = snapshot.take_columns(db.session.get_bind().dialect.name, snapshot.columns_of(table).values())
    return db.session.execute(select(table.c.version, document).where(table.c.id == row_id)).first()


def state_then(now: Mapping[str, Any], later: Sequence[Row[Any]]) -> dict[str, Any]:
    """Returns the row as it was before the changes `later`, which come oldest first and end with what it is now."""
    base = dict(now)
    for change in reversed(later):
        base.update(change.before or {})
    return base


def _conflict(
    disputed: Sequence[Field],
    base: Mapping[str, Any],
    theirs: Mapping[str, Any],
    mine: Mapping[str, Any],
    later: Sequence[Row[Any]],
    version: int,
    changed: Iterable[str],
) -> Conflict:
    columns = {field.column for field in disputed}
    last = next(change for change in reversed(later) if not columns.isdisjoint(change.before or {}))
    differences = [
        Difference(
            field.name,
            field.label,
            *(display.value_of(field, row.get(field.column or ""), row) for row in (base, theirs, mine)),
        )
        for field in disputed
    ]
    return Conflict(last.actor_name, last.at, differences, version, changed)


def _deleted(kind: str, row_id: int) -> str:
    statement = (
        select(Operation.actor_name)
        .join(CHANGE, CHANGE.c.operation_id == Operation.id)
        .where(CHANGE.c.entity_type == kind, CHANGE.c.entity_id == row_id, CHANGE.c.action == "delete")
    )
    who = db.session.scalar(statement.order_by(CHANGE.c.id.desc()).limit(1))
    if who:
        return gettext("This %(noun)s was deleted meanwhile by %(person)s.", noun=singular(kind), person=who)
    return gettext("This %(noun)s was deleted meanwhile.", noun=singular(kind))
