"""One cell, saved in place by the rules of the form. Answers are JSON; the script shows them where the cell is."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from backoffice.core import operations
from backoffice.core.grid import formats, messages
from backoffice.core.grid.declaration import Declaration, grids
from backoffice.core.grid.doors import id_of, row_of, way_back
from backoffice.core.grid.editing import save
from backoffice.core.grid.forms import RecordForm, form_class
from backoffice.core.operations import Conflict, Operation
from backoffice.core.selection import Field, Kind
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext


def update(grid: Declaration) -> ResponseReturnValue:
    """Answers the saved cell and the row's new version; 422 with what is wrong, 409 with both versions of the value."""
    name, field = _field(grid)
    row_id = id_of(request.form.get("id") or request.form.get("list_form_pk") or "")
    columns = {name: field}
    form = _form(name, field)
    if not form.validate():
        return _wrong(" ".join(form[name].errors))
    try:
        operation = save(grid, row_id, {name: form.values()[name]}, "cell")
    except operations.Invalid as error:
        return _wrong(str(error))
    except operations.NeedsApproval as above:
        return _wrong(gettext("%(why)s Ask for it in the form of the row.", why=above))
    except Conflict as conflict:
        return _both(field, conflict), 409
    return _saved(grid, row_id, columns, operation)


def _field(grid: Declaration) -> tuple[str, Field]:
    name = request.form.get("field", "")
    field = grid.form_for(current_person()).get(name)
    if field is None:
        raise BadRequest(gettext("“%(name)s” is no field that you may change here.", name=name[:80]))
    return name, field


def _form(name: str, field: Field) -> RecordForm:
    """Returns the form of this one cell."""
    value = request.form.get("value", "")
    if field.kind is Kind.BOOLEAN and value not in ("true", "1", "yes", "on"):
        value = "false"
    return form_class({name: field})(MultiDict({name: value}))


def _wrong(message: str) -> ResponseReturnValue:
    return jsonify({"message": message}), 422


def _both(field: Field, conflict: Conflict) -> Any:
    theirs = next((difference.theirs for difference in conflict.differences), None)
    return jsonify(
        {
            "message": gettext(
                "Changed by %(person)s meanwhile: %(value)s", person=conflict.who, value=formats.in_text(field, theirs)
            ),
            "theirs": formats.in_text(field, theirs),
            "version": conflict.version,
        }
    )


def _saved(
    grid: Declaration, row_id: int, columns: dict[str, Field], operation: Operation | None
) -> ResponseReturnValue:
    row = row_of(grid, row_id, columns)
    (name, field), *_ = columns.items()
    message = messages.what_became("update", grid.counted(1), 1) if operation else gettext("It was so already")
    answer = {
        "html": formats.html([formats.formatters(current_person(), columns)[name](row)])[0],
        "value": formats.typed(name, field, row),
        "version": row["version"],
        "message": message,
    }
    if operation is not None and "operations" in grids():
        told = messages.told(message, operation, way_back(grid))
        answer |= {"notice": messages.drawn(told), "undo_url": told.get("undo_url")}
    return jsonify(answer)
