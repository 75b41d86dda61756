"""Completion for the search box: fields first, then the values of the field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from backoffice.core import access
from backoffice.core.access import Person, Verb
from backoffice.core.selection.errors import QueryError
from backoffice.core.selection.fields import (
    TO_ROWS,
    Field,
    Kind,
    Model,
    target_of,
    visible_fields,
)
from backoffice.core.selection.language import LONGEST, check_text
from backoffice.core.selection.membership import MEMBERSHIP, list_offers
from backoffice.core.selection.naming import called
from backoffice.core.selection.resolve import is_of_people, lookup
from backoffice.core.selection.tree import Literal
from backoffice.core.text import fold
from backoffice.core.wording import gettext

MOST = 12

_TERM = re.compile(r"(-?)([\w.]*)(?:(:|>=|<=|>|<|~)(.*))?", re.DOTALL)
_OPENED = re.compile(r"(-?\()*")


@dataclass(frozen=True)
class Suggestion:
    """`text` is the whole box after the choice, `caret` where typing goes on, `label` what the list shows."""

    text: str
    label: str
    caret: int


def complete(model: Model, person: Person, text: str, caret: int | None = None) -> list[Suggestion]:
    """Returns what may stand at the caret: names of fields that `person` may see, then values of the field named there."""
    if len(text) > LONGEST:
        return []
    check_text(text)
    caret = len(text) if caret is None else max(0, min(caret, len(text)))
    start, rest = _part_start(text[:caret]), text[caret:]
    start += len(_OPENED.match(text[start:caret]).group())  # type: ignore[union-attr]
    term = _TERM.fullmatch(text[start:caret])
    if term is None:
        return []
    sign, path, op, typed = term.groups()
    offers = _names(model, person, path) if op is None else _values(model, person, path, op, typed)
    found = [(text[:start] + sign + offer, label) for offer, label in offers][:MOST]
    return [Suggestion(head + rest, label, len(head)) for head, label in found]


def _part_start(text: str) -> int:
    """Returns where the last part of a half-typed query begins: behind the last space that no quotes enclose."""
    start, quoted, escaped = 0, False, False
    for place, letter in enumerate(text):
        if escaped:
            escaped = False
        elif letter == "\\" and quoted:
            escaped = True
        elif letter == '"':
            quoted = not quoted
        elif letter.isspace() and not quoted:
            start = place + 1
    return start


def _names(model: Model, person: Person, path: str) -> Iterator[tuple[str, str]]:
    before, _dot, last = path.rpartition(".")
    here = model
    if before:
        fields = _known(model, person, before)
        if not fields or fields[-1].kind not in TO_ROWS:
            return
        here = target_of(fields[-1])
    elif not last:
        return
    prefix = f"{before}." if before else ""
    if MEMBERSHIP.startswith(last.casefold()) and last:
        yield f"{prefix}{MEMBERSHIP}:", gettext("In a list")
    offered = visible_fields(person, here).values()
    for field in sorted(offered, key=lambda field: not field.name.startswith(last.casefold())):
        if last.casefold() in field.name or fold(last) in fold(field.label):
            yield f"{prefix}{field.name}:", field.label
            if field.kind in TO_ROWS and access.may(person, Verb.VIEW, target_of(field)):
                yield f"{prefix}{field.name}.", f"{field.label} …"


def _known(model: Model, person: Person, path: str) -> list[Field]:
    try:
        return lookup(model, person, path.split("."), path)
    except QueryError:
        return []  # nothing to offer; the search itself says what is wrong


def _values(model: Model, person: Person, path: str, op: str, typed: str) -> Iterator[tuple[str, str]]:
    given, _comma, last = typed.rpartition(",")
    prefix = f"{path}{op}{given}," if given else f"{path}{op}"
    wanted = last.strip('"')
    for value, label in _values_at(model, person, path, op, wanted):
        if fold(wanted) in fold(f"{value} {label}"):
            yield prefix + value, label


def _values_at(model: Model, person: Person, path: str, op: str, wanted: str) -> Iterable[tuple[str, str]]:
    before, _dot, name = path.rpartition(".")
    if name == MEMBERSHIP:
        way = _known(model, person, before) if before else []
        here = target_of(way[-1]) if way and way[-1].kind in TO_ROWS else None if before else model
        return list_offers(here, person) if here and op == ":" and access.may(person, Verb.VIEW, here) else ()
    fields = _known(model, person, path)
    return (*_offered(fields[-1], person, wanted), *_always(fields[-1], op)) if fields else ()


def _always(field: Field, op: str) -> Iterable[tuple[str, str]]:
    return (("none", gettext("Empty")), ("any", gettext("Not empty"))) if op == ":" and field.nullable else ()


def _offered(field: Field, person: Person, wanted: str) -> Iterable[tuple[str, str]]:
    if field.kind is Kind.CHOICE:
        return [(choice, choice.replace("_", " ").capitalize()) for choice in field.choices]
    if field.kind is Kind.BOOLEAN:
        return (("yes", gettext("Yes")), ("no", gettext("No")))
    if field.kind in (Kind.DATE, Kind.DATETIME):
        return (
            ("today", gettext("Today")),
            ("-7d..today", gettext("The last seven days")),
            ("-1m..today", gettext("The last month")),
        )
    if field.kind in TO_ROWS and access.may_name(person, target_of(field)):
        me = [("me", gettext("Yourself"))] if is_of_people(field) and person.id is not None else []
        return [*me, *_rows(field, person, wanted)]
    return ()


def _rows(field: Field, person: Person, wanted: str) -> list[tuple[str, str]]:
    """Returns keys and labels of related rows that hold what was typed and that `person` may pick."""
    return [(str(Literal(ref.key)), ref.label) for ref in called(target_of(field), person, wanted, MOST)]
