"""Putting rows into lists and taking them out. Every function is one short transaction of its own.

What goes in is checked against the person's scope by the statement that puts it there; what comes out is checked again
whenever the list is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Select, delete, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backoffice.core.access import Person
from backoffice.core.clock import utcnow
from backoffice.core.database import begin_writing
from backoffice.core.lists.errors import ListError
from backoffice.core.lists.finding import RESERVED, basket_id, in_scope, members, name_key
from backoffice.core.lists.models import LONGEST_SOURCE, RowList, RowListItem
from backoffice.extensions import db

Ids = Sequence[int] | Select[Any]
AT_ONCE = 1_000  # ids in one statement


@dataclass(frozen=True)
class Tally:
    """How many rows a basket holds that its person may see, and in how many searches they were ticked."""

    number: int = 0
    sources: int = 0


def tally(person: Person, model: type[Any]) -> Tally:
    """Returns what the person's basket on `model` holds."""
    return Tally(*db.session.execute(tallying(person, model)).one())


def tallying(person: Person, model: type[Any]) -> Select[Any]:
    """Returns the SELECT of the one row that makes a Tally."""
    numbers: tuple[Any, ...] = func.count().label("number"), func.count(RowListItem.source.distinct()).label("sources")
    return (
        select(*numbers)
        .join_from(RowList, RowListItem)
        .where(
            RowList.owner_id == person.id,
            RowList.entity_type == model.__tablename__,
            RowList.name_key == "",
            RowListItem.entity_id.in_(in_scope(person, model)),
        )
    )


def held(person: Person, model: type[Any], ids: Sequence[int]) -> frozenset[int]:
    """Returns which of `ids` are in the person's basket."""
    found = members(basket_id(person, model)).where(RowListItem.entity_id.in_(ids))
    return frozenset(db.session.scalars(found)) if ids else frozenset()


def put(person: Person, model: type[Any], ids: Ids, source: str) -> None:
    """Puts rows that `person` may see into their basket; `source` is the search that they were found by."""
    if not isinstance(ids, Select) and not ids:
        return
    with _writing() as connection:
        _fill(connection, _basket(connection, person, model), person, model, ids, source)


def take(person: Person, model: type[Any], ids: Ids) -> None:
    """Takes rows out of the person's basket."""
    here = basket_id(person, model)
    if here is None or (not isinstance(ids, Select) and not ids):
        return
    with _writing() as connection:
        for some in _portions(ids):
            connection.execute(delete(RowListItem).where(RowListItem.list_id == here, RowListItem.entity_id.in_(some)))


def replace(person: Person, model: type[Any], shown: Sequence[int], ticked: Sequence[int], source: str) -> None:
    """Makes the basket agree with a page: of the rows `shown` exactly those `ticked` are in it."""
    before, after = held(person, model, [*shown, *ticked]), frozenset(ticked)
    take(person, model, sorted(before - after))
    put(person, model, sorted(after - before), source)


def clear(person: Person, model: type[Any]) -> None:
    """Empties the person's basket."""
    here = basket_id(person, model)
    if here is not None:
        with _writing() as connection:
            connection.execute(delete(RowListItem).where(RowListItem.list_id == here))


def forget_ticks(owner_id: int) -> None:
    """Empties all baskets of a member of staff, within the transaction under way: old ticks must not join new ones unseen."""
    baskets = select(RowList.id).where(RowList.owner_id == owner_id, RowList.name_key == "")
    db.session.execute(delete(RowListItem).where(RowListItem.list_id.in_(baskets)))


def name_rows(person: Person, model: type[Any], name: str, ids: Ids, source: str = "", *, shared: bool = False) -> str:
    """Makes a list with a name of rows that `person` may see, and returns the name. Raises ListError."""
    shown, key = name.strip(), name_key(name)
    if key in RESERVED:
        raise ListError(f"“{shown}” means something else in a search. Choose another name.")
    taken = "You have a list of this name already, or a colleague shares one. Choose another name."
    with _unique(taken), _writing() as connection:
        _fill(connection, _new(connection, person, model, shown, key, shared), person, model, ids, source)
    return shown


def name_basket(person: Person, model: type[Any], name: str, *, shared: bool = False) -> str:
    """Makes a list with a name of what is in the person's basket, and returns the name. Raises ListError."""
    if not tally(person, model).number:
        raise ListError("The basket is empty. Tick some rows first.")
    return name_rows(person, model, name, members(basket_id(person, model)), "basket", shared=shared)


def share(person: Person, model: type[Any], list_id: int, shared: bool) -> None:
    """Lets colleagues use one's own list by its name, or no longer. Raises ListError; nothing happens to others' lists."""
    with _unique("A colleague shares a list of this name already. Name yours differently."), _writing() as connection:
        connection.execute(update(RowList).where(*_own(person, model, list_id)).values(shared=shared))


def forget(person: Person, model: type[Any], list_id: int) -> None:
    """Deletes one's own list; its rows stay. Nothing happens to others' lists."""
    with _writing() as connection:
        connection.execute(delete(RowList).where(*_own(person, model, list_id)))


def _own(person: Person, model: type[Any], list_id: int) -> tuple[Any, ...]:
    mine = RowList.owner_id == person.id, RowList.entity_type == model.__tablename__
    return (*mine, RowList.id == list_id, RowList.name_key != "")


def _basket(connection: Connection, person: Person, model: type[Any]) -> int:
    """Returns the id of the person's basket, made if need be. Its row is locked: ticks of two windows take turns."""
    mine = (
        RowList.owner_id == person.id,
        RowList.entity_type == model.__tablename__,
        RowList.name_key == "",
    )
    here = _locked(connection, mine)
    if here is not None:
        return here
    try:
        with connection.begin_nested():
            return _new(connection, person, model)
    except IntegrityError:  # another window has made it meanwhile
        return cast(int, _locked(connection, mine))


def _locked(connection: Connection, mine: Sequence[Any]) -> int | None:
    connection.execute(update(RowList).where(*mine).values(changed_at=utcnow()))
    return connection.scalar(select(RowList.id).where(*mine))


def _new(
    connection: Connection, person: Person, model: type[Any], name: str = "", key: str = "", shared: bool = False
) -> int:
    """Returns the id of a new list."""
    values = {
        "owner_id": person.id,
        "owner_name": person.full_name,
        "entity_type": model.__tablename__,
        "name": name,
        "name_key": key,
        "shared": shared,
        "changed_at": utcnow(),
    }
    return int(connection.execute(insert(RowList).values(values).returning(RowList.id)).scalar_one())


def _fill(connection: Connection, here: int, person: Person, model: type[Any], ids: Ids, source: str) -> None:
    for some in _portions(ids):
        allowed = in_scope(person, model).where(model.id.in_(some), model.id.not_in(members(here)))
        rows = allowed.with_only_columns(literal(here), model.id, literal(source[:LONGEST_SOURCE]))
        connection.execute(insert(RowListItem).from_select(["list_id", "entity_id", "source"], rows))


def _portions(ids: Ids) -> Iterator[Ids]:
    if isinstance(ids, Select):
        yield ids
        return
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


@contextmanager
def _writing() -> Iterator[Connection]:
    """One transaction of its own: what was read so far is given up, so that the write waits instead of failing."""
    session = cast(Session, db.session())
    session.rollback()
    try:
        yield begin_writing(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def _unique(taken: str) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise ListError(taken) from error
