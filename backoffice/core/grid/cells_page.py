"""The page on which a block of cells out of a spreadsheet becomes edits of several rows, with one review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from backoffice.core import access, operations
from backoffice.core.access import Verb
from backoffice.core.grid import pasted_block, pasted_cells, review
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import reviewed_plan, way_back
from backoffice.core.grid.pasted_block import Unusable
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext


@dataclass(frozen=True)
class CellsPage:
    """What admin/model/cells.html shows."""

    heading: str
    action: str
    return_url: str
    noun_one: str
    fields: Sequence[tuple[str, str]]
    text: str
    problems: Sequence[str] = ()


def paste(grid: Declaration) -> ResponseReturnValue:
    """Answers the page, or leads to the review of what was pasted; what cannot be used is told as a 422, and stays to be corrected."""
    access.require(current_person(), Verb.EDIT, grid.model)
    if request.method == "GET":
        return _page(grid, _pasted_before(grid))
    text = request.form.get("text", "")
    try:
        if "rows" in request.form:
            text = pasted_block.with_head(text, request.form["rows"], request.form.get("fields", ""))
        plan = pasted_cells.plan(grid, text)
    except Unusable as error:
        return _page(grid, text, error.problems), 422
    except operations.Invalid as error:
        return _page(grid, text, list(error.errors.values())), 422
    return review.lead_to(grid, plan)


def _pasted_before(grid: Declaration) -> str:
    """Returns what was pasted, for whoever comes back from the review."""
    return dict(reviewed_plan(grid).form).get("text", "") if "plan" in request.args else ""


def _page(grid: Declaration, text: str, problems: Sequence[str] = ()) -> str:
    fields = grid.form_for(current_person())
    page = CellsPage(
        heading=gettext("Paste cells of %(nouns)s", nouns=grid.noun(2)),
        action=grid.address("cells_view", url=way_back(grid)),
        return_url=way_back(grid),
        noun_one=grid.noun(1),
        fields=[(name, field.label) for name, field in fields.items()],
        text=text,
        problems=problems,
    )
    return grid.render("admin/model/cells.html", page=page)
