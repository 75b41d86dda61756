"""What the forms of new and of existing rows share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.forms import RecordForm
from backoffice.core.grid.pickers import by_number
from backoffice.core.selection import Field, Kind


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
    empty = form(data=defaults)
    for name, field in fields.items():
        if name in request.args:
            empty[name].process_formdata([_named(field, request.args[name])])
    return empty


def _named(field: Field, said: str) -> str:
    """Returns what a form shows for a value in the address: the name of a row instead of its number."""
    found = by_number(field, said) if field.kind is Kind.RELATION else []
    return found[0].text if found else said


def _default(field: Field) -> Any:
    default = getattr(field.model.__table__.c.get(field.column), "default", None) if field.column else None
    return default.arg if default is not None and default.is_scalar else None
