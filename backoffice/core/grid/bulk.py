"""Bulk edit: which fields, to what; then the review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from backoffice.core import access, operations
from backoffice.core.access import Verb
from backoffice.core.grid import hows, linking, review
from backoffice.core.grid.choosing import hidden_fields, rows_of
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import reviewed_plan, way_back
from backoffice.core.grid.forms import RecordForm, form_class, unique
from backoffice.core.grid.hows import How
from backoffice.core.grid.linking import LinkControl
from backoffice.core.operations import Plan
from backoffice.core.selection import Field, Selection
from backoffice.core.selection.language import check_text
from backoffice.core.web.gate import current_person

PREFIX = "set-"
LONGEST_REASON = 500
_TYPED = (PREFIX, hows.HOW, hows.BY, linking.PREFIX)

Sent = MultiDict[str, str]
Hidden = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ChoosePage:
    """What admin/model/choose.html shows around the form."""

    heading: str
    words: str
    action: str
    return_url: str
    lookup_url: str
    hidden: Hidden
    clearable: frozenset[str]
    cleared: frozenset[str]
    hows: Mapping[str, How]
    links: Sequence[LinkControl]
    reason: str
    problems: Sequence[str]


def begin(grid: Declaration, selection: Selection) -> ResponseReturnValue:
    """Leads to the form, which has an address: who comes back to it from a review finds what they typed."""
    plan = _plan_sent(grid)
    if plan is None or plan.verb != "update":
        plan = operations.draft_edit(selection, current_person(), _typed())
    return redirect(grid.address("choose_view", plan=plan.token, url=way_back(grid)), 303)


def choose(grid: Declaration) -> ResponseReturnValue:
    """Answers the form: what is filled in will be changed, what is left empty stays as it is."""
    access.require(current_person(), Verb.EDIT, grid.model)
    plan = reviewed_plan(grid)
    if plan.verb != "update":
        abort(404)
    sent = Sent(plan.form)
    filled = any(name.startswith(PREFIX) for name in sent)
    form = _form(grid)(sent if filled else None, prefix=PREFIX)
    return _page(grid, rows_of(plan), form, sent, [("plan", plan.token)])


def review_edit(grid: Declaration, selection: Selection) -> ResponseReturnValue:
    """Leads to what would become of the rows; what cannot be is shown at its field instead, as a 422."""
    form, sent = _form(grid)(request.form, prefix=PREFIX), Sent(request.form)
    earlier = _plan_sent(grid)
    hidden = [("plan", earlier.token)] if earlier else hidden_fields(selection)
    if not form.validate():
        return _page(grid, selection, form, sent, hidden), 422
    try:
        values = hows.asked(form, _cleared(grid, sent), sent)
        values |= linking.asked(grid, linking.controls(grid, sent))
        if not values:
            return _page(grid, selection, form, sent, hidden, ["Fill in at least one field to change."]), 422
        plan = operations.plan_edit(selection, values, current_person(), reason=_reason(sent), form=_typed())
    except operations.Invalid as error:
        return _page(grid, selection, form, sent, hidden, form.refuse(error.errors)), 422
    if earlier:
        operations.retype(earlier, _typed())
    return review.lead_to(grid, plan)


def _plan_sent(grid: Declaration) -> Plan | None:
    """Returns the plan whose rows are meant, if the form came from one."""
    return reviewed_plan(grid) if request.form.get("plan") else None


def _typed() -> list[tuple[str, str]]:
    """Returns what was typed into the form, for whoever comes back to it."""
    sent = request.form.items(multi=True)
    return [(name, value) for name, value in sent if name.startswith(_TYPED) or name in ("clear", "reason")]


def _form(grid: Declaration) -> type[RecordForm]:
    return form_class(_offered(grid), partial=True)


def _offered(grid: Declaration) -> dict[str, Field]:
    """Returns the fields that many rows can share: not those that name one row."""
    return {name: field for name, field in grid.form_for(current_person()).items() if not unique(field)}


def _cleared(grid: Declaration, sent: Sent) -> frozenset[str]:
    return frozenset(sent.getlist("clear")) & _clearable(_offered(grid))


def _clearable(fields: dict[str, Field]) -> frozenset[str]:
    return frozenset(name for name, field in fields.items() if field.nullable)


def _reason(sent: Sent) -> str:
    reason = sent.get("reason", "").strip()[:LONGEST_REASON]
    check_text(reason)
    return reason


def _page(
    grid: Declaration, selection: Selection, form: RecordForm, sent: Sent, hidden: Hidden, problems: Sequence[str] = ()
) -> str:
    back = way_back(grid)
    count = selection.count()
    page = ChoosePage(
        heading=f"Edit {grid.counted(count.number)}",
        words=selection.title(count),
        action=grid.address("action_view", url=back),
        return_url=back,
        lookup_url=grid.address("ajax_lookup"),
        hidden=hidden,
        clearable=_clearable(_offered(grid)),
        cleared=_cleared(grid, sent),
        hows=hows.controls(_offered(grid), current_person(), sent),
        links=linking.controls(grid, sent),
        reason=_reason(sent),
        problems=problems,
    )
    return grid.render("admin/model/choose.html", page=page, form=form)
