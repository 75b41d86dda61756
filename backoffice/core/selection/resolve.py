"""The parts of a query as SQL conditions on one model, for one person: hidden fields and rows do not exist."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from backoffice.core import access
from backoffice.core.access import Person, Verb
from backoffice.core.selection.compare import column_of, compared
from backoffice.core.selection.errors import QueryError
from backoffice.core.selection.fields import (
    TO_ROWS,
    Field,
    Kind,
    Model,
    fields_of,
    key_field,
    target_of,
    visible_fields,
)
from backoffice.core.selection.folding import contains_text
from backoffice.core.selection.membership import MEMBERSHIP, in_lists
from backoffice.core.selection.tree import Empty, Filled, Op, Part, Term, Word
from backoffice.core.text import fold

LONGEST_PATH = 5

Condition = ColumnElement[bool]


def condition(model: Model, person: Person, part: Part) -> Condition:
    """Returns the condition of one part. Negation takes in the rows without a value. Raises QueryError."""
    found = _word(model, person, part) if isinstance(part, Word) else _term(model, person, part)
    return found.is_not(true()) if part.negated else found


def every(conditions: Sequence[Condition]) -> Condition | None:
    """Returns the conjunction; None of nothing."""
    return and_(*conditions) if conditions else None


def lookup(model: Model, person: Person, path: Sequence[str], part: str) -> list[Field]:
    """Returns the fields along `path`. What does not exist and what `person` may not see raise the same QueryError."""
    if len(path) > LONGEST_PATH:
        raise QueryError(part, f"a path may have {LONGEST_PATH} steps")
    fields: list[Field] = []
    for name in path:
        if fields and fields[-1].kind not in TO_ROWS:
            raise QueryError(part, f"“{fields[-1].name}” is no relation, so “.{name}” leads nowhere")
        here = target_of(fields[-1]) if fields else model
        offered = visible_fields(person, here)
        if name not in offered:
            raise QueryError(part, _unknown(name, list(offered)))
        fields.append(offered[name])
    return fields


def _unknown(name: str, offered: list[str]) -> str:
    near = get_close_matches(name, offered, n=1)
    hint = f"did you mean “{near[0]}”?" if near else f"there are {', '.join(offered[:12])}." if offered else ""
    return f"unknown field “{name}”; {hint} To search for the text itself put it in double quotes."


def _term(model: Model, person: Person, term: Term) -> Condition:
    if term.path[-1] == MEMBERSHIP:
        way = lookup(model, person, term.path[:-1], str(term))
        found = in_lists(_end_of(way, model, term), person, term)
    else:
        *way, last = lookup(model, person, term.path, str(term))
        found = _related(last, person, term) if last.kind in TO_ROWS else compared(last, term, str(term))
    for field in reversed(way):
        found = leads_to(field, person, found)
    return found


def _end_of(way: Sequence[Field], model: Model, term: Term) -> Model:
    """Returns the model whose rows `in:` is about: the one that the path before it leads to."""
    if way and way[-1].kind not in TO_ROWS:
        raise QueryError(str(term), f"“{way[-1].name}” is no relation, so “.{MEMBERSHIP}” leads nowhere")
    return target_of(way[-1]) if way else model


def leads_to(field: Field, person: Person, inner: Condition | None = None) -> Condition:
    """Returns the condition that a relation or collection leads to a row that `person` may see, and that fulfils `inner`."""
    target = target_of(field)
    local, remote = _link(field)
    scope = access.row_scope(person, target)
    inside = select(remote).where(*(part for part in (inner, scope) if part is not None))
    if field.kind is Kind.RELATION and inner is None and scope is None:
        return local.is_not(None)
    # Not correlated: the same table outside is another row.
    return local.in_(inside.correlate(None))


def _link(field: Field) -> tuple[Any, Any]:
    if field.link is None:
        raise TypeError(f"{field.name} is no relation")
    return getattr(field.model, field.link[0]), getattr(target_of(field), field.link[1])


def _related(field: Field, person: Person, term: Term) -> Condition:
    """Returns the condition on a relation itself: is there one, or is it the one with this key."""
    if term.op is not Op.EQUALS:
        raise QueryError(str(term), f"“{field.name}” is a relation; compare it with “:”, or one of its fields")
    found: list[Condition] = []
    keys = tuple(value for value in term.values if not isinstance(value, Empty | Filled))
    if keys:
        key = key_field(target_of(field))
        found.append(leads_to(field, person, compared(key, Term(term.path, Op.EQUALS, keys), str(term))))
    if Filled() in term.values:
        found.append(leads_to(field, person))
    if Empty() in term.values:
        found.append(leads_to(field, person).is_not(true()))
    return or_(*found)


def _word(model: Model, person: Person, word: Word) -> Condition:
    folded = fold(word.text)
    if not folded:
        raise QueryError(word.text, "holds nothing that could be searched for")
    found = _occurs(model, person, folded)
    for path in getattr(model, "__search_through__", ()):
        inner = _through(model, person, path.split("."), folded)
        if inner is not None:
            found.append(inner)
    if not found:
        raise QueryError(str(word), "there is no text to search here; ask for a field instead, as in id:1")
    return or_(*found)


def _through(model: Model, person: Person, path: list[str], folded: str) -> Condition | None:
    """Returns the condition that a related row holds the text; None where `person` may not look there."""
    field = visible_fields(person, model).get(path[0])
    if field is None or not access.may(person, Verb.VIEW, target_of(field)):
        return None
    target = target_of(field)
    inner = _through(target, person, path[1:], folded) if path[1:] else _any_of(_occurs(target, person, folded))
    return None if inner is None else leads_to(field, person, inner)


def _any_of(conditions: list[Condition]) -> Condition | None:
    return or_(*conditions) if conditions else None


def _occurs(model: Model, person: Person, folded: str) -> list[Condition]:
    """Returns the condition that a row itself holds the text, in a column that `person` may see; nothing if there is none."""
    names = getattr(model, "__search__", ())
    if not names or not hasattr(model, "search_text"):
        return []
    anywhere = model.search_text.contains(folded, autoescape=True)
    seen = visible_fields(person, model)
    if all(name in seen for name in names if name in fields_of(model)):
        return [anywhere]
    shown = [contains_text(column_of(seen[name]), folded) for name in names if name in seen]
    return [and_(anywhere, or_(*shown))] if shown else []  # the folded column first: it leaves few rows to look at
