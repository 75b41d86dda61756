"""What a plan would do, before it does anything: the page that people read before they press a button."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import request

from backoffice.core import reader
from backoffice.core.access import Verb
from backoffice.core.grid import kept, reassigning, refused
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import way_back
from backoffice.core.grid.reassigning import MoveForm
from backoffice.core.grid.review_words import deed, dependents, later, sample_columns, samples, tally, typed_count
from backoffice.core.operations import Plan, approvals
from backoffice.core.operations.undo_review import operation_of
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext

_HEADINGS: dict[str, Callable[[], str]] = {
    "update": lambda: gettext("Review the change"),
    "delete": lambda: gettext("Review the deletion"),
    "undo": lambda: gettext("Review the undo"),
}


@dataclass(frozen=True)
class Instead:
    """What to do where rows cannot be deleted: a sentence, and the form to do it with (of one row at `url`, of many by POST)."""

    text: str
    button: str
    url: str = ""


@dataclass(frozen=True)
class Button:
    """One thing that can be done with the plan; `action` is what the form sends."""

    action: str
    label: str
    tone: str = "outline"


@dataclass(frozen=True)
class Why:
    """The box for a reason, which stands in the operation for good."""

    label: str
    text: str
    error: str = ""


@dataclass(frozen=True)
class ReviewPage:
    """What admin/model/review.html shows."""

    heading: str
    words: str
    action: str
    return_url: str
    hidden: Sequence[tuple[str, str]] = ()
    tally: Sequence[tuple[str, str]] = ()
    buttons: Sequence[Button] = ()
    dangerous: bool = False
    dependents: Sequence[tuple[str, str]] = ()
    refusals: Sequence[Sequence[str]] = ()
    samples_title: str = field(default_factory=lambda: gettext("For example"))
    sample_columns: Sequence[str] = ()
    samples: Sequence[Sequence[str]] = ()
    instead: Instead | None = None
    moves: Sequence[MoveForm] = ()
    problems: Sequence[str] = ()
    typed_count: str = ""
    typed: str = ""
    typed_error: str = ""
    notice: str = ""
    why: Why | None = None
    kept_columns: Sequence[str] = field(default_factory=kept.columns)
    kept: Sequence[Sequence[str]] = ()
    facts: Sequence[tuple[str, Sequence[tuple[str, str]]]] = ()
    form_url: str = ""  # where other values can be typed
    happened: Mapping[str, str] | None = None  # as a flashed message


def page(
    grid: Declaration, plan: Plan, typed_error: str = "", problems: Sequence[str] = (), why_error: str = ""
) -> str:
    """Returns the review of `plan`. Everything on it comes from the plan, but for what was typed in its own boxes."""
    needed = approvals.required(plan) if plan.will_change else ""
    undoes = plan.verb == "undo"
    shown = ReviewPage(
        heading=_HEADINGS[plan.verb](),
        words=plan.words,
        action=_action(grid, plan),
        return_url=way_back(grid),
        hidden=[("plan", plan.token)],
        tally=tally(plan),
        buttons=_buttons(plan, needed),
        notice=needed,
        why=_why(plan, why_error) if needed else None,
        dangerous=plan.verb == "delete",
        dependents=dependents(plan),
        refusals=refused.groups(plan, leave=not undoes),
        sample_columns=sample_columns(plan, gettext("row") if undoes else grid.noun(1)),
        samples=samples(plan),
        instead=_instead(grid, plan),
        moves=reassigning.offered(plan),
        problems=problems,
        typed_count=typed_count(plan),
        typed=request.form.get("typed", ""),
        typed_error=typed_error,
        kept=kept.rows(operation_of(plan.stored)) if undoes else (),
        form_url=_form_url(grid, plan),
    )
    return grid.render("admin/model/review.html", page=shown)


def happened_page(grid: Declaration, plan: Plan, happened: Mapping[str, str]) -> str:
    """Returns what is shown at the review's address once there is nothing left to press: what became of the plan."""
    shown = ReviewPage(
        heading=_HEADINGS[plan.verb](),
        words=plan.words,
        action=_action(grid, plan),
        return_url=way_back(grid),
        happened=happened,
    )
    return grid.render("admin/model/review.html", page=shown)


def _action(grid: Declaration, plan: Plan) -> str:
    if plan.verb == "undo":
        return grid.address("undo_view", id=plan.stored.undoes_id, url=way_back(grid))
    return grid.address("action_view", url=way_back(grid))


def _form_url(grid: Declaration, plan: Plan) -> str:
    if plan.verb != "update" or plan.stored.door != "bulk":
        return ""
    if plan.adds_to:
        return grid.address("add_view", plan=plan.token, to=plan.adds_to, url=way_back(grid))
    form = "cells_view" if plan.is_row_by_row else "choose_view"
    return grid.address(form, plan=plan.token, url=way_back(grid))


def _instead(grid: Declaration, plan: Plan) -> Instead | None:
    """Returns what the person may do with rows that cannot be deleted."""
    text, field = grid.instead
    if plan.verb != "delete" or not plan.refused or field not in grid.form_for(current_person()):
        return None
    one = plan.selection.get("ids") if plan.stored.door == "form" else None
    if one:
        edit = grid.address("edit_view", id=one, url=way_back(grid))
        return Instead(gettext(text), gettext("Edit this %(noun)s", noun=grid.noun(1)), edit)
    number = plan.will_change + plan.refused
    return (
        Instead(gettext(text), gettext("Edit %(rows)s", rows=grid.counted(number)))
        if grid.may(current_person(), Verb.BULK)
        else None
    )


def _buttons(plan: Plan, needed: str) -> list[Button]:
    if not plan.will_change:
        return []
    if needed:
        return [
            Button("ask", gettext("Ask for approval of %(number)s", number=reader.number(plan.will_change)), "primary")
        ]
    return [Button("apply", deed(plan), "danger" if plan.verb == "delete" else "primary"), Button("later", later())]


def _why(plan: Plan, error: str) -> Why:
    return Why(gettext("Why is it needed?"), request.form.get("why", plan.reason), error)
