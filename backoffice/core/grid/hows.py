"""How bulk edit changes a field: beside its box a choice of what to do with what is typed there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backoffice.core.access import Person
from backoffice.core.grid.forms import RecordForm
from backoffice.core.operations import Add, Append, Invalid, Percent, Prepend, Replace, Shift, sources, suits
from backoffice.core.selection import Field

HOW, BY = "how-", "by-"
SET, COPY = "set", "copy:"
_OFFERED: tuple[tuple[type[Any], str, str], ...] = (
    (Add, "add", "Add"),
    (Add, "subtract", "Subtract"),
    (Percent, "percent", "Multiply by percent"),
    (Shift, "shift", "Shift by days"),
    (Append, "append", "Append"),
    (Prepend, "prepend", "Prepend"),
    (Replace, "replace", "Find and replace"),
)


@dataclass(frozen=True)
class How:
    """The choice beside a field, and the second box that one of its options needs."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    copies: Sequence[tuple[str, str]]
    chosen: str
    by_name: str
    by_label: str
    by_numeric: bool
    by: str


def controls(fields: Mapping[str, Field], person: Person, sent: Mapping[str, str]) -> dict[str, How]:
    """Returns the choices of those fields that can be more than set, as they were sent."""
    found = {}
    for name, field in fields.items():
        options = [(value, label) for kind, value, label in _OFFERED if suits(kind, field)]
        copies = [(f"{COPY}{source.name}", source.label) for source in sources(field, person)]
        if options or copies:
            found[name] = _control(name, field, options, copies, sent)
    return found


def asked(form: RecordForm, cleared: frozenset[str], sent: Mapping[str, str]) -> dict[str, Any]:
    """Returns what the form asks for, by field, as plan_edit takes it; what is left empty is not in it.

    Raises Invalid with a sentence at each field whose boxes contradict each other.
    """
    values = form.values()
    errors: dict[str, str] = {}
    found: dict[str, Any] = {}
    for name, field in form.catalog.items():
        how, by = sent.get(HOW + name, SET), sent.get(BY + name)
        problem = _contradiction(field, how, by, values.get(name), name in cleared)
        if problem:
            errors[name] = problem
        elif how != SET:
            found[name] = _meant(how, _raw(form, name), _raw_text(by))
        elif values.get(name) is not None:
            found[name] = values[name]
    if errors:
        raise Invalid(errors)
    return found | dict.fromkeys(cleared)


def _control(
    name: str, field: Field, options: list[tuple[str, str]], copies: list[tuple[str, str]], sent: Mapping[str, str]
) -> How:
    label = field.label[:1].lower() + field.label[1:]
    shifts = suits(Shift, field)
    by_label = f"Days to shift {label} by" if shifts else f"Replacement in {label}" if suits(Replace, field) else ""
    return How(
        name=HOW + name,
        label=f"How to change {label}",
        options=[(SET, "Set to"), *options],
        copies=copies,
        chosen=sent.get(HOW + name, SET),
        by_name=BY + name,
        by_label=by_label,
        by_numeric=shifts,
        by=sent.get(BY + name, ""),
    )


def _contradiction(field: Field, how: str, by: str | None, value: Any, cleared: bool) -> str:
    if how == SET:
        left = bool(by) and not cleared
        return f"{field.label}: choose how to change it, or empty the second box." if left else ""
    if not (how.startswith(COPY) or any(how == way and suits(kind, field) for kind, way, _ in _OFFERED)):
        return f"{field.label}: choose one of the ways in the list."
    if cleared:
        return f"{field.label}: either clear it or change it."
    if value is not None and (how == "shift" or how.startswith(COPY)):
        return (
            f"{field.label}: either set it or {'shift' if how == 'shift' else 'copy'} it; empty the box of its value."
        )
    return ""


def _meant(how: str, typed: str, by: str) -> dict[str, Any]:
    """Returns an expression in the form in which a plan keeps it."""
    number = typed.strip()
    if how.startswith(COPY):
        return {"how": "copy", "field": how.removeprefix(COPY)}
    return {
        "add": {"how": "add", "amount": number},
        "subtract": {"how": "add", "amount": f"-{number}"},
        "percent": {"how": "percent", "percent": number},
        "shift": {"how": "shift", "days": by.strip()},
        "append": {"how": "append", "text": typed},
        "prepend": {"how": "prepend", "text": typed},
        "replace": {"how": "replace", "find": typed, "by": by},
    }[how]


def _raw(form: RecordForm, name: str) -> str:
    """Returns what was typed, blanks at its ends and all: they count where a text is added."""
    data = form[name].data
    return _raw_text(data if isinstance(data, str) else "")


def _raw_text(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")
