"""A selection as a file: the rows and columns that the person sees, streamed, and recorded before the first byte."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from backoffice.core import operations, reader
from backoffice.core.access import Person
from backoffice.core.clock import utcnow
from backoffice.core.exchange import FORMATS, Format, file_name, with_currencies, write_csv
from backoffice.core.grid.columns import chosen_columns
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.looks import resolved
from backoffice.core.grid.state import ONES, read_selection
from backoffice.core.selection import Selection, visible_fields
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext


def export(grid: Declaration, export_type: str) -> ResponseReturnValue:
    """Answers the file of all rows that the address means."""
    args, _ = resolved(grid.model, current_person(), request.args)
    return file_of(grid, read_selection(grid, args), export_type, args)


def file_of(grid: Declaration, selection: Selection, export_type: str, args: Any) -> ResponseReturnValue:
    """Answers the file of `selection`; `args` may choose `columns` and, for Excel's sake, `bom`."""
    form = FORMATS.get(export_type)
    if form is None:
        abort(404)
    person = current_person()
    columns = with_currencies(
        chosen_columns(grid, person, args.get("columns") or ""), visible_fields(person, grid.model)
    )
    record_export(person, "form", selection, export_type, columns, selection.count().number)
    name = file_name(type(grid).name, selection.search, utcnow(), form.suffix)
    write = partial(write_csv, bom=True) if args.get("bom") in ONES and export_type == "csv" else form.write
    return _download(form, name, write(form.batches(selection, columns), columns))


def record_export(
    person: Person, door: str, selection: Selection, form: str, columns: Iterable[str], count: int
) -> None:
    """Records that `person` took `count` rows out as a file of this form, or as a "print": which ones, and which columns."""
    with reader.kept():
        title, words = _title(selection.title(count), form), selection.words()
        reason = gettext("Columns: %(names)s", names=", ".join(columns))
    operations.record_event(
        person,
        "export",
        door=door,
        title=title,
        selection=words,
        reason=reason,
        model=selection.model,
        row_count=count,
    )


def _title(rows: str, form: str) -> str:
    if form == "print":
        return gettext("Printed %(rows)s", rows=rows)
    return gettext("Exported %(rows)s as %(form)s", rows=rows, form=form.upper())


def _download(form: Format, name: str, body: Any) -> Response:
    answer = Response(body, content_type=form.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.call_on_close(body.close)
    return answer
