"""A row beside the list: the sections of its details page, without leaving the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import request
from flask.typing import ResponseReturnValue

from backoffice.core.grid import neighbours
from backoffice.core.grid.catalog import label_name
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.details import Pairs, shown
from backoffice.core.grid.doors import at_row, found_row
from backoffice.core.grid.neighbours import Neighbour
from backoffice.core.grid.state import ListState, read_state
from backoffice.core.operations.rights import may_change
from backoffice.core.wording import gettext


@dataclass(frozen=True)
class Peek:
    """What admin/model/peek.html shows; without sections where there is no such row for the person.

    `previous` and `next` have the addresses that show them here.
    """

    id: int
    name: str
    noun: str
    close_url: str
    url: str = ""
    edit_url: str = ""
    sections: Sequence[tuple[str, Pairs]] = ()
    previous: Neighbour | None = None
    next: Neighbour | None = None


def is_asked_alone() -> bool:
    """Says whether js/peek.js asks for the panel of a list's address, without its list."""
    return request.headers.get("X-Parts") == "peek"


def show_alone(grid: Declaration) -> ResponseReturnValue:
    """Answers the panel alone; nothing where the address asks for none."""
    peek = of(read_state(grid))
    return grid.render("admin/model/peek.html", peek=peek) if peek else ""


def of(state: ListState) -> Peek | None:
    """Returns the row that the list's address asks for."""
    if state.peek is None:
        return None
    grid, person, row_id = state.grid, state.person, state.peek
    list_url = state.here(peek=None)
    sections = grid.sections_for(person)
    columns = {name: field for fields in sections.values() for name, field in fields.items()}
    row = found_row(grid, row_id, columns)
    if row is None:
        return Peek(row_id, gettext("No %(noun)s %(number)s", noun=grid.noun(1), number=row_id), grid.noun(1), list_url)
    found = neighbours.beside(grid, person, row_id, list_url)
    return Peek(
        id=row_id,
        name=str(row.get(label_name(person, grid.model)) or row_id),
        noun=grid.noun(1),
        close_url=at_row(list_url, row_id),
        url=grid.address("details_view", id=row_id, url=list_url),
        edit_url=_edit_url(state, row_id),
        sections=shown(person, sections, columns, row),
        previous=_here(state, found.previous),
        next=_here(state, found.next),
    )


def _edit_url(state: ListState, row_id: int) -> str:
    grid, person = state.grid, state.person
    theirs = grid.has_form(person) and may_change(person, grid.model, row_id)
    return grid.address("edit_view", id=row_id, url=state.here()) if theirs else ""


def _here(state: ListState, row: Neighbour | None) -> Neighbour | None:
    return replace(row, url=at_row(state.here(peek=row.id), row.id)) if row else None
