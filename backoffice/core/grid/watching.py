"""Looking once a day at the views that somebody watches, with that person's eyes: which rows entered, which ones left."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from backoffice.core import clock, views
from backoffice.core.access import Person, Refused, Verb
from backoffice.core.database import if_in_time
from backoffice.core.grid.declaration import grid_of_kind
from backoffice.core.operations.rights import acting
from backoffice.core.selection import QueryError, Selection
from backoffice.core.views import SavedView, watches
from backoffice.core.views.watches import ViewWatch, packed, unpacked
from backoffice.core.wording import gettext
from backoffice.extensions import db

MOST = 10_000  # rows of a view whose numbers are remembered; of more it is only known how many there are
AT_ONCE = 20  # views that are looked at in one go
SECONDS = 5.0  # that the rows of one view may take


def look(now: datetime | None = None) -> None:
    """Looks at some of the views that nobody looked at since the last time of day at which work of the night begins."""
    now = now or clock.utcnow()
    for watch in watches.due(_last_night(now), AT_ONCE):
        watches.settle(watch, now, **_found(watch))


def _last_night(now: datetime) -> datetime:
    wanted = time.fromisoformat(current_app.config["RUN_LATER_AT"])
    return clock.next_time(wanted, now - timedelta(days=1))


def _found(watch: ViewWatch) -> dict[str, Any]:
    """Returns what is to be remembered of a look: nothing where it took too long, nor where the person may not open the view,
    of which they are then not told either.
    """
    try:
        person = acting(watch.owner_id)
        selection = _selection(person, watch.view_id)
        ids = if_in_time(db.session(), SECONDS, lambda: _ids(selection))
        number = len(ids) if ids is not None and len(ids) <= MOST else None
        if ids is not None and number is None:
            number = if_in_time(db.session(), SECONDS, lambda: selection.count().number)
    except (LookupError, QueryError, Refused):
        return {"untold": False}
    if ids is None or number is None:
        return {}
    return _compared(watch, frozenset(ids) if len(ids) <= MOST else None, number)


def _selection(person: Person, view_id: int) -> Selection:
    """Returns the rows of a view. Raises LookupError or QueryError where the person may not open it or it cannot be read."""
    kind = db.session.scalar(select(SavedView.entity_type).where(SavedView.id == view_id))
    grid = grid_of_kind(kind)
    if grid is None or not grid.may(person, Verb.VIEW):
        raise LookupError(gettext("there is no such view"))
    return Selection.parse(grid.model, person, search=views.find(person, grid.model, str(view_id)).search)


def _ids(selection: Selection) -> list[int]:
    return list(db.session.scalars(selection.select_ids().limit(MOST + 1)))


def _compared(watch: ViewWatch, ids: frozenset[int] | None, number: int) -> dict[str, Any]:
    """Returns what differs from what the person knows: what they have not read yet is compared anew."""
    rows, known = _known(watch)
    new: dict[str, Any] = {"number": number, "rows": number if rows is None else rows, "entered": None, "gone": None}
    if ids is None or known is None:
        begins = ids is not None and rows in (None, number)
        return new | {"ids": packed(ids or ()) if begins else None, "untold": rows not in (None, number)}
    entered, gone = ids - known, known - ids
    new |= {"ids": packed(known), "entered": packed(entered), "gone": packed(gone)}
    return new | {"untold": bool(entered or gone)}


def _known(watch: ViewWatch) -> tuple[int | None, frozenset[int] | None]:
    """Returns how many rows, and which ones, the person knows to be in the view; None for what nobody noted."""
    if watch.untold or watch.rows is None:
        return watch.rows, unpacked(watch.ids) if watch.ids is not None else None
    if watch.ids is None:
        return watch.number, None
    return watch.number, (unpacked(watch.ids) - unpacked(watch.gone)) | unpacked(watch.entered)
