"""The form of an existing row, and what two people who changed it at once are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from backoffice.core import operations, reader
from backoffice.core.grid import formats, line_parts, messages, neighbours
from backoffice.core.grid.catalog import label_name
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import (
    back_at,
    given_up,
    is_list,
    list_left,
    one,
    requested_id,
    review_address,
    row_of,
    undisputed,
    way_back,
)
from backoffice.core.grid.forms import RecordForm, changed, data_of, filled, form_class
from backoffice.core.grid.line_boxes import LineBox
from backoffice.core.grid.lines import LinesPart
from backoffice.core.grid.neighbours import NOBODY, Beside
from backoffice.core.grid.saving import FormPage, parts_of
from backoffice.core.operations import Conflict, Lines, Operation, Plan
from backoffice.core.selection import Field
from backoffice.core.text import whole_number
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext

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
    row, lines = row_of(grid, row_id, fields), line_parts.parts_for(grid, row_id)
    shown = filled(form_class(fields), row)
    if request.method == "GET":
        return _page(grid, row, shown, lines, [])
    form = type(shown)(request.form, data=data_of(fields, row))
    if line_parts.acted(lines):
        return _page(grid, row, form, lines, [])
    if not all([form.validate(), *(part.validate() for part in lines)]):
        return _page(grid, row, form, lines, []), 422
    beside = _beside(grid, row_id) if GO_ON in request.form else NOBODY  # a saved row may stand elsewhere in the list
    try:
        wanted = changed(undisputed(form.values()), shown.held())
        meant = line_parts.meant(lines, line_parts.row_behind(grid, lines, row_id))
        operation = save(grid, row_id, wanted, "form", meant) if wanted or meant else None
    except operations.Invalid as error:
        return _page(grid, row, form, lines, form.refuse(error.errors) + line_parts.refuse(lines, error)), 422
    except Conflict as conflict:
        return _conflict_page(grid, row, conflict, lines), 409
    except Above as above:
        return redirect(review_address(above.plan, way_back(grid)), 303)
    return _after(grid, operation, beside, back_at(grid, row_id))


def save(
    grid: Declaration, row_id: int, values: Mapping[str, Any], door: str, lines: Sequence[Lines] = ()
) -> Operation | None:
    """Writes `values` into one row, and its lines, and returns the operation; None where all is so already.

    Raises operations.Invalid with a message per field, Conflict where somebody changed the same fields since the row had
    the version that the request names, Above where a second person has to approve it.
    """
    person, row, seen = current_person(), one(grid, row_id), _seen_version()
    try:
        if lines:
            return operations.edit_with_lines(row, values, lines, person, door=door, seen_version=seen)
        return operations.edit_at_once(row, values, person, door=door, seen_version=seen)
    except operations.NeedsApproval as error:
        plan = operations.plan_edit(row, values, person, door=door, seen_version=seen)
        raise Above(str(error), plan) from error


def _seen_version() -> int | None:
    return whole_number(request.form.get("version", ""))


def _beside(grid: Declaration, row_id: int) -> Beside:
    """Returns what is beside this row in the list that the person came from, with the forms."""
    return neighbours.beside(grid, current_person(), row_id, list_left(grid), "edit_view")


def _after(grid: Declaration, operation: Operation | None, beside: Beside, back: str) -> ResponseReturnValue:
    if operation is None:
        messages.note(gettext("Nothing was changed: the row is so already."))
    else:
        messages.done(messages.what_became("update", grid.counted(1), 1), operation, back)
    if GO_ON in request.form and beside.next is None:
        messages.note(beside.problem or gettext("That was the last row of the list."))
    return redirect(beside.next.url if beside.next else back)


def _page(
    grid: Declaration, row: dict[str, Any], form: RecordForm, lines: Sequence[LinesPart], problems: list[str]
) -> str:
    beside = _beside(grid, row["id"])
    page = FormPage(
        heading=gettext("Edit %(name)s", name=_name(grid, row)),
        action=grid.address("edit_view", id=row["id"], url=list_left(grid)),
        return_url=back_at(grid, row["id"]),
        lookup_url=grid.address("ajax_lookup"),
        check_url=grid.address("check_view", id=row["id"]),
        parts=parts_of(grid, form),
        lines=lines,
        is_begun=request.method == "POST",
        hidden=[("version", request.form.get("version") or str(row["version"]))],
        problems=problems,
        next=beside.next,
        is_last=beside.next is None and not beside.problem and is_list(grid, list_left(grid)),
    )
    return grid.render("admin/model/edit.html", page=page, form=form)


def _name(grid: Declaration, row: dict[str, Any]) -> str:
    return str(row.get(label_name(current_person(), grid.model)) or row["id"])


def _conflict_page(grid: Declaration, row: dict[str, Any], conflict: Conflict, lines: Sequence[LinesPart]) -> str:
    back = way_back(grid)
    part = next((part for part in lines if conflict.line is not None and part.box_of(conflict.line)), None)
    box = part.box_of(conflict.line) if part else None
    fields = box.form.catalog if box else grid.form_for(current_person())
    page = ConflictPage(
        heading=gettext("Edit %(name)s", name=_name(grid, row)),
        who=conflict.who,
        when=gettext("They saved on %(when)s.", when=reader.moment(conflict.when)),
        action=grid.address("edit_view", id=row["id"], url=list_left(grid)),
        theirs_url=grid.address("edit_view", id=row["id"], url=back),
        return_url=back,
        hidden=_as_sent(grid, row, conflict, lines, box),
        rows=[
            _version(
                fields.get(each.field),
                each,
                box.prefix if box else "",
                f"{part.name_of(box)}, " if part and box else "",
            )
            for each in conflict.differences
        ],
    )
    return grid.render("admin/model/conflict.html", page=page)


def _as_sent(
    grid: Declaration, row: dict[str, Any], conflict: Conflict, lines: Sequence[LinesPart], box: LineBox | None
) -> list[tuple[str, str]]:
    """Returns what was typed, to be sent again: of the row or the line that is disputed, what the person changed; what they left
    alone may be theirs by now."""
    fields = grid.form_for(current_person()).keys()
    mine = (fields if box else conflict.mine & fields) - given_up()
    return [
        *((name, value) for name, value in request.form.items(multi=True) if name in mine),
        *(pair for part in lines for pair in part.as_sent(box, conflict)),
        *(("disputed", (box.prefix if box else "") + difference.field) for difference in conflict.differences),
        *([(GO_ON, "1")] if GO_ON in request.form else []),
        ("version", str((_seen_version() or row["version"]) if box else conflict.version)),
    ]


def _version(field: Field | None, difference: operations.Difference, prefix: str, about: str) -> Version:
    values = (difference.base, difference.theirs, difference.mine)
    base, theirs, mine = (str(value) if field is None else formats.in_text(field, value) for value in values)
    return Version(prefix + difference.field, about + difference.label, base, theirs, mine)
