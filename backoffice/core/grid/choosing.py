"""Which rows a bulk action is about: the ticked ones, the basket's, or all that match less some. Kept from step to step."""

from __future__ import annotations

from flask import request
from werkzeug.datastructures import MultiDict

from backoffice.core.grid import basket
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import reviewed_plan
from backoffice.core.grid.state import ONES, read_selection
from backoffice.core.operations import Plan
from backoffice.core.selection import Selection
from backoffice.core.selection.filters import read_ids
from backoffice.core.web.gate import current_person

_QUERY = frozenset({"search", "sort", "desc", "ids", "view"})


def chosen(grid: Declaration) -> Selection | None:
    """Returns the rows that the form sent; None where nothing was ticked. Raises QueryError for what is no row."""
    form = request.form
    if form.get("plan"):
        return rows_of(reviewed_plan(grid))
    if form.get("all") in ONES:
        return _all_less_some(grid)
    ids = _ids("rowid") if "rowid" in form else _ids("shown") if form.get("shown_all") in ONES else _ids("ids")
    if form.get("basket") in ONES:
        return basket.chosen(grid, _ids("shown"), ids)
    if not ids:
        return None
    return Selection.parse(grid.model, current_person(), ids=ids, sort=(grid.default_sort,))


def _all_less_some(grid: Declaration) -> Selection:
    """Returns all rows of the list that the form stood under, less those whose ticks were taken away."""
    base = read_selection(grid, MultiDict(_query()))
    unticked = set(_ids("shown")) - set(_ids("rowid"))
    return base.narrowed(ids=base.ids, without=sorted({*_ids("without"), *unticked}))


def _query() -> list[tuple[str, str]]:
    """Returns what says which list it is: in the address on the first step, in hidden fields on the following ones."""
    for source in (request.args, request.form):
        found = [(name, value) for name, value in source.items(multi=True) if name in _QUERY or name.startswith("flt")]
        if found:
            return found
    return []


def _ids(name: str) -> tuple[int, ...]:
    return read_ids(request.form, name) or ()


def rows_of(plan: Plan) -> Selection:
    """Returns the rows that a plan is about."""
    return Selection.from_args(plan.model, current_person(), plan.selection)


def hidden_fields(selection: Selection) -> list[tuple[str, str]]:
    """Returns the hidden fields by which the next step means the same rows."""
    if selection.ids is not None and not (selection.search or selection.filters or selection.without):
        return [("ids", ",".join(map(str, selection.ids)))]
    return [("all", "1"), *selection.params().items()]
