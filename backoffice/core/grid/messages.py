"""What a person reads after something was done, with the way to take it back."""

from __future__ import annotations

from flask import flash, get_template_attribute, url_for

from backoffice.core import reader
from backoffice.core.grid.declaration import grids
from backoffice.core.operations import Operation, undoable
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext, ngettext

Message = dict[str, str]  # the text, and the addresses of what can be done about it


def done(text: str, operation: Operation, back: str) -> None:
    """Says what happened on the next page, with "Undo" and a link to the operation. Undo leads to `back` again.

    Where a rule keeps all of it for good, the message says what to do instead.
    """
    flash(told(text, operation, back), "success")  # type: ignore[arg-type]


def drawn(message: Message) -> str:
    """Returns what `done` shows, for a page that stays as it is."""
    draw = get_template_attribute("parts/message.html", "told")
    return str(draw(message, "success", "message-here", flashed=True))


def done_before(operation: Operation, back: str) -> None:
    """Says on the next page that something was done already; a second sending of a form changes nothing."""
    flash(told_before(operation, back), "success")  # type: ignore[arg-type]


def told_before(operation: Operation, back: str) -> Message:
    """Returns that something was done already, when, and what; with "Undo" unless it was taken back since."""
    at, what = reader.moment(operation.at), operation.title
    text = gettext("This was already done on %(at)s: %(what)s", at=at, what=what)
    return told(text, operation, back)


def what_became(verb: str, rows: str, number: int) -> str:
    """Returns what was done to so many rows: ("delete", "2 students", 2) is "2 students deleted"."""
    if verb == "delete":
        return ngettext("%(rows)s deleted", "%(rows)s deleted", number, rows=rows)
    if verb == "undo":
        return ngettext("Undone: %(rows)s is as before", "Undone: %(rows)s are as before", number, rows=rows)
    return ngettext("%(rows)s changed", "%(rows)s changed", number, rows=rows)


def told(text: str, operation: Operation, back: str) -> Message:
    """Returns the message of what an operation did."""
    message = {"text": text}
    if "operations" in grids():
        answer = undoable.answer(current_person(), operation.id)
        if answer.offered:
            message["undo_url"] = url_for("operations.undo_view", id=operation.id, url=back)
            message["undo"] = operation.way_back
        if answer.instead:
            message["instead"] = answer.instead
        message["operation_url"] = url_for("operations.details_view", id=operation.id)
    return message


def note(text: str, tone: str = "info") -> None:
    """Says something on the next page."""
    flash(text, tone)
