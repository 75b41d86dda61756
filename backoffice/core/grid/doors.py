"""What every view of a grid shares: the person's errors as answers, the row that is meant, the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import abort, request
from werkzeug.exceptions import BadRequest, Conflict, NotFound, UnprocessableEntity

from backoffice.core import operations
from backoffice.core.grid.catalog import with_helpers
from backoffice.core.grid.declaration import Declaration, grid_of, grids
from backoffice.core.operations import Plan
from backoffice.core.selection import Field, QueryError, Selection
from backoffice.core.text import whole_number
from backoffice.core.web import outages
from backoffice.core.web.gate import current_person
from backoffice.core.web.ways import path_here


def answered(view: Callable[..., Any], grid: Declaration, *arguments: Any, **named: Any) -> Any:
    """Returns what `view` answers. What a person got wrong becomes a page that says so, never an error of the server."""
    try:
        return view(grid, *arguments, **named)
    except QueryError as error:
        raise BadRequest(str(error)) from error
    except operations.Invalid as error:
        raise UnprocessableEntity(str(error)) from error
    except operations.Gone as error:
        raise NotFound(str(error)) from error
    except operations.Busy as error:
        return outages.try_again(503, str(error))
    except (operations.Blocked, operations.PlanMoved, operations.AlreadyApplied, operations.NothingToDo) as error:
        raise Conflict(str(error)) from error
    except (operations.NeedsApproval, operations.Decided) as error:
        raise Conflict(str(error)) from error


def requested_id() -> int:
    """Returns the row number that the request names. Answers 404 where it is none."""
    return id_of(request.args.get("id") or request.form.get("id") or "")


def id_of(text: str) -> int:
    """Returns the row number that `text` is. Answers 404 where it is none."""
    return whole_number(text) or abort(404)


def one(grid: Declaration, row_id: int) -> Selection:
    """Returns the selection of a single row, in the person's scope."""
    return Selection.parse(grid.model, current_person(), ids=(row_id,))


def row_of(grid: Declaration, row_id: int, columns: dict[str, Field]) -> dict[str, Any]:
    """Returns the row's fields as the person may see them. Answers 404 where there is no such row for them."""
    return found_row(grid, row_id, columns) or abort(404)


def found_row(grid: Declaration, row_id: int, columns: dict[str, Field]) -> dict[str, Any] | None:
    """Returns the row's fields as the person may see them; None where there is no such row for them."""
    names = with_helpers(current_person(), grid.model, columns)
    return next(iter(one(grid, row_id).page(names, 1).rows), None)


def undisputed(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Returns the values to save: after a conflict, only those disputed fields of which the person keeps their own.

    `prefix` stands before the fields' names in the form.
    """
    gone = given_up()
    return {name: value for name, value in values.items() if prefix + name not in gone}


def given_up() -> set[str]:
    """Returns the disputed controls of which the person takes what the other one saved."""
    return set(request.form.getlist("disputed")) - set(request.form.getlist("mine"))


def plan_token() -> str:
    """Returns the token of the plan that the request names, "" where that is none."""
    token = request.values.get("plan", "")
    return token if token.isascii() and token.isprintable() else ""


def reviewed_plan(grid: Declaration) -> Plan:
    """Returns the plan of the grid that the request names. Answers 404 where it is not there, no longer, or another person's."""
    try:
        plan = operations.find_plan(plan_token(), current_person())
    except LookupError as error:
        raise NotFound(str(error)) from error
    if home_of(plan) is not grid:
        abort(404)
    return plan


def home_of(plan: Plan) -> Declaration:
    """Returns the grid under which the plan is reviewed: that of its rows, for an undo that of the operations."""
    return (grid_of(plan.model) if plan.verb != "undo" else None) or grids()["operations"]


def review_address(plan: Plan, back: str) -> str:
    """Returns the address of the review of a plan, from which the person gets `back`."""
    return home_of(plan).address("review_view", plan=plan.token, url=back)


def is_list(grid: Declaration, address: str | None) -> bool:
    """Says whether an address is a list of the grid."""
    return urlsplit(address or "").path == grid.address()


def list_left(grid: Declaration) -> str | None:
    """Returns the page that the person came from, as the address says; None where it says nothing."""
    back = way_back(grid)
    return back if request.args.get("url") == back else None


def at_row(address: str, row_id: int) -> str:
    """Returns the address of a list at one of its rows: there the browser scrolls, and the row's name has the focus."""
    return f"{address.partition('#')[0]}#row-{row_id}"


def back_at(grid: Declaration, row_id: int) -> str:
    """Returns the list that the person came from at the row that they left it for, or where else they came from."""
    back = way_back(grid)
    return at_row(back, row_id) if is_list(grid, list_left(grid)) else back


def way_back(grid: Declaration) -> str:
    """Returns the list that the person came from, or the whole grid."""
    return path_here(request.values.get("url"), grid.address())
