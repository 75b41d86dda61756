"""The parts of a query as SQL conditions on one model, for one person: hidden fields and rows do not exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from backoffice.core import access, text_index
from backoffice.core.access import Person, Verb
from backoffice.core.selection.candidates import candidates
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
    visible_field,
    visible_fields,
)
from backoffice.core.selection.folding import holds_text
from backoffice.core.selection.membership import MEMBERSHIP, in_lists
from backoffice.core.selection.tree import Empty, Filled, Group, Literal, Op, Part, Term, Word
from backoffice.core.text import fold
from backoffice.core.wording import gettext
from backoffice.extensions import db

LONGEST_PATH = 5
ME = Literal("me")  # in a relation to people: whoever asks

Condition = ColumnElement[bool]


def condition(model: Model, person: Person, part: Part, walking: bool = False) -> Condition:
    """Returns the condition of one part. Negation takes in the rows without a value. Raises QueryError.

    `walking` asks for the same condition in the form in which each row is looked at by itself: related rows by their keys,
    texts without their index. It is for going along an order until a page is full.
    """
    found = _affirmed(model, person, part, walking)
    return found.is_not(true()) if part.negated else found


def lasts(part: Part) -> bool:
    """Says whether a part means the same all day for anybody in a role: what names a list does not, for lists come and go."""
    if isinstance(part, Group):
        return all(map(lasts, part.parts))
    return isinstance(part, Word) or part.path[-1] != MEMBERSHIP


def _affirmed(model: Model, person: Person, part: Part, walking: bool) -> Condition:
    if isinstance(part, Word):
        return _word(model, person, part, walking)
    if isinstance(part, Term):
        return _term(model, person, part, walking)
    found = [condition(model, person, each, walking) for each in part.parts]
    return or_(*found) if part.either else and_(*found)


def every(conditions: Sequence[Condition]) -> Condition | None:
    """Returns the conjunction; None of nothing."""
    return and_(*conditions) if conditions else None


def lookup(model: Model, person: Person, path: Sequence[str], part: str) -> list[Field]:
    """Returns the fields along `path`. What does not exist and what `person` may not see raise the same QueryError."""
    if len(path) > LONGEST_PATH:
        raise QueryError(part, gettext("a path may have %(most)s steps", most=LONGEST_PATH))
    fields: list[Field] = []
    for name in path:
        if fields and fields[-1].kind not in TO_ROWS:
            raise QueryError(
                part,
                gettext("“%(name)s” is no relation, so “.%(step)s” leads nowhere", name=fields[-1].name, step=name),
            )
        here = target_of(fields[-1]) if fields else model
        field = visible_field(person, here, name)
        if field is None:
            raise QueryError(part, _unknown(name, list(visible_fields(person, here))))
        fields.append(field)
    return fields


def _unknown(name: str, offered: list[str]) -> str:
    near = get_close_matches(name, offered, n=1)
    if near:
        return gettext(
            "unknown field “%(name)s”; did you mean “%(near)s”? To search for the text itself put it in double quotes.",
            name=name,
            near=near[0],
        )
    if offered:
        return gettext(
            "unknown field “%(name)s”; there are %(names)s. To search for the text itself put it in double quotes.",
            name=name,
            names=", ".join(offered[:12]),
        )
    return gettext("unknown field “%(name)s”;  To search for the text itself put it in double quotes.", name=name)


def _term(model: Model, person: Person, term: Term, walking: bool) -> Condition:
    if term.path[-1] == MEMBERSHIP:
        way = lookup(model, person, term.path[:-1], str(term))
        found = in_lists(_end_of(way, model, term), person, term)
    else:
        *way, last = lookup(model, person, term.path, str(term))
        found = _related(last, person, term, walking) if last.kind in TO_ROWS else _plain(last, term, walking)
    for field in reversed(way):
        found = leads_to(field, person, found, walking)
    return found


def _plain(field: Field, term: Term, walking: bool) -> Condition:
    condition = compared(field, term, str(term))
    among = None if walking else candidates(field, term)
    return condition if among is None else and_(field.model.id.in_(among), condition)


def _end_of(way: Sequence[Field], model: Model, term: Term) -> Model:
    """Returns the model whose rows `in:` is about: the one that the path before it leads to."""
    if way and way[-1].kind not in TO_ROWS:
        raise QueryError(
            str(term),
            gettext(
                "“%(name)s” is no relation, so “.%(step)s” leads nowhere",
                name=way[-1].name,
                step=MEMBERSHIP,
            ),
        )
    return target_of(way[-1]) if way else model


def leads_to(field: Field, person: Person, inner: Condition | None = None, walking: bool = False) -> Condition:
    """Returns the condition that a relation or collection leads to a row that `person` may see, and that fulfils `inner`."""
    target = target_of(field)
    local, remote = _link(field)
    conditions = [part for part in (inner, access.row_scope(person, target)) if part is not None]
    if field.kind is Kind.RELATION and not conditions:
        return local.is_not(None)
    if walking and target is not field.model:
        # A value, not EXISTS or IN: those PostgreSQL would rather answer for all rows at once.
        beside = select(true()).select_from(target).where(remote == local, *conditions).limit(1)
        return beside.correlate(field.model.__table__).scalar_subquery().is_(true())
    # Not correlated: the same table outside is another row.
    return local.in_(select(remote).where(*conditions).correlate(None))


def _link(field: Field) -> tuple[Any, Any]:
    if field.link is None:
        raise TypeError(f"{field.name} is no relation")
    return getattr(field.model, field.link[0]), getattr(target_of(field), field.link[1])


def _related(field: Field, person: Person, term: Term, walking: bool) -> Condition:
    """Returns the condition on a relation itself: is there one, or is it the one with this key."""
    if term.op is not Op.EQUALS:
        raise QueryError(
            str(term), gettext("“%(name)s” is a relation; compare it with “:”, or one of its fields", name=field.name)
        )
    found: list[Condition] = []
    keys = tuple(value for value in term.values if not isinstance(value, Empty | Filled))
    if ME in keys and is_of_people(field):
        keys = tuple(value for value in keys if value != ME)
        found.append(leads_to(field, person, target_of(field).id == person.id, walking))
    if keys:
        key = key_field(target_of(field))
        found.append(leads_to(field, person, _plain(key, Term(term.path, Op.EQUALS, keys), walking), walking))
    if Filled() in term.values:
        found.append(leads_to(field, person))
    if Empty() in term.values:
        found.append(leads_to(field, person).is_not(true()))
    return or_(*found)


def is_of_people(field: Field) -> bool:
    """Says whether a relation leads to those who ask, so that "me" is one of them."""
    return bool(getattr(field.target, "__people__", False))


def _word(model: Model, person: Person, word: Word, walking: bool) -> Condition:
    folded = folded_word(word)
    own = occurs(model, person, (folded,), walking)
    found = [] if own is None else [own]
    for way in searched_ways(model, person):
        inner = occurs(target_of(way[-1]), person, (folded,), walking)
        if inner is not None:
            for field in reversed(way):
                inner = leads_to(field, person, inner, walking)
            found.append(inner)
    if not found:
        raise QueryError(str(word), gettext("there is no text to search here; ask for a field instead, as in id:1"))
    return or_(*found)


def folded_word(word: Word) -> str:
    """Returns the word as it stands in searched columns. Raises QueryError for one of which nothing is left."""
    folded = fold(word.text)
    if not folded:
        raise QueryError(word.text, gettext("holds nothing that could be searched for"))
    return folded


def searched_ways(model: Model, person: Person) -> Iterator[list[Field]]:
    """Yields the relations, each a path of fields, whose rows are searched as well, where `person` may look there."""
    for path in getattr(model, "__search_through__", ()):
        way: list[Field] = []
        for name in path.split("."):
            field = visible_fields(person, target_of(way[-1]) if way else model).get(name)
            if field is None or not access.may(person, Verb.VIEW, target_of(field)):
                break
            way.append(field)
        else:
            yield way


def occurs(model: Model, person: Person, texts: Sequence[str], walking: bool = False) -> Condition | None:
    """Returns the condition that a row itself holds the folded texts, in columns that `person` may see; None without any."""
    names = getattr(model, "__search__", ())
    if not names or not hasattr(model, "search_text"):
        return None
    seen = visible_fields(person, model)
    shown = [column_of(seen[name]) for name in names if name in seen]
    if not shown:
        return None
    found = [text_index.holds(model.search_text, text) for text in texts]
    if any(name not in seen for name in names if name in fields_of(model)):
        # The folded column stands first: it leaves few rows to look at.
        found += [or_(*(holds_text(column, text) for column in shown)) for text in texts]
    if not walking and db.engine.dialect.name == "sqlite":
        index = text_index.index_of(model)
        found.insert(0, model.id.in_(select(index.c.rowid).where(text_index.may_hold(index, texts))))
    return and_(*found)
