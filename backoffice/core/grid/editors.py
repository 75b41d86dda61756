"""The controls with which a cell is edited in place: the form's own, one of each a page."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from backoffice.core.access import Person
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.forms import form_class
from backoffice.core.selection import Kind


def editors(grid: Declaration, person: Person, names: Iterable[str]) -> list[tuple[str, Markup]]:
    """Returns the empty control of each named field as HTML."""
    fields = grid.form_for(person)
    wanted = {name: fields[name] for name in names}
    form = form_class(wanted, partial=True)(prefix="cell-")
    drawn = []
    for name, field in wanted.items():
        control = form[name]
        if field.kind in (Kind.CHOICE, Kind.BOOLEAN):
            control.choices = [choice for choice in control.choices if choice[0] or field.nullable]
        look = "form-select" if hasattr(control, "choices") else "form-control"
        drawn.append((name, Markup(control(class_=look, aria_label=field.label))))
    return drawn
