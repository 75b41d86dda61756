"""Bulk edit: which fields, to what; then the review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from backoffice.core import operations
from backoffice.core.grid import hows, review
from backoffice.core.grid.choosing import hidden_fields
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import way_back
from backoffice.core.grid.forms import RecordForm, form_class, unique
from backoffice.core.grid.hows import How
from backoffice.core.selection import Field, Selection
from backoffice.core.selection.language import check_text
from backoffice.core.web.gate import current_person

PREFIX = "set-"
LONGEST_REASON = 500


@dataclass(frozen=True)
class ChoosePage:
    """What admin/model/choose.html shows around the form."""

    heading: str
    words: str
    action: str
    return_url: str
    lookup_url: str
    hidden: Sequence[tuple[str, str]]
    clearable: frozenset[str]
    cleared: frozenset[str]
    hows: Mapping[str, How]
    reason: str
    problems: Sequence[str]


def choose(grid: Declaration, selection: Selection) -> ResponseReturnValue:
    """Shows an empty form: what is filled in changes, what is left empty stays as it is. Back from a review, it is filled."""
    sent = request.form if any(name.startswith(PREFIX) for name in request.form) else None
    return _page(grid, selection, _form(grid)(sent, prefix=PREFIX), [])


def review_edit(grid: Declaration, selection: Selection) -> ResponseReturnValue:
    """Shows what would become of the rows; what cannot be is shown at its field instead, as a 422."""
    form = _form(grid)(request.form, prefix=PREFIX)
    if not form.validate():
        return _page(grid, selection, form, []), 422
    try:
        values = hows.asked(form, _cleared(grid))
        if not values:
            return _page(grid, selection, form, ["Fill in at least one field to change."]), 422
        plan = operations.plan_edit(selection, values, current_person(), reason=_reason())
    except operations.Invalid as error:
        return _page(grid, selection, form, form.refuse(error.errors)), 422
    kept = [
        (name, value) for name, value in request.form.items(multi=True) if name.startswith(PREFIX) or name == "clear"
    ]
    kept += hows.kept()
    return review.page(grid, plan, [*hidden_fields(selection), *kept, ("reason", _reason()), ("task", "edit")])


def _form(grid: Declaration) -> type[RecordForm]:
    return form_class(_offered(grid), partial=True)


def _offered(grid: Declaration) -> dict[str, Field]:
    """Returns the fields that many rows can share: not those that name one row."""
    return {name: field for name, field in grid.form_for(current_person()).items() if not unique(field)}


def _cleared(grid: Declaration) -> frozenset[str]:
    return frozenset(request.form.getlist("clear")) & _clearable(_offered(grid))


def _clearable(fields: dict[str, Field]) -> frozenset[str]:
    return frozenset(name for name, field in fields.items() if field.nullable)


def _reason() -> str:
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    check_text(reason)
    return reason


def _page(grid: Declaration, selection: Selection, form: RecordForm, problems: list[str]) -> str:
    back = way_back(grid)
    count = selection.count()
    page = ChoosePage(
        heading=f"Edit {grid.counted(count.number)}",
        words=selection.title(count),
        action=grid.address("action_view", url=back),
        return_url=back,
        lookup_url=grid.address("ajax_lookup"),
        hidden=hidden_fields(selection),
        clearable=_clearable(_offered(grid)),
        cleared=_cleared(grid),
        hows=hows.controls(_offered(grid), current_person()),
        reason=_reason(),
        problems=problems,
    )
    return grid.render("admin/model/choose.html", page=page, form=form)
