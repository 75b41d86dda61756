"""Which list a name means, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select

from backoffice.core import access, reader
from backoffice.core.access import Person
from backoffice.core.lists.errors import ListError
from backoffice.core.lists.models import LONGEST_NAME, RowList, RowListItem
from backoffice.core.text import fold
from backoffice.core.unindexed import Unindexed
from backoffice.core.wording import both, gettext
from backoffice.extensions import db

BASKET = "basket"  # the name by which everybody's own basket goes
RESERVED = frozenset({BASKET, "none", "any"})


@dataclass(frozen=True)
class NamedList:
    """A list with a name, as `person` meets it: their own, or one that a colleague shares."""

    id: int
    name: str
    owner_name: str
    own: bool
    shared: bool


def name_key(name: str) -> str:
    """Returns the form in which two spellings of a name are equal. Raises ListError for what is no name."""
    shown = name.strip()
    if len(shown) > LONGEST_NAME:
        raise ListError(
            gettext(
                "A name may have %(most)s characters, this one has %(number)s.",
                most=LONGEST_NAME,
                number=reader.number(len(shown)),
            )
        )
    if not shown.isprintable() or not fold(shown):
        raise ListError(gettext("Write a name of letters, figures and signs that can be seen."))
    return fold(shown)


def named_lists(person: Person, model: type[Any]) -> list[NamedList]:
    """Returns the lists of rows of `model` that `person` may use by name: their own, then those shared with them."""
    lists = db.session.execute(_usable(person, model)).scalars()
    found = [NamedList(kept.id, kept.name, kept.owner_name, kept.owner_id == person.id, kept.shared) for kept in lists]
    return sorted(found, key=lambda named: (not named.own, fold(named.name)))


def find(person: Person, model: type[Any], name: str) -> int | None:
    """Returns the id of the list that `name` means: one's own before a shared one; None for a basket that is not there.

    Raises ListError where there is no such list for `person`.
    """
    key = fold(name)
    if key == BASKET:
        return basket_id(person, model)
    found = [kept for kept in db.session.scalars(_usable(person, model).where(RowList.name_key == key)) if key]
    if not found:
        raise ListError(gettext("there is no list “%(name)s” of your own, and none that is shared with you", name=name))
    best = [kept for kept in found if kept.owner_id == person.id] or [kept for kept in found if kept.shared] or found
    if len(best) > 1:  # only the command line sees lists that are not shared
        names = both(sorted(kept.owner_name for kept in best))
        raise ListError(gettext("%(names)s have a list of this name; share one", names=names))
    return best[0].id


def basket_id(person: Person, model: type[Any]) -> int | None:
    """Returns the id of the person's basket on `model`; None while there is none."""
    if person.id is None:
        raise ListError(gettext("the command line has no basket; name the list"))
    statement = select(RowList.id).where(*_mine(person, model), RowList.name_key == "")
    return db.session.scalar(statement)


def members(list_id: int | None) -> Select[Any]:
    """Returns the ids that a list holds, whoever may see them: to be used inside a condition that has the row scope."""
    return select(RowListItem.entity_id).where(RowListItem.list_id == (0 if list_id is None else list_id))


def counts(person: Person, model: type[Any], lists: Sequence[NamedList]) -> dict[int, int]:
    """Returns how many rows of each list there are for `person`."""
    statement = (
        select(RowListItem.list_id, func.count())
        .where(
            RowListItem.list_id.in_([kept.id for kept in lists]),
            Unindexed(RowListItem.entity_id).in_(in_scope(person, model)),
        )
        .group_by(RowListItem.list_id)
    )
    return {row[0]: row[1] for row in db.session.execute(statement)} if lists else {}


def in_scope(person: Person, model: type[Any]) -> Select[Any]:
    """Returns the ids of all rows that `person` may see."""
    scope = access.row_scope(person, model)
    return select(model.id) if scope is None else select(model.id).where(scope)


def _usable(person: Person, model: type[Any]) -> Select[Any]:
    named = select(RowList).where(RowList.entity_type == model.__tablename__, RowList.name_key != "")
    return named if person.id is None else named.where(or_(RowList.owner_id == person.id, RowList.shared))


def _mine(person: Person, model: type[Any]) -> tuple[Any, ...]:
    return RowList.owner_id == person.id, RowList.entity_type == model.__tablename__
