"""A field of a form is checked when it is left: the message that saving would show, as JSON, and nothing is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from backoffice.core import access
from backoffice.core.access import Verb
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import requested_id, row_of
from backoffice.core.grid.forms import RecordForm, form_class
from backoffice.core.grid.line_parts import parts_for, row_behind
from backoffice.core.operations.checking import wrong_fields
from backoffice.core.operations.rights import may_change
from backoffice.core.web.gate import current_person


def check(grid: Declaration) -> ResponseReturnValue:
    """Answers, for each `field` that the request names and the person's form has, what is wrong with it; "" for nothing."""
    person = current_person()
    row_id = requested_id() if "id" in request.args else None
    access.require(person, Verb.CREATE if row_id is None else Verb.EDIT, grid.model)
    fields = grid.create_form_for(person) if row_id is None else grid.form_for(person)
    if row_id is not None:
        row_of(grid, row_id, {})
        if not may_change(person, grid.model, row_id):
            abort(403)
    form = form_class(fields)(request.form)
    return jsonify(dict([*_told(grid.model, form, row_id), *_told_of_lines(grid, row_id)]))


def _told_of_lines(grid: Declaration, row_id: int | None) -> Iterator[tuple[str, str]]:
    """Yields the same for fields of lines: of new ones as far as it is known what they belong to."""
    if not any("-" in name for name in request.form.getlist("field")):
        return
    parts = parts_for(grid, row_id)
    row = row_behind(grid, parts, row_id) if row_id is not None else {}
    for part in parts:
        for box in part.boxes:
            belongs = {} if box.id or row_id is None else {part.by: row_id, **part.alike(row)}
            yield from _told(part.other.model, box.form, box.id, belongs)


def _told(
    model: type[Any], form: RecordForm, row_id: int | None, beside: Mapping[str, Any] | None = None
) -> Iterator[tuple[str, str]]:
    """Yields the names of the controls that the request asks about with what is wrong. `beside` is what the form does not hold."""
    asked = {field: form[field].name for field in form.catalog if form[field].name in request.form.getlist("field")}
    if not asked:
        return
    form.validate()
    unread = {field: " ".join(form[field].errors) for field in form.catalog if form[field].errors}
    given = {**(beside or {}), **{field: value for field, value in form.values().items() if field not in unread}}
    wrong = wrong_fields(model, given, [field for field in asked if field in given], current_person(), row_id)
    told = unread | wrong
    yield from ((name, told.get(field, "")) for field, name in asked.items())
