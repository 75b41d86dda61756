"""A selection in the words of the people who use it: "withdrawn, course AAA, newest first"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from backoffice.core import reader
from backoffice.core.selection.fields import TO_ROWS, Field, Kind, Model, fields_of, key_field, target_of
from backoffice.core.selection.membership import MEMBERSHIP, list_names
from backoffice.core.selection.shapes import Count, Order
from backoffice.core.selection.tree import Empty, Filled, Group, Literal, Op, Part, Range, Term, Value, Word
from backoffice.core.selection.values import relative_words, typed
from backoffice.core.text import nouns
from backoffice.core.wording import both, either, gettext, inside, ngettext, pgettext, said

if TYPE_CHECKING:
    from backoffice.core.selection.selection import Selection

_TIMES = (Kind.DATE, Kind.DATETIME)
_NUMBERS = (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_COMPARISONS: dict[tuple[Op, bool], Callable[..., str]] = {
    (Op.GREATER, False): lambda **said: gettext("%(field)s over %(value)s", **said),
    (Op.AT_LEAST, False): lambda **said: gettext("%(field)s at least %(value)s", **said),
    (Op.SMALLER, False): lambda **said: gettext("%(field)s under %(value)s", **said),
    (Op.AT_MOST, False): lambda **said: gettext("%(field)s at most %(value)s", **said),
    (Op.CONTAINS, False): lambda **said: gettext("%(field)s containing %(value)s", **said),
    (Op.CONTAINS, True): lambda **said: gettext("%(field)s containing %(value)s", **said),
    (Op.GREATER, True): lambda **said: gettext("%(field)s after %(value)s", **said),
    (Op.AT_LEAST, True): lambda **said: gettext("%(field)s from %(value)s", **said),
    (Op.SMALLER, True): lambda **said: gettext("%(field)s before %(value)s", **said),
    (Op.AT_MOST, True): lambda **said: gettext("%(field)s until %(value)s", **said),
}  # by how it is compared, and by whether with a time


def describe(selection: Selection) -> str:
    """Returns which rows these are and in which order; "all" where nothing narrows them."""
    said = [*_narrowing(selection), *(_order(selection.model, order) for order in selection.sort)]
    return ", ".join(said) or pgettext("of rows", "all")


def narrowing(selection: Selection) -> str:
    """Returns which rows these are; "" where nothing narrows them."""
    return ", ".join(_narrowing(selection))


def title(selection: Selection, count: Count | int) -> str:
    """Returns the number of rows and what narrows them: "2,140 enrollments: withdrawn, course AAA"."""
    count = Count(count) if isinstance(count, int) else count
    counted = f"{count.shown} {noun(selection.model, count.number)}"
    return ": ".join(filter(None, (counted, narrowing(selection))))


def noun(model: Model, number: int) -> str:
    """Returns what `number` rows of `model` are called, without the number."""
    return ngettext(*nouns(str(model.__tablename__)), number)


def _narrowing(selection: Selection) -> list[str]:
    found = [_part(selection.model, part) for part in (*selection.terms, *selection.filters)]
    if selection.ids is not None:
        found.insert(0, _ticked(selection.model, len(selection.ids)))
    if selection.without:
        number = len(selection.without)
        unticked = ngettext("without %(num)s unticked", "without %(num)s unticked", number, num=reader.number(number))
        found.append(unticked)
    return found


def _ticked(model: Model, number: int) -> str:
    return ngettext(
        "%(num)s ticked %(noun)s",
        "%(num)s ticked %(noun)s",
        number,
        num=reader.number(number),
        noun=noun(model, number),
    )


def _part(model: Model, part: Part) -> str:
    if isinstance(part, Word):
        without = gettext("without “%(text)s”", text=part.text)
        return without if part.negated else gettext("with “%(text)s”", text=part.text)
    if isinstance(part, Group):
        said = (either if part.either else both)(_within(model, each) for each in part.parts)
        return gettext("not (%(what)s)", what=said) if part.negated else said
    return _term(model, part)


def _not(said: str, negated: bool) -> str:
    return gettext("not %(what)s", what=said) if negated else said


def _within(model: Model, part: Part) -> str:
    """Returns the words of a part of a group; of a group within it in brackets."""
    said = _part(model, part)
    return f"({said})" if isinstance(part, Group) and not part.negated else said


def _term(model: Model, term: Term) -> str:
    if term.path[-1] == MEMBERSHIP:
        return _not(_membership(_along(model, term.path[:-1]), either(list_names(term))), term.negated)
    fields = _along(model, term.path)
    last = fields[-1]
    if last.kind is Kind.BOOLEAN and len(term.values) == 1 and isinstance(term.values[0], Literal):
        yes = typed(last, term.values[0].text, str(term)) is not term.negated
        return _not(_subject(fields), not yes)
    return _not(_said(fields, term), term.negated)


def _membership(way: Sequence[Field], lists: str) -> str:
    if way:
        return gettext("%(field)s in %(lists)s", field=_subject(way), lists=lists)
    return gettext("in %(lists)s", lists=lists)


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
    return " ".join(inside(field.label) for field in shown[-2:])


def _said(fields: Sequence[Field], term: Term) -> str:
    last, subject = fields[-1], _subject(fields)
    if term.op is not Op.EQUALS:
        return _COMPARISONS[term.op, last.kind in _TIMES](field=subject, value=_value(last, term.values[0]))
    if term.values == (Empty(),):
        return gettext("no %(field)s", field=subject)
    if term.values == (Filled(),):
        return gettext("with %(field)s", field=subject)
    values = either(_value(last, value) for value in term.values)
    speaks_for_itself = last.kind is Kind.CHOICE and len(fields) == 1 and last.name in ("status", "state")
    return values if speaks_for_itself else f"{subject} {values}"


def _value(field: Field, value: Value) -> str:
    match value:
        case Empty():
            return pgettext("of a field's values", "none")
        case Filled():
            return pgettext("of a field's values", "any")
        case Range(low, high):
            return _range(*(_literal(field, end.text) if end else None for end in (low, high)))
        case Literal(text):
            return _literal(field, text)


def _range(low: str | None, high: str | None) -> str:
    if low is None:
        return gettext("up to %(value)s", value=high)
    if high is None:
        return gettext("%(value)s or more", value=low)
    return gettext("%(low)s to %(high)s", low=low, high=high)


def _literal(field: Field, text: str) -> str:
    if field.kind is Kind.CHOICE:
        return inside(said(str(typed(field, text, text))))
    if field.kind in _TIMES:
        return _day(text) or relative_words(text)
    if field.kind in _NUMBERS:
        return reader.figures(text)
    return f"“{text}”" if not text or " " in text else text


def _day(text: str) -> str:
    """Returns a date that was typed as the reader writes it; "" for anything else."""
    return reader.day(date.fromisoformat(text)) if _ISO.fullmatch(text) else ""


def _order(model: Model, order: Order) -> str:
    last = _along(model, order.name.split("."))[-1]
    if last.name == "created_at":
        return gettext("newest first") if order.descending else gettext("oldest first")
    field = inside(last.label)
    if not order.descending:
        return gettext("by %(field)s", field=field)
    if last.kind in _TIMES:
        return gettext("by %(field)s, latest first", field=field)
    return gettext("by %(field)s, descending", field=field)
