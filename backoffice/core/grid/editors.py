"""The controls with which a cell is edited in place: the form's own, one of each a page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from babel.support import NullTranslations
from markupsafe import Markup

from backoffice.core.access import Person
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.forms import form_class
from backoffice.core.selection import Field, Kind
from backoffice.core.wording import catalogue


def editors(grid: Declaration, person: Person, names: Iterable[str]) -> list[tuple[str, Markup]]:
    """Returns the empty control of each named field as HTML."""
    fields = grid.form_for(person)
    spoken = catalogue()
    return [(name, _editor(name, fields[name], spoken)) for name in names]


@cache
def _editor(name: str, field: Field, spoken: NullTranslations) -> Markup:
    """Returns the control, which is the same for everybody who may change the field, in the language that is spoken."""
    form = form_class({name: field})(prefix="cell-")
    return Markup(form[name](class_=_look(field), aria_label=field.label))  # noqa: S704  made by WTForms


def _look(field: Field) -> str:
    return {Kind.CHOICE: "form-select", Kind.BOOLEAN: "form-check-input"}.get(field.kind, "form-control")
