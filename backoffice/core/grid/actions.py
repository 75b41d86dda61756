"""What can be done to many rows at once. Each action asks for its own rights; nothing changes before a review was applied."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import BadRequest

from backoffice.core import access
from backoffice.core.access import Verb
from backoffice.core.grid import basket, bulk, deleting, messages, review
from backoffice.core.grid.choosing import chosen
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import way_back
from backoffice.core.grid.exporting import file_of
from backoffice.core.grid.looks import resolved
from backoffice.core.selection import Selection
from backoffice.core.web.gate import current_person

Action = Callable[[Declaration, Selection], ResponseReturnValue]

_EDIT = (Verb.EDIT, Verb.BULK)
_DELETE = (Verb.DELETE, Verb.BULK)


def act(grid: Declaration) -> ResponseReturnValue:
    """Answers the action that the form names, on the rows that it names."""
    name = request.form.get("action", "")
    if name in review.ANSWERS:
        return review.ANSWERS[name](grid)
    if name == "clear":
        return basket.clear(grid)
    if name.startswith("leave:"):
        return review.leave_out(grid, name.removeprefix("leave:"))
    if name not in _ACTIONS:
        raise BadRequest(f"“{name[:40]}” is no action; there are edit, delete and export.")
    verbs, run = _ACTIONS[name]
    for verb in verbs:
        access.require(current_person(), verb, grid.model)
    selection = chosen(grid)
    if selection is None:
        messages.note(gettext("Nothing was selected. Tick the %(nouns)s first.", nouns=grid.noun(2)), "warning")
        return redirect(way_back(grid))
    return run(grid, selection)


def _export(grid: Declaration, selection: Selection) -> ResponseReturnValue:
    args, _ = resolved(grid.model, current_person(), request.args)
    columns = request.form.get("columns") or args.get("columns") or ""
    return file_of(grid, selection, request.form.get("format") or "csv", {**request.form, "columns": columns})


_ACTIONS: dict[str, tuple[tuple[Verb, ...], Action]] = {
    "edit": (_EDIT, bulk.begin),
    "review": (_EDIT, bulk.review_edit),
    "delete": (_DELETE, deleting.review_delete),
    "export": ((Verb.EXPORT,), _export),
    "keep": ((), basket.keep),
    "name": ((), basket.name),
}
