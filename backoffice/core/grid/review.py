"""What a plan would do, before it does anything; then doing it; and what is said if the rows moved in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue

from backoffice.core import access, jobs, operations
from backoffice.core.access import Verb
from backoffice.core.grid import basket, formats, job_pages, messages, moved, refused
from backoffice.core.grid.choosing import hidden_fields
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import reviewed_plan, way_back
from backoffice.core.operations import Dependent, Operation, Plan, PlanMoved, Sample
from backoffice.core.selection import Selection
from backoffice.core.web.gate import current_person

CONFIRMED_ABOVE = 100  # rows; more than these are deleted only with a typed count
_ALONG = {"delete": "will be deleted as well", "update": "will lose their link", "create": "will come back as well"}
NEEDS = {"update": (Verb.EDIT, Verb.BULK), "delete": (Verb.DELETE,)}


@dataclass(frozen=True)
class Instead:
    """What to do where rows cannot be deleted: a sentence, and the form to do it with (of one row at `url`, of many by POST)."""

    text: str
    button: str
    url: str = ""


@dataclass(frozen=True)
class ReviewPage:
    """What admin/model/review.html shows."""

    heading: str
    words: str
    action: str
    return_url: str
    hidden: Sequence[tuple[str, str]]
    tally: Sequence[tuple[str, str]]
    button: str
    dangerous: bool
    dependents: Sequence[tuple[str, str]]
    refusals: Sequence[Sequence[str]]
    samples_title: str
    sample_columns: Sequence[str]
    samples: Sequence[Sequence[str]]
    instead: Instead | None = None
    problems: Sequence[str] = ()
    typed_count: str = ""
    typed: str = ""
    typed_error: str = ""


def page(
    grid: Declaration,
    plan: Plan,
    hidden: Sequence[tuple[str, str]],
    typed_error: str = "",
    problems: Sequence[str] = (),
) -> str:
    """Returns the review of `plan`; `hidden` is what another review would be made from."""
    deletes = plan.verb == "delete"
    does = f"{plan.will_change:,} will {'be deleted' if deletes else 'change'}"
    shown = ReviewPage(
        heading="Review the deletion" if deletes else "Review the change",
        words=plan.words,
        action=grid.address("action_view", url=way_back(grid)),
        return_url=way_back(grid),
        hidden=[*hidden, ("plan", plan.token)],
        tally=_tally(plan, does),
        button=_button(plan),
        dangerous=deletes,
        dependents=[_dependent(dependent) for dependent in plan.dependents],
        refusals=refused.groups(plan),
        samples_title="For example",
        sample_columns=(grid.noun(1).capitalize(), *(() if deletes else ("Before", "After"))),
        samples=[row[:1] if deletes else row for row in samples(plan)],
        instead=_instead(grid, plan, hidden),
        problems=problems,
        typed_count=_typed_count(plan),
        typed=request.form.get("typed", ""),
        typed_error=typed_error,
    )
    return grid.render("admin/model/review.html", page=shown)


def _instead(grid: Declaration, plan: Plan, hidden: Sequence[tuple[str, str]]) -> Instead | None:
    """Returns what the person may do with rows that cannot be deleted."""
    text, field = grid.instead
    if plan.verb != "delete" or not plan.refused or field not in grid.form_for(current_person()):
        return None
    one = dict(hidden).get("id")
    if one:
        return Instead(text, f"Edit this {grid.noun(1)}", grid.address("edit_view", id=one, url=way_back(grid)))
    number = plan.will_change + plan.refused
    return Instead(text, f"Edit {grid.counted(number)}") if grid.may(current_person(), Verb.BULK) else None


def undo_page(grid: Declaration, plan: Plan, operation_id: int) -> str:
    """Returns the review of an undo that cannot take back everything."""
    shown = ReviewPage(
        heading="Review the undo",
        words=plan.words,
        action=grid.address("undo_view", id=operation_id, url=way_back(grid)),
        return_url=way_back(grid),
        hidden=[("plan", plan.token)],
        tally=[("change", f"{plan.will_change:,} will change"), ("refused", f"{plan.refused:,} refused")],
        button=f"Undo for {plan.will_change:,}" if plan.will_change else "",
        dangerous=False,
        dependents=[_dependent(dependent) for dependent in plan.dependents],
        refusals=refused.groups(plan, leave=False),
        samples_title="For example",
        sample_columns=("Row", "Now", "After the undo"),
        samples=samples(plan),
    )
    return grid.render("admin/model/review.html", page=shown)


def _tally(plan: Plan, does: str) -> list[tuple[str, str]]:
    tally = [("change", does)]
    if plan.verb != "delete":
        tally.append(("same", f"{plan.already_so:,} already so"))
    return [*tally, ("refused", f"{plan.refused:,} refused")]


def _button(plan: Plan) -> str:
    if not plan.will_change:
        return ""
    return f"{'Delete' if plan.verb == 'delete' else 'Apply to'} {plan.will_change:,}"


def _typed_count(plan: Plan) -> str:
    if plan.verb != "delete" or not plan.will_change:
        return ""
    return str(plan.will_change) if plan.will_change > CONFIRMED_ABOVE or plan.dependents else ""


def _dependent(dependent: Dependent) -> tuple[str, str]:
    """Returns what becomes of rows of another kind, and how many they are."""
    return f"{dependent.label} {_ALONG.get(dependent.action, dependent.action)}", f"{dependent.count:,}"


def samples(plan: Plan) -> list[list[str]]:
    """Returns the sample rows as text: the row, before, after."""
    return [[str(sample.ref), _side(sample, "before"), _side(sample, "after")] for sample in plan.samples]


def _side(sample: Sample, side: str) -> str:
    told = ((change.label, formats.in_text(change.field, getattr(change, side))) for change in sample.changes)
    return "; ".join(f"{label}: {text}" for label, text in told)


def apply(grid: Declaration) -> ResponseReturnValue:
    """Does what the reviewed plan says and returns to the list; nothing, if the rows moved or the count was not confirmed."""
    plan = reviewed_plan()
    _require(grid, plan)
    expected = _typed_count(plan)
    if expected and request.form.get("typed", "").replace(",", "").strip() != expected:
        return page(grid, plan, _kept(), f"Type {expected} to confirm that this many rows will be deleted."), 422
    return _apply(grid, plan, _kept())


def apply_to_rest(grid: Declaration) -> ResponseReturnValue:
    """Does it to the rows that are still as the review showed them; asks first where a count must be typed."""
    plan = reviewed_plan()
    _require(grid, plan)
    try:
        rest = operations.rest_of(plan, current_person())
    except PlanMoved as difference:
        return moved.page(grid, plan, difference, _kept()), 409
    kept = _meaning(grid, rest)
    return page(grid, rest, kept) if _typed_count(rest) else _apply(grid, rest, kept)


def leave_out(grid: Declaration, rule: str) -> ResponseReturnValue:
    """Shows the review of the same without the rows that `rule` refuses."""
    plan = reviewed_plan()
    _require(grid, plan)
    smaller = operations.without_refused(plan, rule, current_person())
    return page(grid, smaller, _meaning(grid, smaller))


def _require(grid: Declaration, plan: Plan) -> None:
    if plan.verb not in NEEDS or plan.model is not grid.model:
        abort(404)
    for verb in NEEDS[plan.verb]:
        access.require(current_person(), verb, grid.model)


def _apply(grid: Declaration, plan: Plan, kept: list[tuple[str, str]]) -> ResponseReturnValue:
    try:
        if jobs.is_long(plan):
            answer = job_pages.begin(plan)
            basket.done_with(grid, plan.token)
            return answer
        operation = operations.apply(plan, current_person())
    except operations.AlreadyApplied as already:
        messages.done_before(already.operation, way_back(grid))
        return redirect(way_back(grid))
    except PlanMoved as difference:
        return moved.page(grid, plan, difference, kept), 409
    except operations.Invalid as error:
        return page(grid, plan, kept, problems=tuple(error.errors.values())), 422
    return _after(grid, plan, operation)


def _kept() -> list[tuple[str, str]]:
    """Returns the hidden fields of the review: what another review would be made from."""
    passing = {"csrf_token", "plan", "typed", "action"}
    return [(name, value) for name, value in request.form.items(multi=True) if name not in passing]


def _meaning(grid: Declaration, plan: Plan) -> list[tuple[str, str]]:
    """Returns the hidden fields of the review of a plan that was made from another one: its rows, and what is done."""
    about = {"all", "ids", "rowid", "shown", "shown_all", "search", "sort", "desc", "without"}
    selection = Selection.from_args(grid.model, current_person(), plan.selection)
    kept = [(name, value) for name, value in _kept() if name not in about and not name.startswith("flt")]
    return [*hidden_fields(selection), *kept]


def _after(grid: Declaration, plan: Plan, operation: Operation) -> ResponseReturnValue:
    back = way_back(grid)
    done = "deleted" if plan.verb == "delete" else "changed"
    messages.done(f"{grid.counted(plan.will_change)} {done}", operation, back)
    basket.done_with(grid, plan.token)
    return redirect(back)
