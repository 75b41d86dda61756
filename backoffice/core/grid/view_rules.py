"""What a saved view may say, in words for whoever saves one; whose it is, and that it can be read when it is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select

from backoffice.core.grid.columns import checked_fit, chosen_columns
from backoffice.core.grid.declaration import Declaration, grid_of_kind
from backoffice.core.grid.grouping import checked_group
from backoffice.core.model import Record
from backoffice.core.operations.constraints import worded
from backoffice.core.operations.errors import Invalid
from backoffice.core.operations.recording import Recording
from backoffice.core.operations.rights import acting
from backoffice.core.operations.rules import Effect, Fill, Rule
from backoffice.core.selection import QueryError, Selection
from backoffice.core.selection.filters import read_sort
from backoffice.core.views import SavedView
from backoffice.core.wording import later

Rows = Sequence[Mapping[str, Any]]
NAME_TAKEN = later("You have a view of this name here already: change that one, or choose another name.")
FIRST_TAKEN = later("Another view of yours opens first here: take the tick away there.")
DEFAULT_TAKEN = later("Another view opens first for this role: change that one.")
NOT_FOR_ROLE = later("A view that opens first for a role must be for everyone, or for that team.")


def _owned(operation: Recording, rows: Rows) -> list[dict[str, Any]]:
    """Makes a new view the property of whoever makes it."""
    entry = operation.entry
    mine = {"owner_id": entry.actor_id, "owner_name": entry.actor_name}
    return [{} if row.get("owner_name") else mine for row in rows]


def _for_team(operation: Recording, rows: Rows) -> list[dict[str, Any]]:
    """Names the role of its owner where a view is for their team."""
    return [{"team": acting(row["owner_id"]).role if row.get("visibility") == "team" else None} for row in rows]


def _must_be_read(operation: Recording, ids: Select[tuple[int]]) -> None:
    """Raises Invalid where whoever saves a view could not open it."""
    person = acting(operation.entry.actor_id)
    for view in operation.session.scalars(select(SavedView).where(SavedView.id.in_(ids))):
        grid = grid_of_kind(view.entity_type)
        if grid is not None:
            _read(grid, person, view)


def _read(grid: Declaration, person: Any, view: SavedView) -> None:
    try:
        Selection.parse(grid.model, person, search=view.search or "")
    except QueryError as error:
        raise Invalid({"search": str(error)}) from error
    try:
        sort = read_sort({"sort": view.sort or ""})
        Selection.parse(grid.model, person, sort=sort)
    except QueryError as error:
        raise Invalid({"sort": str(error)}) from error
    try:
        chosen_columns(grid, person, view.columns or "")
    except QueryError as error:
        raise Invalid({"columns": str(error)}) from error
    try:
        checked_fit(grid, person, view.fit or "")
    except QueryError as error:
        raise Invalid({"fit": str(error)}) from error
    try:
        checked_group(grid, person, view.group or "")
    except QueryError as error:
        raise Invalid({"group": str(error)}) from error


RULES: Mapping[type[Record], Sequence[Rule]] = {
    SavedView: (
        worded(SavedView, "default_for_users", NOT_FOR_ROLE, "default_for"),
        worded(SavedView, "uq_saved_view_owner_id_entity_type_name_key", NAME_TAKEN, "name"),
        worded(SavedView, "uq_saved_view_opens_first", FIRST_TAKEN, "opens_first"),
        worded(SavedView, "uq_saved_view_entity_type_default_for", DEFAULT_TAKEN, "default_for"),
    ),
}
EFFECTS: Mapping[type[Record], Sequence[Effect | Fill]] = {
    SavedView: (
        Fill("owner", ("entity_type",), ("owner_id", "owner_name"), _owned),
        Fill("team", ("visibility",), ("team",), _for_team),
        Effect("must_be_read", ("entity_type", "search", "sort", "columns", "fit", "group"), _must_be_read),
    ),
}
