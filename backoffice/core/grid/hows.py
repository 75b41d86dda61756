"""How bulk edit changes a field: beside its box a choice of what to do with what is typed there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backoffice.core.access import Person
from backoffice.core.grid.forms import RecordForm
from backoffice.core.operations import Add, Append, Invalid, Percent, Prepend, Replace, Shift, sources, suits
from backoffice.core.selection import Field
from backoffice.core.wording import gettext, inside, later

HOW, BY = "how-", "by-"
SET, COPY = "set", "copy:"
_OFFERED: tuple[tuple[type[Any], str, str], ...] = (
    (Add, "add", later("Add")),
    (Add, "subtract", later("Subtract")),
    (Percent, "percent", later("Multiply by percent")),
    (Shift, "shift", later("Shift by days")),
    (Append, "append", later("Append")),
    (Prepend, "prepend", later("Prepend")),
    (Replace, "replace", later("Find and replace")),
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
        options = [(value, gettext(label)) for kind, value, label in _OFFERED if suits(kind, field)]
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
    label = inside(field.label)
    shifts = suits(Shift, field)
    by_label = gettext("Replacement in %(field)s", field=label) if suits(Replace, field) else ""
    by_label = gettext("Days to shift %(field)s by", field=label) if shifts else by_label
    return How(
        name=HOW + name,
        label=gettext("How to change %(field)s", field=label),
        options=[(SET, gettext("Set to")), *options],
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
        return (
            gettext("%(label)s: choose how to change it, or empty the second box.", label=field.label) if left else ""
        )
    if not (how.startswith(COPY) or any(how == way and suits(kind, field) for kind, way, _ in _OFFERED)):
        return gettext("%(label)s: choose one of the ways in the list.", label=field.label)
    if cleared:
        return gettext("%(label)s: either clear it or change it.", label=field.label)
    if value is not None and how == "shift":
        return gettext("%(label)s: either set it or shift it; empty the box of its value.", label=field.label)
    if value is not None and how.startswith(COPY):
        return gettext("%(label)s: either set it or copy it; empty the box of its value.", label=field.label)
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
