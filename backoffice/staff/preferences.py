"""How a person wants pages to behave: written by one short transaction, read with their session."""

from __future__ import annotations

from sqlalchemy import update

from backoffice.core.database import insert_unless_there, writing
from backoffice.extensions import db
from backoffice.staff.models import StaffPreference


def keep(staff_id: int, *, single_keys: bool) -> None:
    """Keeps what a person wants."""
    with writing(db.session()) as connection:
        insert_unless_there(connection, StaffPreference, staff_id=staff_id)
        own = update(StaffPreference).where(StaffPreference.staff_id == staff_id)
        connection.execute(own.values(single_keys=single_keys))
