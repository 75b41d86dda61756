"""The rows before and after one in the list that a person came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from werkzeug.datastructures import MultiDict

from backoffice.core.access import Person
from backoffice.core.database import if_in_time
from backoffice.core.grid.catalog import label_name
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import is_list
from backoffice.core.grid.state import read_selection
from backoffice.core.selection import QueryError
from backoffice.core.wording import gettext, later
from backoffice.extensions import db

SECONDS = 2.0  # as long as a list may take while somebody types
TOO_LONG = later("What is before and after this in the list took too long to find. Narrow the list.")


@dataclass(frozen=True)
class Neighbour:
    """A row beside the one that is shown."""

    id: int
    name: str
    url: str


@dataclass(frozen=True)
class Beside:
    """What is beside a row, as far as that was found in time; None at the ends of the list."""

    previous: Neighbour | None = None
    next: Neighbour | None = None
    problem: str = ""


NOBODY = Beside()


def beside(grid: Declaration, person: Person, row_id: int, back: str | None, view: str = "details_view") -> Beside:
    """Returns the rows before and after a row in the list at `back`, with the addresses of their `view`; asks nothing where
    the person came from no list (None)."""
    if back is None or not is_list(grid, back):
        return NOBODY
    list_ = urlsplit(back)
    label = label_name(person, grid.model)
    try:
        selection = read_selection(grid, MultiDict(parse_qsl(list_.query)))
        found = if_in_time(db.session(), SECONDS, lambda: selection.beside(row_id, (label,)))
    except QueryError:  # a list that no longer reads has nobody in it; its own page says why
        return NOBODY
    if found is None:
        return Beside(problem=gettext(TOO_LONG))

    def neighbour(row: Mapping[str, Any] | None) -> Neighbour | None:
        if row is None:
            return None
        return Neighbour(row["id"], str(row[label] or row["id"]), grid.address(view, id=row["id"], url=back))

    before, after = found
    return Beside(neighbour(before), neighbour(after))
