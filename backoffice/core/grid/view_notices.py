"""Whoever watches a view hears on whatever page they are which rows entered and left it, once a day."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from backoffice.core import reader
from backoffice.core.grid import messages, watching
from backoffice.core.grid.afterwards import afterwards
from backoffice.core.grid.declaration import Declaration, grid_of_kind
from backoffice.core.grid.doors import requested_id, row_of, way_back
from backoffice.core.jobs import worker
from backoffice.core.views import SavedView, usable, watches
from backoffice.core.views.watches import ViewWatch, unpacked
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext, ngettext
from backoffice.extensions import db

LINKED = 200  # rows that an address names; where there are more, the notice leads to the view


def init_app(app: Flask) -> None:
    """Gives templates `view_notices()`, and workers something to look after."""
    app.jinja_env.globals["view_notices"] = announce
    worker.CHORES["views"] = watching.look


def announce() -> str:
    """Adds to the page's messages what became of the views that the person watches. Returns ""."""
    if not current_user.is_authenticated:
        return ""
    try:
        found = watches.untold(current_person())
        if found:
            _flash(found)
    except SQLAlchemyError:  # the page that says so has its own words
        db.session.rollback()
    return ""


def _flash(found: Sequence[ViewWatch]) -> None:
    person, numbers = current_person(), [watch.view_id for watch in found]
    named = {
        view.id: view for view in db.session.scalars(select(SavedView).where(SavedView.id.in_(numbers), usable(person)))
    }
    for watch in found:
        if watch.view_id in named:
            _say(watch, named[watch.view_id])
    told = [(watch.owner_id, watch.view_id, watch.looked_at) for watch in found]
    afterwards(lambda: watches.note_told(told))


def _say(watch: ViewWatch, view: SavedView) -> None:
    grid = grid_of_kind(view.entity_type)
    if grid is None:
        return
    moved = unpacked(watch.entered) | unpacked(watch.gone)
    which = {"ids": ",".join(map(str, sorted(moved)))} if 0 < len(moved) <= LINKED else {}
    text = gettext("%(what)s: %(view)s", what=_words(watch), view=view.name)
    flash({"text": text, "operation_url": grid.address(view=view.id, **which)}, "info")  # type: ignore[arg-type]


def _words(watch: ViewWatch) -> str:
    """Returns what became of the rows of a view: "3 entered, 1 left"."""
    entered, gone = len(unpacked(watch.entered)), len(unpacked(watch.gone))
    if entered or gone:
        came = ngettext("%(number)s entered", "%(number)s entered", entered, number=reader.number(entered))
        went = ngettext("%(number)s left", "%(number)s left", gone, number=reader.number(gone))
        return ", ".join([came] * bool(entered) + [went] * bool(gone))
    number, before = watch.number or 0, watch.rows or 0
    now, by = reader.number(number), reader.number(abs(number - before))
    if number > before:
        return gettext("%(now)s rows, %(by)s more", now=now, by=by)
    return gettext("%(now)s rows, %(by)s fewer", now=now, by=by)


def switch(grid: Declaration) -> ResponseReturnValue:
    """Begins or ends that the person hears of the rows of a view that they may use."""
    person, view_id = current_person(), requested_id()
    view = row_of(grid, view_id, {})
    if request.values.get("watch"):
        watches.watch(person, view_id)
        told = gettext("Once a day you will be told which rows entered and left %(view)s.", view=view["name"])
        messages.note(told, "success")
    else:
        watches.unwatch(person, view_id)
        messages.note(gettext("You will no longer be told of the rows of %(view)s.", view=view["name"]))
    return redirect(way_back(grid))
