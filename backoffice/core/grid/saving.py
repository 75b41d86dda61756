"""What the forms of new and of existing rows share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.forms import RecordForm
from backoffice.core.selection import Field


@dataclass(frozen=True)
class FormPage:
    """What admin/model/form.html shows around a form."""

    heading: str
    action: str
    return_url: str
    lookup_url: str
    hidden: Sequence[tuple[str, str]] = ()
    problems: Sequence[str] = ()
    can_add_another: bool = False


def prefilled(grid: Declaration, form: type[RecordForm], fields: dict[str, Field]) -> RecordForm:
    """Returns an empty form with the model's defaults, and with what the address says ("New" beside a related row)."""
    defaults = {name: default for name, field in fields.items() if (default := _default(field)) is not None}
    said = MultiDict((name, request.args[name]) for name in fields if name in request.args)
    empty = form(data=defaults)
    for name in said:
        empty[name].process_formdata(said.getlist(name))
    return empty


def _default(field: Field) -> Any:
    default = getattr(field.model.__table__.c.get(field.column), "default", None) if field.column else None
    return default.arg if default is not None and default.is_scalar else None
