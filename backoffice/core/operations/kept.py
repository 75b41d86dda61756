"""What an undo leaves alone because somebody wrote it since: beside what it would restore."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, not_, select

from backoffice.core.access import Person
from backoffice.core.operations import display, rights, snapshot
from backoffice.core.operations.changes import CHANGE, of_operation
from backoffice.core.operations.display import FieldChange
from backoffice.core.operations.models import Operation
from backoffice.core.operations.tables import model_named, table_of
from backoffice.core.selection import Ref
from backoffice.extensions import db

MOST = 50  # rows that are shown


@dataclass(frozen=True)
class Kept:
    """A row that was written since: its fields as they are now (`before`) and as an undo would restore them (`after`)."""

    ref: Ref
    who: str
    when: datetime
    fields: tuple[FieldChange, ...]


def changed_since(operation: Operation, person: Person, limit: int = MOST) -> list[Kept]:
    """Returns the first rows of the operation's own kind that were changed since it changed them, as `person` may see
    them."""
    model = model_named(operation.entity_type or "")
    table, later = table_of(model), Operation.__table__.alias()
    now = snapshot.take_columns(db.session.get_bind().dialect.name, snapshot.columns_of(table).values())
    written = and_(table.c.version != CHANGE.c.version_after, table.c.version != CHANGE.c.version_before)
    found = (
        select(CHANGE.c.entity_id, CHANGE.c.before, now, later.c.actor_name, later.c.at)
        .join(table, table.c.id == CHANGE.c.entity_id)
        .join(later, later.c.id == table.c.version)
        .where(of_operation(operation.id, table.name, "update"), written, not_(rights.out_of_scope(person, model)))
        .order_by(CHANGE.c.entity_id)
        .limit(limit)
    )
    rows = db.session.execute(found).all()
    fields = rights.visible(person, model)
    refs = display.refs(model, [row[0] for row in rows])
    known = display.related(fields, [(state, before) for _, before, state, *_ in rows])
    return [
        Kept(refs[row_id], who, when, tuple(display.field_changes(fields, state, {**state, **before}, known)))
        for row_id, before, state, who, when in rows
    ]
