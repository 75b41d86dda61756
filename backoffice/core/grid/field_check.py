"""A field of a form is checked when it is left: the message that saving would show, as JSON, and nothing is saved."""

from __future__ import annotations

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from backoffice.core import access
from backoffice.core.access import Verb
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import requested_id, row_of
from backoffice.core.grid.forms import form_class
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
    form.validate()
    found = {name: "" for name in request.form.getlist("field") if name in fields}
    unread = {name: " ".join(form[name].errors) for name in fields if form[name].errors}
    given = {name: value for name, value in form.values().items() if name not in unread}
    wrong = wrong_fields(grid.model, given, [name for name in found if name in given], person, row_id)
    return jsonify(found | {name: text for name, text in (unread | wrong).items() if name in found})
