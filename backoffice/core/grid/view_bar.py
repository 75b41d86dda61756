"""What a list knows of saved views: the menu of those that one may open, the one that is open, and what was changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from backoffice.core import access
from backoffice.core.access import Verb
from backoffice.core.grid.looks import ALL, asked, kept
from backoffice.core.grid.state import ListState, read_state
from backoffice.core.selection import QueryError
from backoffice.core.views import COMFORTABLE, Entry, SavedView, View


@dataclass(frozen=True)
class Choice:
    """A line of the menu."""

    id: int
    name: str
    icon: str
    url: str
    open: bool


@dataclass(frozen=True)
class Opened:
    """The view that the list began with. `save` are the fields that its form would be sent, none where it is another's."""

    name: str
    icon: str
    owner: str
    changed: bool
    reset_url: str
    save_url: str
    save: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ViewBar:
    """What a list shows of views."""

    choices: Sequence[Choice] = ()
    opened: Opened | None = None
    all_url: str = ""
    page_url: str = ""
    new_url: str = ""  # "" where there is nothing that a view could keep, or no right to


NO_VIEWS = ViewBar()


def first_of(entries: Sequence[Entry]) -> Entry | None:
    """Returns the view that the list opens with, if there is one."""
    return next((entry for entry in entries if entry.first), None)


def bar(state: ListState, entries: Sequence[Entry]) -> ViewBar:
    """Returns what the page of a list shows of views."""
    grid, here = state.grid, state.view.id if state.view else None
    home = grid.address()
    return ViewBar(
        choices=[
            Choice(entry.id, entry.name, entry.icon, f"{home}?view={entry.id}", entry.id == here) for entry in entries
        ],
        opened=_opened(state, state.view) if state.view else None,
        all_url=f"{home}?view={ALL}" if first_of(entries) else home,
        page_url=grid.address("views_view"),
        new_url=_new_url(state),
    )


def _new_url(state: ListState) -> str:
    """Returns the address of the form of a new view that holds what the list shows."""
    if not access.may(state.person, Verb.CREATE, SavedView) or state.selection.ids is not None:
        return ""
    look = state.kept()
    if not any(look.values()):
        return ""
    given: dict[str, Any] = {name: value for name, value in look.items() if value}
    return url_for("views.create_view", entity_type=state.grid.model.__tablename__, **given, url=state.here())


def _opened(state: ListState, view: View) -> Opened:
    reset_url = state.grid.address(view=view.id)
    look = state.kept()
    changed = state.selection.ids is not None or not _is_same(state, view, look)
    savable = changed and view.own and state.selection.ids is None
    save = [*look.items(), ("density", look["density"] or COMFORTABLE), ("version", str(view.version))]
    return Opened(
        view.name,
        view.icon,
        "" if view.own else view.owner_name,
        changed,
        reset_url,
        url_for("views.edit_view", id=view.id, url=reset_url) if savable else "",
        list(dict(save).items()) if savable else (),
    )


def _is_same(state: ListState, view: View, look: dict[str, str]) -> bool:
    """Says whether the list shows what the view keeps, however that was typed."""
    if look == kept(view):
        return True
    try:
        return look == read_state(state.grid, {**asked(view), "view": str(view.id)}).kept()
    except QueryError:  # the view can no longer be read, but what was made of it can
        return False
