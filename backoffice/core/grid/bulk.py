"""Bulk edit: which fields, to what; then the review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from backoffice.core import access, operations
from backoffice.core.access import Person, Verb
from backoffice.core.grid import hows, linking, review
from backoffice.core.grid.choosing import hidden_fields, rows_of
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import reviewed_plan, way_back
from backoffice.core.grid.forms import RecordForm, form_class, unique
from backoffice.core.grid.hows import How
from backoffice.core.grid.linking import LinkControl
from backoffice.core.once import once
from backoffice.core.operations import Plan
from backoffice.core.selection import Field, Selection
from backoffice.core.selection.language import check_text
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext

PREFIX = "set-"
LONGEST_REASON = 500
_TYPED = (PREFIX, hows.HOW, hows.BY, linking.PREFIX)

Sent = MultiDict[str, str]
Hidden = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class BulkPage:
    """What admin/model/bulk.html shows around a form that asks what is to be done to many rows; `button` leads to the review."""

    heading: str
    words: str
    action: str
    button: str
    return_url: str
    lookup_url: str
    hidden: Hidden
    reason: str
    problems: Sequence[str]


@dataclass(frozen=True)
class ChoosePage(BulkPage):
    """What admin/model/choose.html shows."""

    clearable: frozenset[str]
    cleared: frozenset[str]
    hows: Mapping[str, How]
    links: Sequence[LinkControl]


def begin(grid: Declaration, selection: Selection) -> ResponseReturnValue:
    """Leads to the form, which has an address: who comes back to it from a review finds what they typed."""
    plan = _plan_sent(grid)
    if plan is None or plan.verb != "update":
        plan = operations.draft_edit(selection, current_person(), _typed())
    return _lead_to(grid, plan)


@once
def steps(person: Person, grid: Declaration) -> tuple[str, ...]:
    """Returns the steps that `person` may take with many rows: those of whose fields the form has every one."""
    may = grid.may(person, Verb.EDIT, Verb.BULK)
    return tuple(step for step, fields in grid.steps.items() if may and fields.keys() <= grid.form_for(person).keys())


def steps_in_words(person: Person, grid: Declaration) -> list[tuple[str, str]]:
    """Returns the steps that `person` may take, by name and label."""
    return [(step, gettext(step)) for step in steps(person, grid)]


def take_step(grid: Declaration, selection: Selection, name: str) -> ResponseReturnValue:
    """Leads to the form of a bulk edit in which a step of the grid is filled in. Answers 403 where there is none for the person."""
    if name not in steps(current_person(), grid):
        abort(403)
    typed = [(PREFIX + field, value()) for field, value in grid.steps[name].items()]
    return _lead_to(grid, operations.draft_edit(selection, current_person(), typed))


def _lead_to(grid: Declaration, plan: Plan) -> ResponseReturnValue:
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
            return _page(grid, selection, form, sent, hidden, [gettext("Fill in at least one field to change.")]), 422
        plan = operations.plan_edit(selection, values, current_person(), reason=reason_of(sent), form=_typed())
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


def reason_of(sent: Sent) -> str:
    """Returns why it is done, as it was typed. Raises QueryError for what no text can hold."""
    reason = sent.get("reason", "").strip()[:LONGEST_REASON]
    check_text(reason)
    return reason


def _page(
    grid: Declaration, selection: Selection, form: RecordForm, sent: Sent, hidden: Hidden, problems: Sequence[str] = ()
) -> str:
    back = way_back(grid)
    count = selection.count()
    page = ChoosePage(
        heading=gettext("Edit %(rows)s", rows=grid.counted(count.number)),
        words=selection.title(count),
        action=grid.address("action_view", url=back),
        button="review",
        return_url=back,
        lookup_url=grid.address("ajax_lookup"),
        hidden=hidden,
        clearable=_clearable(_offered(grid)),
        cleared=_cleared(grid, sent),
        hows=hows.controls(_offered(grid), current_person(), sent),
        links=linking.controls(grid, sent),
        reason=reason_of(sent),
        problems=problems,
    )
    return grid.render("admin/model/choose.html", page=page, form=form)
