"""The filter panel: a control per field and operation of the list's GET form, named as the address names them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backoffice.core.grid.declaration import Declaration
from backoffice.core.selection import Field, Kind
from backoffice.core.text import words
from backoffice.core.web.gate import current_person

KEPT = ("sort", "desc", "page_size", "ids")
_BOUNDS = (("at_least", "from"), ("at_most", "to"))
_INPUTS = {Kind.DATE: "date", Kind.DATETIME: "date"}


@dataclass(frozen=True)
class Control:
    """One input or select of the panel."""

    id: str
    name: str
    label: str
    type: str
    value: str
    choices: Sequence[tuple[str, str]] = ()


def controls(grid: Declaration, args: Mapping[str, Any]) -> list[Control]:
    """Returns the panel's controls, holding what `args` say."""
    offered = [
        (path, field, *rest) for path, field in grid.filters_for(current_person()).items() for rest in _offers(field)
    ]
    return [
        _control(f"flt{number}_{path}_{slug}", label, field, _said(args, path, slug))
        for number, (path, field, slug, label) in enumerate(offered)
    ]


def kept_params(grid: Declaration, args: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Returns the parameters that the list's form sends along: order, page size, and filters that the panel has no control for."""
    kept = [(name, args[name]) for name in KEPT if args.get(name)]
    drawn = {_plain(control.name) for control in controls(grid, args)}
    return kept + [
        (name, value) for name, value in args.items() if name.startswith("flt") and value and _plain(name) not in drawn
    ]


def _offers(field: Field) -> list[tuple[str, str]]:
    """Returns (operation, label) of the controls for a field."""
    if field.kind in (Kind.TEXT, Kind.LONG_TEXT):
        return [("contains", field.label)]
    if field.kind in (Kind.CHOICE, Kind.BOOLEAN, Kind.RELATION):
        return [("equals", field.label)]
    return [(slug, f"{field.label} {bound}") for slug, bound in _BOUNDS]


def _control(name: str, label: str, field: Field, value: str) -> Control:
    choices: list[tuple[str, str]] = [(choice, words(choice)) for choice in field.choices]
    if field.kind is Kind.BOOLEAN:
        choices = [("yes", "Yes"), ("no", "No")]
    iso = not value or re.fullmatch(r"\d{4}-\d\d-\d\d", value)
    # A relative day such as -7d can be typed in the address; a date control would lose it.
    return Control(
        name.replace(".", "-"), name, label, _INPUTS.get(field.kind, "text") if iso else "text", value, choices
    )


def _said(args: Mapping[str, Any], path: str, slug: str) -> str:
    return next((str(value) for name, value in args.items() if _plain(name) == f"{path}_{slug}"), "")


def _plain(name: str) -> str:
    """Returns a filter's name without its number."""
    return re.sub(r"^flt\d+_", "", name)
