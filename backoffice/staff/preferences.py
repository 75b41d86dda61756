"""How a person wants pages to behave and to be written: kept by one short transaction, read with their session."""

from __future__ import annotations

from datetime import date
from functools import cache

from babel import Locale
from sqlalchemy import inspect, update

from backoffice.core.database import insert_unless_there, writing
from backoffice.core.notation import LOCALES, ORGANISATIONS, Notation, notation
from backoffice.core.text import capital, fold
from backoffice.extensions import db
from backoffice.staff.models import StaffPreference

NAMES = tuple(column.key for column in inspect(StaffPreference).column_attrs if column.key != "staff_id")


def keep(staff_id: int, **wants: bool | str | None) -> None:
    """Keeps what a person wants: some of NAMES, None for what is as the organisation has it."""
    with writing(db.session()) as connection:
        insert_unless_there(connection, StaffPreference, staff_id=staff_id)
        own = update(StaffPreference).where(StaffPreference.staff_id == staff_id)
        connection.execute(own.values(**wants))


@cache
def locales() -> list[tuple[str, str]]:
    """Returns (name, label) of each locale by which values can be written, in the alphabet of the labels."""
    found = [(name, f"{own_name(name)} – {sample(notation(name))}") for name in LOCALES]
    return sorted(found, key=lambda offer: fold(offer[1]))


def own_name(name: str) -> str:
    """Returns what a locale is called by those who use it: "Deutsch (Deutschland)"."""
    return capital(Locale.parse(name).get_display_name(name) or name)


def sample(written: Notation = ORGANISATIONS) -> str:
    """Returns a date and a number in a notation."""
    return f"{written.day(date(2026, 3, 1))}, {written.figures('1,234.50')}"
