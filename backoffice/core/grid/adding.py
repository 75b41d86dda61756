"""Bulk add: a new row of another grid for each of many rows. What they share is typed once, the rest is taken from each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue

from backoffice.core import access, operations
from backoffice.core.access import Person, Verb
from backoffice.core.grid import review
from backoffice.core.grid.bulk import BulkPage, Sent, reason_of
from backoffice.core.grid.catalog import fillable_at
from backoffice.core.grid.choosing import rows_of
from backoffice.core.grid.declaration import Declaration, grid_of
from backoffice.core.grid.doors import reviewed_plan, way_back
from backoffice.core.grid.forms import RecordForm, form_class, start
from backoffice.core.once import once
from backoffice.core.operations import Addition
from backoffice.core.operations.additions import leading_back
from backoffice.core.selection import Field, Selection, fields_of
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext, inside

PREFIX = "new-"
BEGIN, REVIEW = "add", "added"  # actions; the collection's name follows


@dataclass(frozen=True)
class Part:
    """New rows of a collection: the grid that they are of, what is asked of them, and what each takes from its row."""

    name: str
    other: Declaration
    asked: Mapping[str, Field]
    taken: Mapping[str, str]

    @property
    def form(self) -> type[RecordForm]:
        """The form of what is asked. Its controls are named as paths, so that the grid's lookup knows whose they are."""
        return form_class({f"{self.name}.{name}": field for name, field in self.asked.items()})

    @property
    def begun(self) -> dict[str, str]:
        """What new rows begin with, by field."""
        return {name: begin() for name, begin in self.other.starts.items() if name not in self.taken}


@dataclass(frozen=True)
class AddPage(BulkPage):
    """What admin/model/add.html shows; `taken` says what each new row takes from the row that gets it."""

    taken: str


def offered(person: Person, grid: Declaration) -> tuple[tuple[str, str], ...]:
    """Returns (action, noun) of the new rows that `person` may add to many rows of the grid: ("add:payments", "payments")."""
    return tuple((f"{BEGIN}:{part.name}", part.other.noun(2)) for part in _parts(person, grid))


@once
def _parts(person: Person, grid: Declaration) -> tuple[Part, ...]:
    found = (part_of(person, grid, name) for name in grid.each_gets)
    return tuple(part for part in found if part)


def part_of(person: Person, grid: Declaration, name: str) -> Part | None:
    """Returns what the grid declares of new rows of a collection, if `person` may add them to many rows."""
    collection = fields_of(grid.model)[name] if name in grid.each_gets else None
    other = grid_of(collection.target) if collection is not None and collection.target else None
    if collection is None or other is None:
        return None
    own = leading_back(collection).name
    taken, asked = other.follows.get(own, {}), grid.each_gets[name]
    fillable = fillable_at(person, other.model, (own, *taken, *asked))
    may = grid.may(person, Verb.EDIT, Verb.BULK) and other.may(person, Verb.CREATE, Verb.BULK)
    if not may or not fillable.keys() >= {own, *taken}:
        return None
    return Part(name, other, {field: fillable[field] for field in asked if field in fillable}, taken)


def show(grid: Declaration) -> ResponseReturnValue:
    """Answers the form, with what was typed into it before."""
    access.require(current_person(), Verb.EDIT, grid.model)
    plan, part = reviewed_plan(grid), part_of(current_person(), grid, request.args.get("to", ""))
    if part is None or plan.verb != "update":
        abort(404)
    sent = Sent(plan.form)
    typed = any(name.startswith(PREFIX) for name in sent)
    form = part.form(sent, prefix=PREFIX) if typed else _prefilled(part)
    return _page(grid, part, rows_of(plan), form, sent, plan.token)


def begin(grid: Declaration, selection: Selection, name: str) -> ResponseReturnValue:
    """Leads to the form, which has an address: who comes back to it from a review finds what they typed."""
    _require(grid, name)
    plan = operations.draft_edit(selection, current_person())
    return redirect(grid.address("add_view", plan=plan.token, to=name, url=way_back(grid)), 303)


def review_added(grid: Declaration, selection: Selection, name: str) -> ResponseReturnValue:
    """Leads to what would be added; what cannot be is shown at its field instead, as a 422."""
    part, sent, earlier = _require(grid, name), Sent(request.form), reviewed_plan(grid)
    form = part.form(request.form, prefix=PREFIX)
    if not form.validate():
        return _page(grid, part, selection, form, sent, earlier.token), 422
    values = {path.partition(".")[2]: value for path, value in form.values().items()}
    addition = Addition(
        {**values, **{field: value for field, value in part.begun.items() if field not in part.asked}}, part.taken
    )
    typed = [(key, value) for key, value in request.form.items(multi=True) if key.startswith((PREFIX, "reason"))]
    try:
        plan = operations.plan_edit(selection, {name: addition}, current_person(), reason=reason_of(sent), form=typed)
    except operations.Invalid as error:
        named = {f"{name}.{key}" if key in part.asked else key: text for key, text in error.errors.items()}
        return _page(grid, part, selection, form, sent, earlier.token, form.refuse(named)), 422
    operations.retype(earlier, typed)
    return review.lead_to(grid, plan)


def _require(grid: Declaration, name: str) -> Part:
    return part_of(current_person(), grid, name) or abort(403)


def _prefilled(part: Part) -> RecordForm:
    """Returns the form with the model's defaults and what new rows of the other grid begin with."""
    form = part.form(prefix=PREFIX, data=start({f"{part.name}.{name}": field for name, field in part.asked.items()}))
    for name, value in part.begun.items():
        if name in part.asked:
            form[f"{part.name}.{name}"].process_formdata([value])
    return form


def _page(
    grid: Declaration,
    part: Part,
    rows: Selection,
    form: RecordForm,
    sent: Sent,
    plan: str,
    problems: Sequence[str] = (),
) -> str:
    back, count = way_back(grid), rows.count()
    page = AddPage(
        heading=gettext("Add %(new)s to %(rows)s", new=part.other.noun(2), rows=grid.counted(count.number)),
        words=rows.title(count),
        taken=_taken_words(grid, part),
        action=grid.address("action_view", url=back),
        button=f"{REVIEW}:{part.name}",
        return_url=back,
        lookup_url=grid.address("ajax_lookup"),
        hidden=[("plan", plan)],
        reason=reason_of(sent),
        problems=problems,
    )
    return grid.render("admin/model/add.html", page=page, form=form)


def _taken_words(grid: Declaration, part: Part) -> str:
    """Returns what a new row takes from the row that gets it: "student, currency, amount (balance)"."""
    mine, theirs = fields_of(part.other.model), fields_of(grid.model)
    labels = [(inside(mine[name].label), inside(theirs[of].label)) for name, of in part.taken.items()]
    what = ", ".join(label if label == of else f"{label} ({of})" for label, of in labels)
    return gettext("Taken from each %(row)s: %(what)s.", row=grid.noun(1), what=what) if what else ""
