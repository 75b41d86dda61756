"""`in:my-list`: the rows that a basket or a named list holds, as a condition like any other."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, or_

from backoffice.core import access, lists
from backoffice.core.access import Person, Verb
from backoffice.core.selection.errors import QueryError
from backoffice.core.selection.fields import Model
from backoffice.core.selection.tree import Literal, Op, Term
from backoffice.core.wording import gettext

MEMBERSHIP = "in"


def in_lists(model: Model, person: Person, term: Term) -> ColumnElement[bool]:
    """Returns the condition that a row of `model` is in one of the lists named. Raises QueryError for an unknown one.

    The list is read when the statement runs; the row scope of whoever asks stands beside it, as for every condition.
    """
    part = str(term)
    if not access.may(person, Verb.VIEW, model):
        raise QueryError(part, gettext("unknown field “%(name)s”", name=MEMBERSHIP))
    if term.op is not Op.EQUALS:
        raise QueryError(part, gettext("“%(name)s” takes a “:” and the name of a list", name=MEMBERSHIP))
    return or_(*(model.id.in_(lists.members(_list_id(model, person, name, part))) for name in _names(term, part)))


def _names(term: Term, part: str) -> Iterator[str]:
    for value in term.values:
        if not isinstance(value, Literal):
            raise QueryError(
                part,
                gettext("“%(value)s” is no name of a list; a name with “..” in it goes in double quotes", value=value),
            )
        yield value.text


def _list_id(model: Model, person: Person, name: str, part: str) -> int | None:
    try:
        return lists.find(person, model, name)
    except lists.ListError as error:
        raise QueryError(part, str(error)) from error


def list_names(term: Term) -> list[str]:
    """Returns the names of the lists as people say them."""
    names = (value.text if isinstance(value, Literal) else str(value) for value in term.values)
    return [f"“{name}”" if " " in name else name for name in names]


def list_offers(model: Model, person: Person) -> Iterator[tuple[str, str]]:
    """Yields what may follow `in:`, with a label: the basket, then lists of one's own, then shared ones."""
    yield lists.BASKET, gettext("Your basket")
    for kept in lists.named_lists(person, model):
        yield (
            str(Literal(kept.name)),
            gettext("Your list") if kept.own else gettext("Shared by %(person)s", person=kept.owner_name),
        )
