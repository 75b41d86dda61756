"""What can be done to many rows at once. Each action asks for its own rights; nothing changes before a review was applied."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from backoffice.core import access
from backoffice.core.access import Verb
from backoffice.core.grid import adding, basket, bulk, deleting, messages, printing, review
from backoffice.core.grid.choosing import chosen
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import way_back
from backoffice.core.grid.exporting import file_of
from backoffice.core.grid.looks import resolved
from backoffice.core.selection import Selection
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext

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
    verbs, run = _meant(name)
    for verb in verbs:
        access.require(current_person(), verb, grid.model)
    selection = chosen(grid)
    if selection is None:
        messages.note(gettext("Nothing was selected. Tick the %(nouns)s first.", nouns=grid.noun(2)), "warning")
        return redirect(way_back(grid))
    return run(grid, selection)


def _meant(name: str) -> tuple[tuple[Verb, ...], Action]:
    """Returns what an action asks for and does. Answers 400 where there is none of this name."""
    kind, _, what = name.partition(":")
    if what and kind in _NAMED:
        return _EDIT, partial(_NAMED[kind], name=what)
    if name not in _ACTIONS:
        raise BadRequest(gettext("“%(name)s” is no action; there are edit, delete and export.", name=name[:40]))
    return _ACTIONS[name]


def _export(grid: Declaration, selection: Selection) -> ResponseReturnValue:
    args = {**request.form, "columns": _columns(grid)}
    return file_of(grid, selection, request.form.get("format") or "csv", args)


def _print(grid: Declaration, selection: Selection) -> ResponseReturnValue:
    return printing.paper(grid, selection, {"columns": _columns(grid)})


def _columns(grid: Declaration) -> str:
    """Returns the columns that the form names, or else those of the list that it stood under."""
    args, _ = resolved(grid.model, current_person(), request.args)
    return request.form.get("columns") or args.get("columns") or ""


_NAMED: dict[str, Callable[..., ResponseReturnValue]] = {
    "step": bulk.take_step,
    adding.BEGIN: adding.begin,
    adding.REVIEW: adding.review_added,
}  # of these the name follows, behind a colon: of the step, or of the collection that gets rows
_ACTIONS: dict[str, tuple[tuple[Verb, ...], Action]] = {
    "edit": (_EDIT, bulk.begin),
    "review": (_EDIT, bulk.review_edit),
    "delete": (_DELETE, deleting.review_delete),
    "export": ((Verb.EXPORT,), _export),
    "print": ((Verb.EXPORT,), _print),
    "keep": ((), basket.keep),
    "name": ((), basket.name),
}
