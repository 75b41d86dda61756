"""The controls with which a cell is edited in place: the form's own, one of each a page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from markupsafe import Markup

from backoffice.core.access import Person
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.forms import form_class
from backoffice.core.selection import Field, Kind


def editors(grid: Declaration, person: Person, names: Iterable[str]) -> list[tuple[str, Markup]]:
    """Returns the empty control of each named field as HTML."""
    fields = grid.form_for(person)
    return [(name, _editor(name, fields[name])) for name in names]


@cache
def _editor(name: str, field: Field) -> Markup:
    """Returns the control, which is the same for everybody who may change the field."""
    form = form_class({name: field})(prefix="cell-")
    return Markup(form[name](class_=_look(field), aria_label=field.label))  # noqa: S704  made by WTForms


def _look(field: Field) -> str:
    return {Kind.CHOICE: "form-select", Kind.BOOLEAN: "form-check-input"}.get(field.kind, "form-control")
