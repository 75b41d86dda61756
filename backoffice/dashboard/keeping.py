"""What a person keeps about their overview: read by one statement, written by one short transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from backoffice.core.access import Person
from backoffice.core.database import insert_unless_there, writing
from backoffice.dashboard.models import DashboardArrangement
from backoffice.extensions import db

_table = DashboardArrangement.__table__


@dataclass(frozen=True)
class Kept:
    """What a person chose; None is what their role has."""

    period: str | None = None
    against: str | None = None
    figures: list[str] | None = None
    hidden: list[str] | None = None


def kept(person: Person) -> Kept:
    """Returns what `person` keeps."""
    columns = (_table.c.period, _table.c.against, _table.c.figures, _table.c.hidden)
    row = db.session.execute(select(*columns).where(_table.c.owner_id == person.id)).one_or_none()
    return Kept(*row) if row else Kept()


def keep(person: Person, **values: Any) -> None:
    """Keeps `values` for `person`; what is not named stays as it was."""
    with writing(db.session()) as connection:
        insert_unless_there(connection, DashboardArrangement, owner_id=person.id)
        connection.execute(update(_table).where(_table.c.owner_id == person.id).values(**values))
