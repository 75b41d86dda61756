"""The form for a new row."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, request
from flask.typing import ResponseReturnValue

from backoffice.core import operations
from backoffice.core.grid import line_parts, messages
from backoffice.core.grid.copying import copied
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import way_back
from backoffice.core.grid.forms import RecordForm, form_class, required
from backoffice.core.grid.lines import LinesPart
from backoffice.core.grid.once import new_token, only_once
from backoffice.core.grid.saving import FormPage, parts_of, prefilled, sent
from backoffice.core.operations import Operation
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext
from backoffice.extensions import db


def create(grid: Declaration) -> ResponseReturnValue:
    """Shows the empty form, or makes the row and returns to the list. What is wrong is shown at its field, as a 422."""
    fields, lines = grid.create_form_for(current_person()), line_parts.parts_for(grid, None)
    if request.method == "GET":
        name, like = copied(grid, fields)
        return _page(grid, prefilled(grid, form_class(fields), fields, like), lines, [], name)
    form = form_class(fields)(sent(fields))
    if line_parts.acted(lines):
        return _page(grid, form, lines, [])
    if not all([form.validate(), *(part.validate() for part in lines)]):
        return _page(grid, form, lines, []), 422
    try:
        made, new = only_once(request.form.get("form_token", ""), lambda: _make(grid, form, lines))
    except operations.Invalid as error:
        return _page(grid, form, lines, form.refuse(error.errors) + line_parts.refuse(lines, error)), 422
    return _after(grid, made, new)


def _make(grid: Declaration, form: RecordForm, lines: Sequence[LinesPart]) -> int:
    given = {name: None for name, field in form.catalog.items() if required(field)} | form.values()
    meant = line_parts.meant(lines, given)
    record = operations.create_with_lines(grid.model, given, meant, current_person(), "form")
    return int(record.id)


def _after(grid: Declaration, made: int, new: bool) -> ResponseReturnValue:
    back = way_back(grid)
    row = db.session.get(grid.model, made)
    operation = db.session.get(Operation, row.version) if row is not None else None
    if operation is not None:
        told = gettext("%(row)s created") if new else gettext("%(row)s was already created")
        messages.done(told % {"row": grid.counted(1)}, operation, back)
    if "_add_another" in request.form:
        return redirect(grid.address("create_view", **_said(grid), url=back))
    return redirect(back if row is None else grid.made_address(made, back))


def _page(grid: Declaration, form: RecordForm, lines: Sequence[LinesPart], problems: list[str], like: str = "") -> str:
    back, said = way_back(grid), _said(grid)
    page = FormPage(
        heading=gettext("New %(noun)s", noun=grid.noun(1)),
        action=grid.address("create_view", **said, url=back),
        return_url=back,
        lookup_url=grid.address("ajax_lookup"),
        check_url=grid.address("check_view"),
        parts=parts_of(grid, form),
        lines=lines,
        is_begun=request.method == "POST",
        hidden=[("form_token", request.form.get("form_token") or new_token())],
        problems=problems,
        note=gettext("Filled in from %(row)s. Nothing is saved before you save it.", row=like) if like else "",
        can_add_another=True,
        focus=next((name for name in form.catalog if said and name not in said), ""),
    )
    return grid.render("admin/model/create.html", page=page, form=form)


def _said(grid: Declaration) -> dict[str, str]:
    """Returns the fields that the address speaks of, as where "New" stands beside a related row: another new row has them too."""
    fields = grid.create_form_for(current_person())
    return {name: said for name, said in request.args.items() if name in fields}
