"""The views of one grid: how many rows each one has for the person who asks, as of when, and why some cannot be opened.

Each count is bounded, and so is the time for all of them: a view for which there was none goes without, until it is asked again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import jsonify, url_for
from flask.typing import ResponseReturnValue

from backoffice.core import access, clock, reader, views
from backoffice.core.access import Person, Verb
from backoffice.core.grid.columns import chosen_columns
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.pages import COUNTED
from backoffice.core.selection import QueryError, Selection
from backoffice.core.summaries import remembered_of
from backoffice.core.views import SavedView, View, watches
from backoffice.core.web.errors import wants_json
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext

SECONDS = 0.2  # after which no further count is begun
NOT_YET = "", ""


@dataclass(frozen=True)
class Line:
    """One view: `count` rows at `at`, or the `problem` that keeps it from being opened."""

    id: int
    name: str
    icon: str
    url: str
    details_url: str
    search: str
    owner: str
    count: str
    at: str
    problem: str
    watched: bool


@dataclass(frozen=True)
class ViewsPage:
    """What admin/model/views.html shows."""

    heading: str
    grid_heading: str
    noun_many: str
    return_url: str
    manage_url: str
    watch_url: str
    lines: Sequence[Line]


def show(grid: Declaration) -> ResponseReturnValue:
    """Answers the page; to a script {view: {count, at, problem}}."""
    person = current_person()
    lines = list(_lines(grid, person))
    if wants_json():
        return jsonify({str(line.id): {"count": line.count, "at": line.at, "problem": line.problem} for line in lines})
    page = ViewsPage(
        heading=gettext("Views of %(nouns)s", nouns=grid.noun(2)),
        grid_heading=grid.heading(),
        noun_many=grid.noun(2),
        return_url=grid.address(view="all"),
        manage_url=_manage_url(grid, person),
        watch_url=url_for("views.watch_view", url=grid.address("views_view"))
        if access.may(person, Verb.VIEW, SavedView)
        else "",
        lines=lines,
    )
    return grid.render("admin/model/views.html", page=page)


def _manage_url(grid: Declaration, person: Person) -> str:
    term = f"entity_type:{grid.model.__tablename__}"
    return url_for("views.index_view", search=term) if access.may(person, Verb.VIEW, SavedView) else ""


def _lines(grid: Declaration, person: Person) -> Iterator[Line]:
    until, watched = time.monotonic() + SECONDS, watches.watched(person)
    for view in views.views_of(person, grid.model):
        count, at, problem = "", "", ""
        try:
            selection = _selection(grid, person, view)
            count, at = _told(*_counted(selection)) if time.monotonic() < until else NOT_YET
        except QueryError as error:
            problem = str(error)
        owner = gettext("You") if view.own and view.owner_name == person.full_name else view.owner_name
        url, details_url = (
            grid.address(view=view.id),
            url_for("views.details_view", id=view.id, url=grid.address("views_view")),
        )
        is_watched = view.id in watched
        yield Line(view.id, view.name, view.icon, url, details_url, view.search, owner, count, at, problem, is_watched)


def _selection(grid: Declaration, person: Person, view: View) -> Selection:
    """Returns the rows of a view as `person` would see them. Raises QueryError where they could not open it."""
    chosen_columns(grid, person, view.columns)
    sort = [name for name in view.sort.split(",") if name] or [grid.default_sort]
    return Selection.parse(grid.model, person, search=view.search, sort=sort)


def _counted(selection: Selection) -> tuple[str, str]:
    """Returns how many rows there are, and when that was so: from the cache as long as nobody wrote what it depends on."""

    def count(begun: object) -> tuple[dict[str, dict[str, str]], bool]:
        return {"rows": {"number": str(selection.count(COUNTED)), "at": clock.utcnow().isoformat()}}, True

    rows = remembered_of("view", selection.select_ids(), count)["rows"]
    return rows["number"], rows["at"]


def _told(number: str, at: str) -> tuple[str, str]:
    """Returns what is kept for everybody as the reader writes it."""
    return reader.figures(number), reader.hour(datetime.fromisoformat(at))
