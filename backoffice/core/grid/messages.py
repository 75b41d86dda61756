"""What a person reads after something was done, with the way to take it back."""

from __future__ import annotations

from flask import flash, url_for

from backoffice.core.grid import formats
from backoffice.core.grid.declaration import grids
from backoffice.core.operations import Operation


def done(text: str, operation: Operation, back: str) -> None:
    """Says what happened on the next page, with "Undo" and a link to the operation. Undo leads to `back` again."""
    message = {"text": text}
    if "operations" in grids():
        message["undo_url"] = url_for("operations.undo_view", id=operation.id, url=back)
        message["undo"] = operation.way_back
        message["operation_url"] = url_for("operations.details_view", id=operation.id)
    flash(message, "success")  # type: ignore[arg-type]


def done_before(operation: Operation, back: str) -> None:
    """Says that something was done already, when, and what; a second sending of a form changes nothing."""
    done(f"This was already done on {formats.instant(operation.at)}: {operation.title}", operation, back)


def note(text: str, tone: str = "info") -> None:
    """Says something on the next page."""
    flash(text, tone)
