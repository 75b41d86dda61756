"""Conditions as a form holds them: about what, compared how, with which text. Each is one part of a query, there and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from backoffice.core.selection.errors import QueryError
from backoffice.core.selection.fields import Kind
from backoffice.core.selection.filters import FILTER_OPERATIONS, filter_term, operation_of, value_text
from backoffice.core.selection.language import parse
from backoffice.core.selection.membership import MEMBERSHIP
from backoffice.core.selection.tree import Filled, Group, Part, Term, Word, grouped, printed
from backoffice.core.wording import gettext, later

ANY_TEXT = "*text"
WRITTEN = "*query"  # said in the language itself: what no operation says
LIST = "in_list"
NO_VALUE = ("empty", "filled")

Operations = Sequence[tuple[str, str]]  # slug and label

_LABELS = {
    "equals": later("is"),
    LIST: later("is any of"),
    "contains": later("contains"),
    "greater": later("is more than"),
    "at_least": later("is at least"),
    "smaller": later("is less than"),
    "at_most": later("is at most"),
    "between": later("is between"),
    "empty": later("is empty"),
    "filled": later("is not empty"),
}
_TIMES = {
    "greater": later("is after"),
    "at_least": later("is from"),
    "smaller": later("is before"),
    "at_most": later("is until"),
}


@dataclass(frozen=True)
class Condition:
    """A condition in boxes: `about` a field's path, ANY_TEXT or WRITTEN."""

    about: str
    slug: str = ""
    value: str = ""
    negated: bool = False


@dataclass(frozen=True)
class Conditions:
    """Conditions of which `either` any or all are asked for, with groups of them among them."""

    members: tuple[Condition | Conditions, ...]
    either: bool = False
    negated: bool = False


def operations_for(kind: Kind) -> Operations:
    """Returns the ways to compare a field of a kind; each can be turned around."""
    times = _TIMES if kind in (Kind.DATE, Kind.DATETIME) else {}
    slugs = [own.slug for own in FILTER_OPERATIONS[kind] if not own.negated]
    return [(slug, times.get(slug, _LABELS[slug])) for slug in (*slugs, "filled")]


def boxed(parts: Sequence[Part]) -> Conditions:
    """Returns what a form shows of a query."""
    match parts:
        case (Group(either=True, negated=False) as group,):
            return _group(group)
    return Conditions(tuple(map(_box, parts)))


def _group(group: Group) -> Conditions:
    return Conditions(tuple(map(_box, group.parts)), group.either, group.negated)


def _box(part: Part) -> Condition | Conditions:
    match part:
        case Group():
            return _group(part)
        case Word(text) if "\n" not in text and "\r" not in text:
            return Condition(ANY_TEXT, "", text, part.negated)
        case Term():
            plain = replace(part, negated=False)
            found = _compared(plain)
            if _says(found, plain):
                return replace(found, negated=part.negated)
    return Condition(WRITTEN, "", str(part))


def _compared(term: Term) -> Condition:
    if term.values == (Filled(),):
        return Condition(term.name, "filled")
    operation = operation_of(term)
    if operation is not None:
        return Condition(term.name, operation.slug, "" if operation.slug == "empty" else value_text(term))
    return Condition(term.name, LIST, ",".join(map(str, term.values)))


def _says(condition: Condition, term: Term) -> bool:
    """Says whether a line of text can hold the value, and means the same."""
    try:
        return condition.value.isprintable() and written(condition) == term
    except QueryError:
        return False


def written(condition: Condition) -> Part:
    """Returns the part of a query that a form's boxes say. Raises QueryError naming them."""
    if condition.about == WRITTEN:
        return _read(condition)
    if condition.slug not in NO_VALUE and not condition.value.strip():
        raise QueryError(condition.about.lstrip("*"), gettext("a value is missing; write one or remove the condition"))
    if condition.about == ANY_TEXT:
        return Word(condition.value, condition.negated)
    if condition.slug in NO_VALUE:
        empty = filter_term(condition.about, "empty", "0" if condition.slug == "filled" else "1")
        return replace(empty, negated=condition.negated)
    slug = LIST if condition.slug == "equals" and condition.about.rpartition(".")[2] == MEMBERSHIP else condition.slug
    return replace(filter_term(condition.about, slug, condition.value), negated=condition.negated)


def _read(condition: Condition) -> Part:
    parts = parse(condition.value)
    if not parts:
        raise QueryError("query", gettext("a condition is missing; write one or remove it"))
    return grouped(parts, negated=condition.negated)


def parts_of(conditions: Conditions) -> tuple[Part, ...]:
    """Returns the query that a form says. Raises QueryError naming the boxes that say nothing."""
    found = tuple(_members(conditions))
    if not found:
        return ()
    whole = grouped(found, conditions.either, conditions.negated)
    if isinstance(whole, Group) and not whole.either and not whole.negated and len(found) > 1:
        return whole.parts
    return (whole,)


def _members(conditions: Conditions) -> Iterator[Part]:
    for member in conditions.members:
        if isinstance(member, Condition):
            yield written(member)
        elif found := tuple(_members(member)):
            yield grouped(found, member.either, member.negated)


def text_of(conditions: Conditions) -> str:
    """Returns the same as text, which the search box shows. Raises QueryError for more than a search may say."""
    text = printed(parts_of(conditions))
    parse(text)
    return text
