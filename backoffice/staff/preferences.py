"""How a person wants pages to behave: written by one short transaction, read with their session."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from backoffice.core.database import writing
from backoffice.extensions import db
from backoffice.staff.models import StaffPreference

_insert: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def keep(staff_id: int, *, single_keys: bool) -> None:
    """Keeps what a person wants."""
    with writing(db.session()) as connection:
        new = _insert[connection.dialect.name](StaffPreference.__table__).values(staff_id=staff_id)
        connection.execute(new.on_conflict_do_nothing())
        own = update(StaffPreference).where(StaffPreference.staff_id == staff_id)
        connection.execute(own.values(single_keys=single_keys))
