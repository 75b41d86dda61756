"""What a condition of the filter page can be about: fields of the grid and of the rows that its relations lead to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from babel.support import NullTranslations

from backoffice.core.access import Person, Verb, may
from backoffice.core.once import once
from backoffice.core.selection import Field, Kind, QueryError, visible_fields
from backoffice.core.selection.fields import TO_ROWS, target_of
from backoffice.core.selection.membership import MEMBERSHIP
from backoffice.core.selection.resolve import is_of_people, lookup
from backoffice.core.selection.writing import ANY_TEXT, LIST, NO_VALUE, WRITTEN, Condition, operations_for
from backoffice.core.wording import catalogue, gettext, inside, later, said

Pairs = Sequence[tuple[str, str]]  # value and label

BESIDE: Pairs = (
    (ANY_TEXT, later("Any text")),
    (MEMBERSHIP, later("List of rows")),
    (WRITTEN, later("Written condition")),
)
DEEPEST = 2  # relations that the choice of fields goes through; a written condition goes further
YES_NO: Pairs = (("yes", later("Yes")), ("no", later("No")))
HINTS = {
    Kind.DATE: "2026-01-31, today, -7d, +2w, -1m",
    Kind.DATETIME: "2026-01-31, today, -7d, -1m",
    Kind.MONEY: "100.50",
}


def offered(person: Person, model: type[Any]) -> Sequence[tuple[str, Pairs]]:
    """Returns the fields that a condition can be about, by path and label, under the relation that leads to them."""
    return _offered(person, model, catalogue())


@once
def _offered(person: Person, model: type[Any], spoken: NullTranslations) -> Sequence[tuple[str, Pairs]]:
    """Returns the same, in the language that is spoken."""
    return [("", _own(person, model, "")), *_through(person, model, "", "", 1)]


def _own(person: Person, model: type[Any], way: str) -> Pairs:
    return [(way + name, field.label) for name, field in visible_fields(person, model).items()]


def _through(person: Person, model: type[Any], way: str, label: str, depth: int) -> Iterator[tuple[str, Pairs]]:
    for name, field in visible_fields(person, model).items():
        if field.kind not in TO_ROWS or not may(person, Verb.VIEW, target_of(field)):
            continue
        path, title = f"{way}{name}.", f"{label} › {inside(field.label)}" if label else field.label
        yield title, _own(person, target_of(field), path)
        if field.kind is Kind.RELATION and depth < DEEPEST:
            yield from _deeper(person, field, path, title, depth)


def _deeper(person: Person, field: Field, path: str, title: str, depth: int) -> Iterator[tuple[str, Pairs]]:
    for name, beyond in visible_fields(person, target_of(field)).items():
        if beyond.kind is Kind.RELATION and may(person, Verb.VIEW, target_of(beyond)):
            yield f"{title} › {inside(beyond.label)}", _own(person, target_of(beyond), f"{path}{name}.")


def field_about(person: Person, model: type[Any], about: str) -> Field | None:
    """Returns the field that a condition is about; None for what is no field, or none that `person` may see."""
    if about.startswith("*") or about.rpartition(".")[2] == MEMBERSHIP:
        return None
    try:
        return lookup(model, person, about.split("."), about)[-1]
    except QueryError:
        return None


def ways(field: Field | None, about: str) -> Pairs:
    """Returns how what the condition is about can be compared."""
    if field is not None:
        return said_of(operations_for(field.kind))
    return () if about.startswith("*") else (("equals", gettext("is")),)


def fitting(person: Person, model: type[Any], condition: Condition) -> str:
    """Returns the way of comparing that the boxes hold, or the first one if that is none for this field."""
    found = [slug for slug, _label in ways(field_about(person, model, condition.about), condition.about)]
    return condition.slug if condition.slug in found else next(iter(found), "")


def choices(field: Field | None, condition: Condition) -> Pairs:
    """Returns the values to choose from; none where they are typed."""
    known = _known(field)
    fits = {value for value, _label in known}.issuperset(filter(None, condition.value.split(",")))
    return known if fits and condition.slug in ("equals", LIST) else ()


def _known(field: Field | None) -> Pairs:
    if field is None:
        return ()
    return said_of(YES_NO) if field.kind is Kind.BOOLEAN else [(choice, said(choice)) for choice in field.choices]


def said_of(pairs: Pairs) -> Pairs:
    """Returns values with their labels in the reader's language."""
    return [(value, gettext(label)) for value, label in pairs]


def hint(field: Field | None, condition: Condition) -> str:
    """Returns an example of what may be typed."""
    if condition.about == WRITTEN:
        return "status:active OR -city:none"
    if condition.slug in NO_VALUE or field is None:
        return ""
    if condition.slug == "between":
        return "-7d..today" if field.kind in (Kind.DATE, Kind.DATETIME) else "1..9"
    if is_of_people(field):
        return gettext("me, or a username")
    return HINTS.get(field.kind, gettext("several, with commas") if condition.slug == LIST else "")


def labels(groups: Sequence[tuple[str, Pairs]]) -> dict[str, str]:
    """Returns all paths that are offered, with their labels."""
    return {path: label for _title, pairs in groups for path, label in pairs}
