"""Lists with a name: made, renamed, filled from the basket, shared and deleted. Each is one short transaction of its own.

Only the owner changes a list; nothing happens to others' lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from backoffice.core.access import Person
from backoffice.core.clock import utcnow
from backoffice.core.database import writing
from backoffice.core.lists.errors import ListError
from backoffice.core.lists.finding import RESERVED, basket_id, members, name_key
from backoffice.core.lists.keeping import Ids, fill, new_list, tally
from backoffice.core.lists.models import RowList, RowListItem
from backoffice.core.wording import gettext, later
from backoffice.extensions import db

GONE = later("This list is no longer there, or it is not yours.")


def name_rows(person: Person, model: type[Any], name: str, ids: Ids, source: str = "", *, shared: bool = False) -> str:
    """Makes a list with a name of rows that `person` may see, and returns the name. Raises ListError."""
    shown, key = _usable(name)
    with _unique(person, model, key), writing(db.session()) as connection:
        fill(connection, new_list(connection, person, model, shown, key, shared), person, model, ids, source)
    return shown


def name_basket(person: Person, model: type[Any], name: str, *, shared: bool = False) -> str:
    """Makes a list with a name of what is in the person's basket, and returns the name. Raises ListError."""
    return name_rows(person, model, name, _basket(person, model), "basket", shared=shared)


def rename(person: Person, model: type[Any], list_id: int, name: str) -> str:
    """Gives one's own list another name, and returns it; its rows and who may use it stay. Raises ListError."""
    shown, key = _usable(name)
    with _unique(person, model, key, list_id), writing(db.session()) as connection:
        named = update(RowList).where(*_own(person, model, list_id))
        renamed = connection.execute(named.values(name=shown, name_key=key, changed_at=utcnow()))
        if not renamed.rowcount:
            raise ListError(gettext(GONE))
    return shown


def add_basket(person: Person, model: type[Any], list_id: int) -> int:
    """Puts what is in the basket into one's own list as well, and returns how many rows came to it. Raises ListError."""
    basket = _basket(person, model)
    with writing(db.session()) as connection:
        _hold(connection, person, model, list_id)
        before = _size(connection, list_id)
        fill(connection, list_id, person, model, basket, "basket")
        return _size(connection, list_id) - before


def take_basket(person: Person, model: type[Any], list_id: int) -> int:
    """Takes what is in the basket out of one's own list, and returns how many rows that were. Raises ListError."""
    basket = _basket(person, model).subquery()
    with writing(db.session()) as connection:
        _hold(connection, person, model, list_id)
        taken = delete(RowListItem).where(
            RowListItem.list_id == list_id, RowListItem.entity_id.in_(select(basket.c[0]))
        )
        return int(connection.execute(taken).rowcount)


def share(person: Person, model: type[Any], list_id: int, shared: bool) -> None:
    """Lets colleagues use one's own list by its name, or no longer. Raises ListError."""
    key = db.session.scalar(select(RowList.name_key).where(*_own(person, model, list_id))) or ""
    with _unique(person, model, key, list_id), writing(db.session()) as connection:
        connection.execute(update(RowList).where(*_own(person, model, list_id)).values(shared=shared))


def forget(person: Person, model: type[Any], list_id: int) -> None:
    """Deletes one's own list; its rows stay."""
    with writing(db.session()) as connection:
        connection.execute(delete(RowList).where(*_own(person, model, list_id)))


def _usable(name: str) -> tuple[str, str]:
    """Returns a name as it is shown and as it is found. Raises ListError for what is none."""
    shown, key = name.strip(), name_key(name)
    if key in RESERVED:
        raise ListError(gettext("“%(name)s” means something else in a search. Choose another name.", name=shown))
    return shown, key


def _basket(person: Person, model: type[Any]) -> Any:
    """Returns the SELECT of the ids in the person's basket. Raises ListError where it is empty."""
    if not tally(person, model).number:
        raise ListError(gettext("The basket is empty. Tick some rows first."))
    return members(basket_id(person, model))


def _own(person: Person, model: type[Any], list_id: int) -> tuple[Any, ...]:
    mine = RowList.owner_id == person.id, RowList.entity_type == model.__tablename__
    return (*mine, RowList.id == list_id, RowList.name_key != "")


def _hold(connection: Any, person: Person, model: type[Any], list_id: int) -> None:
    """Locks one's own list: two windows that change it take turns. Raises ListError where there is none."""
    held = connection.execute(update(RowList).where(*_own(person, model, list_id)).values(changed_at=utcnow()))
    if not held.rowcount:
        raise ListError(gettext(GONE))


def _size(connection: Any, list_id: int) -> int:
    here = select(func.count()).select_from(RowListItem).where(RowListItem.list_id == list_id)
    return int(connection.execute(here).scalar_one())


@contextmanager
def _unique(person: Person, model: type[Any], key: str, list_id: int = 0) -> Iterator[None]:
    """Says whose list has the name already, where the database refuses it."""
    try:
        yield
    except IntegrityError as error:
        same = select(RowList).where(RowList.entity_type == model.__tablename__, RowList.name_key == key)
        others = list(db.session.scalars(same.where(RowList.id != list_id)))
        if any(kept.owner_id == person.id for kept in others):
            raise ListError(
                gettext("You have a list of this name already. Choose another name, or add the basket to it.")
            ) from error
        who = next((kept.owner_name for kept in others if kept.shared), gettext("A colleague"))
        raise ListError(
            gettext("%(person)s shares a list of this name already. Name yours differently.", person=who)
        ) from error
