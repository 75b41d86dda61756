"""Rows that an undo leaves alone, as a table: what it would restore, what is there now, and whose that is."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from backoffice.core import reader
from backoffice.core.grid import formats
from backoffice.core.grid.declaration import grid_of
from backoffice.core.operations import Operation
from backoffice.core.operations.kept import Kept, changed_since
from backoffice.core.operations.tables import model_named
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext


def columns() -> tuple[str, ...]:
    """Returns the heading of the table."""
    return gettext("Row"), gettext("The undo would restore"), gettext("There now"), gettext("Changed by")


def rows(operation: Operation) -> list[Sequence[str]]:
    """Returns a line for each of the first rows that were changed since `operation` changed them."""
    return [_line(operation, kept) for kept in changed_since(operation, current_person())]


def _line(operation: Operation, kept: Kept) -> Sequence[str]:
    grid = grid_of(model_named(operation.entity_type or ""))
    name = kept.ref.label
    if grid is not None:
        name = Markup('<a href="{}">{}</a>').format(grid.address("details_view", id=kept.ref.id), name)
    return (name, _side(kept, "after"), _side(kept, "before"), f"{kept.who}, {reader.moment(kept.when)}")


def _side(kept: Kept, side: str) -> str:
    empty = gettext("empty")
    told = ((change.label, formats.in_text(change.field, getattr(change, side))) for change in kept.fields)
    return "; ".join(f"{label}: {text or empty}" for label, text in told) or gettext("the same")
