"""Pruning: old changes go, their operations' entries and seals stay, and what is left can still be proved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import Table, delete, func, literal, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite

from backoffice.core import reader
from backoffice.core.access import Person
from backoffice.core.model import Record
from backoffice.core.operations import births, snapshot
from backoffice.core.operations.changes import CHANGE
from backoffice.core.operations.errors import OperationError
from backoffice.core.operations.models import Baseline, Operation, StoredPlan
from backoffice.core.operations.plan import drop, forgotten
from backoffice.core.operations.recording import Recording, recording
from backoffice.core.operations.tables import counted, models, table_of
from backoffice.core.wording import gettext
from backoffice.extensions import db

FEWEST_DAYS = 90
BASELINE = cast(Table, Baseline.__table__)


def prune(days: int, person: Person, door: str = "command") -> Operation:
    """Removes the changes and plans that are older than `days`; what they changed can no longer be taken back.

    Of every row whose history is cut, the whole present state is kept: that, and all that follows, stays proved.
    Raises OperationError where nothing is so old.
    """
    if days < FEWEST_DAYS:
        raise OperationError(gettext("History is kept for at least %(fewest)s days.", fewest=FEWEST_DAYS))
    with reader.kept():
        old = gettext("older than %(days)s days", days=days)
    with recording(person, door, "delete", selection=old) as operation:
        since = operation.at - timedelta(days=days)
        through = _through(operation, since)
        mine = CHANGE.c.operation_id <= through
        if operation.dialect == "postgresql":
            operation.connection.execute(text("LOCK TABLE change IN SHARE ROW EXCLUSIVE MODE"))
        births.settle_runs(operation.connection, births.BIRTH.c.operation_id <= through)
        newest = operation.connection.execute(select(func.max(CHANGE.c.id))).scalar_one()
        for model in models():
            _keep(operation, model, mine, newest)
        drop(operation.connection, StoredPlan.created_at < since, forgotten(operation.at))
        count = operation.connection.execute(delete(CHANGE).where(mine)).rowcount
        if not count:
            raise OperationError(gettext("No change is older than %(days)s days.", days=days))
        with reader.kept():
            rows = counted(count, "change")
            operation.title = gettext("Prune %(rows)s older than %(days)s days", rows=rows, days=days)
        operation.row_count, operation.through, operation.keep = count, through, True
    return db.session.get_one(Operation, operation.id)


def _through(operation: Recording, since: Any) -> int:
    """Returns the last operation before the first one that is not old."""
    young = select(func.min(Operation.id)).where(Operation.at >= since)
    return int(operation.connection.execute(young).scalar_one()) - 1


def _keep(operation: Recording, model: type[Record], gone: Any, newest: int | None) -> None:
    """Keeps the rows whose changes go, and renews those that were kept by an earlier pruning."""
    table, kind = table_of(model), table_of(model).name
    ours = BASELINE.c.entity_type == kind
    state = snapshot.take_columns(operation.dialect, snapshot.columns_of(table).values())
    cut = table.c.id.in_(select(CHANGE.c.entity_id).where(CHANGE.c.entity_type == kind, gone))
    kept = table.c.id.in_(select(BASELINE.c.entity_id).where(ours))
    fixed = (literal(operation.id), literal(newest))
    rows = select(literal(kind), table.c.id, *fixed, table.c.version, state).where(or_(cut, kept))
    names = ("entity_type", "entity_id", "operation_id", "change_id", "version", "state")
    insertion: Any = (sqlite if operation.dialect == "sqlite" else postgresql).insert(BASELINE).from_select(names, rows)
    renewed = {name: insertion.excluded[name] for name in names[2:]}
    operation.connection.execute(
        insertion.on_conflict_do_update(index_elements=[BASELINE.c.entity_type, BASELINE.c.entity_id], set_=renewed)
    )
    operation.connection.execute(BASELINE.delete().where(ours, BASELINE.c.operation_id != operation.id))
