"""On the review of a deletion: give what hangs on the rows another row, instead of leaving the rows in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import MultiDict

from backoffice.core.grid.declaration import grid_of
from backoffice.core.grid.forms import RecordForm, form_class
from backoffice.core.grid.pickers import noun
from backoffice.core.operations import Move, Plan, moves, moving
from backoffice.core.selection import Selection
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext, inside

PREFIX = "move-"


@dataclass(frozen=True)
class MoveForm:
    """A picker for the row that rows of another kind are given instead."""

    text: str
    button: str
    lookup_url: str
    form: RecordForm
    hidden: Sequence[tuple[str, str]]


def asked(selection: Selection) -> tuple[dict[str, int], bool]:
    """Returns which rows get which row instead, by foreign key, and whether every row that was typed is one."""
    forms = [(move, _form(move, request.form)) for move in moves(selection.model, current_person(), "bulk")]
    typed = [(move, form) for move, form in forms if form[move.field.name].typed]
    valid = [(move, form) for move, form in typed if form.validate()]
    return {move.name: form[move.field.name].data for move, form in valid}, len(valid) == len(typed)


def typed() -> list[tuple[str, str]]:
    """Returns what was typed into the pickers; the plan keeps it."""
    return [(name, value) for name, value in request.form.items() if name.startswith(PREFIX) and value.strip()]


def offered(plan: Plan) -> list[MoveForm]:
    """Returns the pickers of a deletion's review, with what was typed into them."""
    if plan.verb != "delete":
        return []
    return [_offer(move, rows, plan) for move, rows in moving(plan)]


def _offer(move: Move, rows: str, plan: Plan) -> MoveForm:
    form = _form(move, MultiDict(plan.form))
    control = form[move.field.name]
    grid = grid_of(move.model)
    if control.typed:
        form.validate()
    return MoveForm(
        text=gettext(
            "%(rows)s (%(field)s) can be moved to another %(noun)s first, in the same operation.",
            rows=rows,
            field=inside(move.field.label),
            noun=noun(move.field, 1),
        ),
        button=gettext("Move and review again"),
        lookup_url=grid.address("ajax_lookup") if grid else "",
        form=form,
        hidden=[("plan", plan.token), *(pair for pair in plan.form if pair[0] != control.name)],
    )


def _form(move: Move, sent: MultiDict[str, str]) -> RecordForm:
    """Returns a form of one picker; its box is "move-invoice.bill_to"."""
    prefix = f"{PREFIX}{move.reference.child.name}."
    return form_class({move.field.name: move.field}, partial=True)(sent, prefix=prefix)
