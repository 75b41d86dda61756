"""The filter panel: a control per field and operation of the list's GET form, named as the address names them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from babel.support import NullTranslations
from markupsafe import Markup

from backoffice.core.access import Person
from backoffice.core.grid.catalog import fields_at
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.filter_fields import YES_NO, said_of
from backoffice.core.once import once
from backoffice.core.selection import Field, Kind
from backoffice.core.web.gate import current_person
from backoffice.core.web.macros import macros
from backoffice.core.wording import catalogue, gettext, later, said

KEPT = ("sort", "desc", "page_size", "ids", "columns", "fit", "density", "group", "measure", "totals", "view")
_BOUNDS = (("at_least", later("%(field)s from")), ("at_most", later("%(field)s to")))
_INPUTS = {Kind.DATE: "date", Kind.DATETIME: "date"}


@dataclass(frozen=True)
class Control:
    """One input or select of the panel."""

    path: str
    id: str
    name: str
    label: str
    type: str
    value: str
    choices: Sequence[tuple[str, str]] = ()
    boolean: bool = False


def controls(grid: Declaration, args: Mapping[str, Any]) -> list[Control]:
    """Returns the panel's controls, holding what `args` say."""
    empty = _empty(*_asked(grid))
    typed = {_plain(name): str(value) for name, value in reversed(_filters_in(args))}
    return [_holding(control, typed[plain]) if typed.get(plain) else control for plain, control in empty.items()]


def panel(grid: Declaration, args: Mapping[str, Any]) -> Markup:
    """Returns the same as the page shows them; each is drawn once as long as it holds nothing."""
    holding = {control.name: _draw(control) for control in controls(grid, args) if control.value}
    return Markup().join((_drawn(*_asked(grid)) | holding).values())


def kept_params(grid: Declaration, args: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Returns the parameters that the list's form sends along: order, page size, and filters that the panel has no control for."""
    drawn = _empty(*_asked(grid))
    kept = [(name, args[name]) for name in KEPT if args.get(name)]
    return kept + [(name, value) for name, value in _filters_in(args) if value and _plain(name) not in drawn]


def _filters_in(args: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in args.items() if name.startswith("flt")]


def _asked(grid: Declaration) -> tuple[Person, type[Any], tuple[str, ...], NullTranslations]:
    return current_person(), grid.model, grid.filters or grid.columns, catalogue()


@once
def _drawn(person: Person, model: type[Any], names: tuple[str, ...], spoken: NullTranslations) -> dict[str, Markup]:
    return {control.name: _draw(control) for control in _empty(person, model, names, spoken).values()}


def _draw(control: Control) -> Markup:
    drawn: Markup = macros("admin/parts/filters.html").filter_control(control)
    return drawn


@once
def _empty(person: Person, model: type[Any], names: tuple[str, ...], spoken: NullTranslations) -> Mapping[str, Control]:
    """Returns the controls without a value, by their names without the number, in the language that is spoken."""
    fields = fields_at(person, model, names).items()
    offered = [(path, field, *rest) for path, field in fields for rest in _offers(field)]
    return {
        f"{path}_{slug}": _control(path, f"flt{number}_{path}_{slug}", label, field)
        for number, (path, field, slug, label) in enumerate(offered)
    }


def _offers(field: Field) -> list[tuple[str, str]]:
    """Returns (operation, label) of the controls for a field."""
    if field.kind in (Kind.TEXT, Kind.LONG_TEXT):
        return [("contains", field.label)]
    if field.kind in (Kind.CHOICE, Kind.BOOLEAN, Kind.RELATION):
        return [("equals", field.label)]
    return [(slug, gettext(bound, field=field.label)) for slug, bound in _BOUNDS]


def _control(path: str, name: str, label: str, field: Field) -> Control:
    choices: list[tuple[str, str]] = [(choice, said(choice)) for choice in field.choices]
    if field.kind is Kind.BOOLEAN:
        choices = list(said_of(YES_NO))
    type_ = _INPUTS.get(field.kind, "text")
    return Control(path, name.replace(".", "-"), name, label, type_, "", choices, field.kind is Kind.BOOLEAN)


def _holding(control: Control, value: str) -> Control:
    """Returns the control with a value. A relative day such as -7d can be typed in the address; a date control would lose it."""
    iso = re.fullmatch(r"\d{4}-\d\d-\d\d", value)
    return replace(control, value=value, type=control.type if iso else "text")


def _plain(name: str) -> str:
    """Returns a filter's name without its number."""
    return re.sub(r"^flt\d+_", "", name)
