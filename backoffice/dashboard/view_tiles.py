"""Tiles of saved views: how many rows each has for the person who put it on their overview."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice

from sqlalchemy import select

from backoffice.core import access
from backoffice.core.access import Person
from backoffice.core.grid.declaration import grid_of_kind
from backoffice.core.selection import QueryError, Selection
from backoffice.core.summaries import Chart, Charts, Figure, Picture, Rows, mark_of, number, tables_of
from backoffice.core.summaries.data import Link
from backoffice.core.text import fold
from backoffice.core.views import SavedView, usable
from backoffice.core.wording import gettext
from backoffice.dashboard.keeping import Kept
from backoffice.dashboard.page import VIEWS
from backoffice.extensions import db

MOST = 12  # views of one person
_NAME = re.compile(r"view_(\d{1,18})")


@dataclass(frozen=True)
class Offer:
    """A view that may be put on the overview."""

    id: int
    name: str
    grid: str


def name_of(view_id: int) -> str:
    """Returns what the tile of a view is called where figures are put in order."""
    return f"view_{view_id}"


def is_view(name: str) -> bool:
    """Says whether a figure of this name is the tile of a view."""
    return _NAME.fullmatch(name) is not None


def figures_of(person: Person, kept: Kept) -> list[Figure]:
    """Returns the tiles that `person` put on their overview, without the views that they may not, or cannot, open now."""
    ids = [int(found[1]) for name in kept.figures or () if (found := _NAME.fullmatch(name))]
    if not ids:
        return []
    rows = db.session.scalars(select(SavedView).where(SavedView.id.in_(ids), usable(person))).all()
    return [figure for view in rows if (figure := _figure(person, view)) is not None]


def offers(person: Person, taken: Iterable[str]) -> list[Offer]:
    """Returns the views that `person` may put there as well, by grid and name; none where they have as many as they may."""
    taken = set(taken)
    if sum(map(is_view, taken)) >= MOST:
        return []
    rows = db.session.scalars(
        select(SavedView).where(usable(person)).order_by(SavedView.entity_type, SavedView.name_key)
    )
    free = (view for view in rows if name_of(view.id) not in taken)
    found = [
        Offer(view.id, view.name, grid.heading())
        for view in islice(free, 500)
        if (grid := grid_of_kind(view.entity_type))
    ]
    return sorted(found, key=lambda offer: fold(offer.grid))


def by_grid(found: Iterable[Offer]) -> dict[str, list[Offer]]:
    """Returns offers under the names of their grids, in their order."""
    return {grid: list(own) for grid, own in groupby(found, key=lambda offer: offer.grid)}


def _figure(person: Person, view: SavedView) -> Figure | None:
    grid = grid_of_kind(view.entity_type)
    if grid is None:
        return None
    try:
        statement = Selection.parse(grid.model, person, search=view.search or "").select_ids()
    except QueryError:
        return None
    tables = tables_of(statement)
    search = f", {view.search}" if view.search else ""
    return Figure(
        name=name_of(view.id),
        title=view.name,
        definition=gettext(
            "How many %(rows)s there are in the view “%(view)s” of %(owner)s%(search)s.",
            rows=grid.noun(2),
            view=view.name,
            owner=view.owner_name,
            search=search,
        ),
        group=VIEWS,
        reads={model: () for model in access.declared() if model.__tablename__ in tables},
        compute=Counting(Rows(grid.model, type(grid).name), view.id, view.search or ""),
        named=True,
        mark=mark_of(statement),
    )


@dataclass(frozen=True)
class Counting:
    """Counts the rows of a view for whoever asks."""

    rows: Rows
    view_id: int
    search: str

    def __call__(self, person: Person, _as_of: date) -> Charts:
        """Returns the number with its link to the view; nothing where it cannot be read any more."""
        try:
            count = self.rows.count(person, self.search)
        except QueryError:
            return ()
        return (Chart(Picture.NUMBER, (number(count, Link(self.rows.grid, "", view=str(self.view_id))),)),)
