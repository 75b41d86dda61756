"""The form of an existing row, and what two people who changed it at once are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from backoffice.core import operations
from backoffice.core.grid import formats, messages, neighbours
from backoffice.core.grid.catalog import label_name
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import list_left, one, requested_id, review_address, row_of, way_back
from backoffice.core.grid.forms import RecordForm, filled, form_class
from backoffice.core.grid.neighbours import NOBODY, Beside
from backoffice.core.grid.saving import FormPage, parts_of
from backoffice.core.operations import Conflict, Operation, Plan
from backoffice.core.selection import Field
from backoffice.core.text import whole_number
from backoffice.core.web.gate import current_person

GO_ON = "_next"  # the button that saves and opens the next row of the list


@dataclass(frozen=True)
class Version:
    """One field of a conflict, as text."""

    field: str
    label: str
    base: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class ConflictPage:
    """What admin/model/conflict.html shows."""

    heading: str
    who: str
    when: str
    action: str
    theirs_url: str
    return_url: str
    hidden: Sequence[tuple[str, str]]
    rows: Sequence[Version]


class Above(operations.NeedsApproval):
    """One row alone is above a policy; `plan` is what would become of it, for which approval can be asked."""

    def __init__(self, why: str, plan: Plan) -> None:
        super().__init__(why)
        self.plan = plan


def edit(grid: Declaration) -> ResponseReturnValue:
    """Shows the form, or saves it and returns to the list. A refusal is a 422 and a conflict a 409; what was typed stays."""
    row_id = requested_id()
    fields = grid.form_for(current_person())
    row = row_of(grid, row_id, fields)
    if request.method == "GET":
        return _page(grid, row, filled(form_class(fields), row), [])
    form = form_class(fields)(request.form)
    if not form.validate():
        return _page(grid, row, form, []), 422
    beside = _beside(grid, row_id) if GO_ON in request.form else NOBODY  # a saved row may stand elsewhere in the list
    try:
        wanted = _changed(_wanted(form.values()), filled(form_class(fields), row).held())
        operation = save(grid, row_id, wanted, "form") if wanted else None
    except operations.Invalid as error:
        return _page(grid, row, form, form.refuse(error.errors)), 422
    except Conflict as conflict:
        return _conflict_page(grid, row, conflict), 409
    except Above as above:
        return redirect(review_address(above.plan, way_back(grid)), 303)
    return _after(grid, operation, beside)


def save(grid: Declaration, row_id: int, values: Mapping[str, Any], door: str) -> Operation | None:
    """Writes `values` into one row and returns the operation; None where the row is so already.

    Raises operations.Invalid with a message per field, Conflict where somebody changed the same fields since the row had
    the version that the request names, Above where a second person has to approve it.
    """
    person, row, seen = current_person(), one(grid, row_id), _seen_version()
    try:
        return operations.edit_at_once(row, values, person, door=door, seen_version=seen)
    except operations.NeedsApproval as error:
        plan = operations.plan_edit(row, values, person, door=door, seen_version=seen)
        raise Above(str(error), plan) from error


def _seen_version() -> int | None:
    return whole_number(request.form.get("version", ""))


def _wanted(values: dict[str, Any]) -> dict[str, Any]:
    """Returns the values to save: after a conflict, only those disputed fields of which the person keeps their own."""
    disputed, mine = set(request.form.getlist("disputed")), set(request.form.getlist("mine"))
    return {name: value for name, value in values.items() if name not in disputed or name in mine}


def _changed(values: dict[str, Any], shown: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values that are not in the row already, so that an operation says what somebody changed, and no more."""
    return {name: value for name, value in values.items() if value != shown[name]}


def _beside(grid: Declaration, row_id: int) -> Beside:
    """Returns what is beside this row in the list that the person came from, with the forms."""
    return neighbours.beside(grid, current_person(), row_id, list_left(grid), "edit_view")


def _after(grid: Declaration, operation: Operation | None, beside: Beside) -> ResponseReturnValue:
    back = way_back(grid)
    if operation is None:
        messages.note("Nothing was changed: the row is so already.")
    else:
        messages.done(f"{grid.counted(1)} changed", operation, back)
    if GO_ON in request.form and beside.next is None:
        messages.note(beside.problem or "That was the last row of the list.")
    return redirect(beside.next.url if beside.next else back)


def _page(grid: Declaration, row: dict[str, Any], form: RecordForm, problems: list[str]) -> str:
    back, beside = way_back(grid), _beside(grid, row["id"])
    page = FormPage(
        heading=f"Edit {_name(grid, row)}",
        action=grid.address("edit_view", id=row["id"], url=list_left(grid)),
        return_url=back,
        lookup_url=grid.address("ajax_lookup"),
        parts=parts_of(grid, form),
        hidden=[("version", request.form.get("version") or str(row["version"]))],
        problems=problems,
        next=beside.next,
        is_last=beside.next is None and not beside.problem and neighbours.is_list(grid, list_left(grid)),
    )
    return grid.render("admin/model/edit.html", page=page, form=form)


def _name(grid: Declaration, row: dict[str, Any]) -> str:
    return str(row.get(label_name(current_person(), grid.model)) or row["id"])


def _conflict_page(grid: Declaration, row: dict[str, Any], conflict: Conflict) -> str:
    back = way_back(grid)
    fields = grid.form_for(current_person())
    given_up = set(request.form.getlist("disputed")) - set(request.form.getlist("mine"))
    own = (conflict.mine & fields.keys()) - given_up  # what the person left alone may be theirs by now
    kept = [(name, value) for name, value in request.form.items(multi=True) if name in own]
    disputed = [("disputed", difference.field) for difference in conflict.differences]
    going_on = [(GO_ON, "1")] if GO_ON in request.form else []
    page = ConflictPage(
        heading=f"Edit {_name(grid, row)}",
        who=conflict.who,
        when=f"They saved on {formats.instant(conflict.when)}.",
        action=grid.address("edit_view", id=row["id"], url=list_left(grid)),
        theirs_url=grid.address("edit_view", id=row["id"], url=back),
        return_url=back,
        hidden=[*kept, *disputed, *going_on, ("version", str(conflict.version))],
        rows=[_version(fields.get(difference.field), difference) for difference in conflict.differences],
    )
    return grid.render("admin/model/conflict.html", page=page)


def _version(field: Field | None, difference: operations.Difference) -> Version:
    values = (difference.base, difference.theirs, difference.mine)
    base, theirs, mine = (str(value) if field is None else formats.in_text(field, value) for value in values)
    return Version(difference.field, difference.label, base, theirs, mine)
