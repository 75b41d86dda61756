"""A selection in the words of the people who use it: "withdrawn, course AAA, newest first"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from backoffice.core.selection.fields import TO_ROWS, Field, Kind, Model, fields_of, key_field, target_of
from backoffice.core.selection.membership import MEMBERSHIP, list_words
from backoffice.core.selection.shapes import Count, Order
from backoffice.core.selection.tree import Empty, Filled, Group, Literal, Op, Part, Range, Term, Value, Word
from backoffice.core.selection.values import relative_words, typed

if TYPE_CHECKING:
    from backoffice.core.selection.selection import Selection

_TIMES = (Kind.DATE, Kind.DATETIME)
_COMPARISONS = {
    Op.GREATER: ("over", "after"),
    Op.AT_LEAST: ("at least", "from"),
    Op.SMALLER: ("under", "before"),
    Op.AT_MOST: ("at most", "until"),
    Op.CONTAINS: ("containing", "containing"),
}


def describe(selection: Selection) -> str:
    """Returns which rows these are and in which order; "all" where nothing narrows them."""
    return ", ".join([*_narrowing(selection), *(_order(selection.model, order) for order in selection.sort)]) or "all"


def narrowing(selection: Selection) -> str:
    """Returns which rows these are; "" where nothing narrows them."""
    return ", ".join(_narrowing(selection))


def title(selection: Selection, count: Count | int) -> str:
    """Returns the number of rows and what narrows them: "2,140 enrollments: withdrawn, course AAA"."""
    count = Count(count) if isinstance(count, int) else count
    counted = f"{count} {noun(selection.model, count.number)}"
    return ": ".join(filter(None, (counted, narrowing(selection))))


def noun(model: Model, number: int) -> str:
    """Returns what `number` rows of `model` are called, without the number."""
    singular = str(model.__tablename__).replace("_", " ")
    if number == 1 or singular.endswith("s"):
        return singular
    return singular[:-1] + "ies" if singular.endswith("y") else singular + "s"


def _narrowing(selection: Selection) -> list[str]:
    found = [_part(selection.model, part) for part in (*selection.terms, *selection.filters)]
    if selection.ids is not None:
        found.insert(0, f"{len(selection.ids):,} ticked {noun(selection.model, len(selection.ids))}")
    if selection.without:
        found.append(f"without {len(selection.without):,} unticked")
    return found


def _part(model: Model, part: Part) -> str:
    if isinstance(part, Word):
        return f"{'without' if part.negated else 'with'} “{part.text}”"
    if isinstance(part, Group):
        said = (" or " if part.either else " and ").join(_within(model, each) for each in part.parts)
        return f"not ({said})" if part.negated else said
    return _term(model, part)


def _within(model: Model, part: Part) -> str:
    """Returns the words of a part of a group; of a group within it in brackets."""
    said = _part(model, part)
    return f"({said})" if isinstance(part, Group) and not part.negated else said


def _term(model: Model, term: Term) -> str:
    if term.path[-1] == MEMBERSHIP:
        way = _along(model, term.path[:-1])
        said = " ".join([*([_subject(way)] if way else []), list_words(term)])
        return f"not {said}" if term.negated else said
    fields = _along(model, term.path)
    last = fields[-1]
    if last.kind is Kind.BOOLEAN and len(term.values) == 1 and isinstance(term.values[0], Literal):
        yes = typed(last, term.values[0].text, str(term)) is not term.negated
        return f"{'' if yes else 'not '}{_subject(fields)}"
    said = _said(fields, term)
    return f"not {said}" if term.negated else said


def _along(model: Model, path: Sequence[str]) -> list[Field]:
    found: list[Field] = []
    for name in path:
        found.append(fields_of(target_of(found[-1]) if found else model)[name])
    return found


def _subject(fields: Sequence[Field]) -> str:
    """Returns what a condition is about; a path to a row's key is about the row: "course" for section.course.code."""
    shown = list(fields)
    if len(shown) > 1 and shown[-1] == key_field(shown[-1].model):
        shown.pop()
    if len(shown) > 1 and shown[-1].kind in TO_ROWS:
        shown = shown[-1:]
    return " ".join(_lower(field.label) for field in shown[-2:])


def _lower(label: str) -> str:
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _said(fields: Sequence[Field], term: Term) -> str:
    last, subject = fields[-1], _subject(fields)
    if term.op is not Op.EQUALS:
        return f"{subject} {_COMPARISONS[term.op][last.kind in _TIMES]} {_value(last, term.values[0])}"
    if term.values == (Empty(),):
        return f"no {subject}"
    if term.values == (Filled(),):
        return f"with {subject}"
    values = " or ".join(_value(last, value) for value in term.values)
    speaks_for_itself = last.kind is Kind.CHOICE and len(fields) == 1 and last.name in ("status", "state")
    return values if speaks_for_itself else f"{subject} {values}"


def _value(field: Field, value: Value) -> str:
    match value:
        case Empty():
            return "none"
        case Filled():
            return "any"
        case Range(low, high):
            ends = [_literal(field, end.text) if end else None for end in (low, high)]
            if ends[0] is None:
                return f"up to {ends[1]}"
            return f"{ends[0]} or more" if ends[1] is None else f"{ends[0]} to {ends[1]}"
        case Literal(text):
            return _literal(field, text)


def _literal(field: Field, text: str) -> str:
    if field.kind is Kind.CHOICE:
        return str(typed(field, text, text)).replace("_", " ")
    if field.kind in _TIMES:
        return relative_words(text)
    return f"“{text}”" if not text or " " in text else text


def _order(model: Model, order: Order) -> str:
    last = _along(model, order.name.split("."))[-1]
    if last.name == "created_at":
        return "newest first" if order.descending else "oldest first"
    by = f"by {_lower(last.label)}"
    if not order.descending:
        return by
    return f"{by}, latest first" if last.kind in _TIMES else f"{by}, descending"
