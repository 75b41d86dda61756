"""The form behind "Columns": which fields the list shows, where and how wide, what its rows are ordered by, how close they stand.

It changes nothing but the address that it leads to, so what one person chose another one sees by the same address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, request
from flask.typing import ResponseReturnValue

from backoffice.core.grid.columns import checked_fit, chosen_columns, offered
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.fit import PINNED, Fit
from backoffice.core.grid.state import ListState, read_state
from backoffice.core.selection import Field, Kind
from backoffice.core.views import COMPACT
from backoffice.core.wording import gettext, later

ORDERS = 3  # boxes for what rows are ordered by
MOVES = {"left": -1, "right": 1}
NONE_CHOSEN = later("Tick at least one column.")

Pairs = Sequence[tuple[str, str]]  # name and label
Columns = dict[str, Field]


@dataclass(frozen=True)
class ColumnsPage:
    """What admin/model/columns.html shows."""

    heading: str
    grid_heading: str
    action: str
    return_url: str
    reset_url: str
    hidden: Pairs
    shown: Pairs
    others: Sequence[tuple[str, Pairs]]
    sortable: Pairs
    orders: Sequence[tuple[str, bool]]  # field, descending
    compact: bool
    pinned: int
    widths: Mapping[str, str]
    moved: str  # the button that was pressed: "left:status"
    error: str


def show(grid: Declaration) -> ResponseReturnValue:
    """Answers the form, or leads to the list as it was chosen; a column is moved by one place at a time."""
    state = read_state(grid)
    chosen = _chosen(state)
    do = request.args.get("do", "")
    if do == "show" and chosen:
        return redirect(_address(state, chosen))
    page = _page(state, _moved(chosen, do), do, gettext(NONE_CHOSEN) if do and not chosen else "")
    return grid.render("admin/model/columns.html", page=page), 400 if page.error else 200


def _chosen(state: ListState) -> Columns:
    if "do" not in request.args:
        return state.columns
    names = request.args.getlist("column")
    return chosen_columns(state.grid, state.person, ",".join(names)) if names else {}


def _moved(chosen: Columns, do: str) -> Columns:
    way, _, name = do.partition(":")
    if way not in MOVES or name not in chosen:
        return chosen
    names = list(chosen)
    place = names.index(name)
    names.insert(max(0, place + MOVES[way]), names.pop(place))
    return {name: chosen[name] for name in names}


def _address(state: ListState, chosen: Columns) -> str:
    own = list(chosen) == list(state.grid.columns_for(state.person))
    orders = [f"{'-' * down}{name}" for name, down in _orders(state) if name]
    usual = orders == [state.grid.default_sort]
    return state.url(
        columns=None if own else ",".join(chosen),
        sort=None if usual else ",".join(orders),
        desc=None,
        density=COMPACT if request.args.get("density") == COMPACT else None,
        fit=str(_fit(state, chosen)) or None,
    )


def _fit(state: ListState, chosen: Columns) -> Fit:
    """Returns how the columns stand: as it was chosen, or as the list's do."""
    if "pinned" not in request.args:
        return state.fit.among(chosen)
    widths = [width for width in request.args.getlist("width") if not width.startswith(":")]
    asked = ",".join([f"{PINNED}:{request.args['pinned']}", *widths])
    return checked_fit(state.grid, state.person, asked).among(chosen)


def _orders(state: ListState) -> list[tuple[str, bool]]:
    """Returns what rows are ordered by: as it was chosen, or as the list is."""
    if "by" not in request.args:
        return [(order.name, order.descending) for order in state.selection.sort]
    ways = request.args.getlist("way") + [""] * ORDERS
    found = {name: way == "desc" for name, way in zip(request.args.getlist("by"), ways, strict=False) if name}
    return list(found.items())


def _page(state: ListState, chosen: Columns, do: str, error: str) -> ColumnsPage:
    grid = state.grid
    groups = [(group.title, group.fields) for group in offered(grid, state.person)]
    orders = _orders(state)
    density = request.args.get("density") if "do" in request.args else state.density
    fit = _fit(state, chosen)
    bare = {"columns": None, "fit": None, "sort": None, "desc": None, "density": None, "all": None, "without": None}
    return ColumnsPage(
        heading=gettext("Columns of %(nouns)s", nouns=grid.noun(2)),
        grid_heading=grid.heading(),
        action=grid.address("columns_view"),
        return_url=state.url(),
        reset_url=state.url(**bare),
        hidden=list(state.params(**bare).items()),
        shown=_labels(chosen),
        others=[(title, _labels({n: f for n, f in fields.items() if n not in chosen})) for title, fields in groups],
        sortable=_labels(_sortable(state, {**chosen, **groups[0][1]}, orders)),
        orders=[*orders, *[("", False)] * ORDERS][: max(ORDERS, len(orders))],
        compact=density == COMPACT,
        pinned=fit.pinned,
        widths=fit.widths,
        moved=do,
        error=error,
    )


def _sortable(state: ListState, fields: Columns, orders: Sequence[tuple[str, bool]]) -> Columns:
    asked = chosen_columns(state.grid, state.person, ",".join(name for name, _ in orders))
    return {name: field for name, field in {**fields, **asked}.items() if field.kind is not Kind.LONG_TEXT}


def _labels(columns: Columns) -> list[tuple[str, str]]:
    return [(name, field.label) for name, field in columns.items()]
