"""What every view of a grid shares: the person's errors as answers, the row that is meant, the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, request
from werkzeug.exceptions import BadRequest, Conflict, NotFound, UnprocessableEntity

from backoffice.core import operations
from backoffice.core.grid.catalog import with_helpers
from backoffice.core.grid.declaration import Declaration
from backoffice.core.operations import Plan
from backoffice.core.selection import Field, QueryError, Selection
from backoffice.core.web.gate import current_person
from backoffice.core.web.ways import path_here

LONGEST_ID = 18  # digits; what is longer is the number of no row


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
    except (operations.Blocked, operations.Busy, operations.PlanMoved) as error:
        raise Conflict(str(error)) from error
    except (operations.AlreadyApplied, operations.NothingToDo) as error:
        raise Conflict(str(error)) from error


def requested_id() -> int:
    """Returns the row number that the request names. Answers 404 where it is none."""
    return id_of(request.args.get("id") or request.form.get("id") or "")


def id_of(text: str) -> int:
    """Returns the row number that `text` is. Answers 404 where it is none."""
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID and int(text) > 0):
        abort(404)
    return int(text)


def one(grid: Declaration, row_id: int) -> Selection:
    """Returns the selection of a single row, in the person's scope."""
    return Selection.parse(grid.model, current_person(), ids=(row_id,))


def row_of(grid: Declaration, row_id: int, columns: dict[str, Field]) -> dict[str, Any]:
    """Returns the row's fields as the person may see them. Answers 404 where there is no such row for them."""
    names = with_helpers(current_person(), grid.model, columns)
    rows = one(grid, row_id).page(names, 1).rows
    if not rows:
        abort(404)
    return rows[0]


def reviewed_plan() -> Plan:
    """Returns the plan whose review was sent back. Answers 404 where it is not there, no longer, or another person's."""
    token = request.form.get("plan", "")
    try:
        return operations.find_plan(token if token.isascii() and token.isprintable() else "", current_person())
    except LookupError as error:
        raise NotFound(str(error)) from error


def way_back(grid: Declaration) -> str:
    """Returns the list that the person came from, or the whole grid."""
    return path_here(request.values.get("url"), grid.address())
