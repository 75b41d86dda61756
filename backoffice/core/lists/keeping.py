"""Putting rows into the basket and taking them out. Every function is one short transaction of its own.

What goes in is checked against the person's scope by the statement that puts it there; what comes out is checked again
whenever the list is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Select, delete, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from backoffice.core.access import Person
from backoffice.core.clock import utcnow
from backoffice.core.database import writing
from backoffice.core.lists.finding import basket_id, in_scope, members
from backoffice.core.lists.models import LONGEST_SOURCE, RowList, RowListItem
from backoffice.core.once import once
from backoffice.core.unindexed import Unindexed
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


@once
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
            Unindexed(RowListItem.entity_id).in_(
                in_scope(person, model)
            ),  # else each row in scope is looked for in the list
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
    with writing(db.session()) as connection:
        fill(connection, _basket(connection, person, model), person, model, ids, source)


def take(person: Person, model: type[Any], ids: Ids) -> None:
    """Takes rows out of the person's basket."""
    here = basket_id(person, model)
    if here is None or (not isinstance(ids, Select) and not ids):
        return
    with writing(db.session()) as connection:
        for some in portions(ids):
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
        with writing(db.session()) as connection:
            connection.execute(delete(RowListItem).where(RowListItem.list_id == here))


def forget_ticks(owner_id: int) -> None:
    """Empties all baskets of a member of staff, within the transaction under way: old ticks must not join new ones unseen."""
    baskets = select(RowList.id).where(RowList.owner_id == owner_id, RowList.name_key == "")
    db.session.execute(delete(RowListItem).where(RowListItem.list_id.in_(baskets)))


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
            return new_list(connection, person, model)
    except IntegrityError:  # another window has made it meanwhile
        return cast(int, _locked(connection, mine))


def _locked(connection: Connection, mine: Sequence[Any]) -> int | None:
    connection.execute(update(RowList).where(*mine).values(changed_at=utcnow()))
    return connection.scalar(select(RowList.id).where(*mine))


def new_list(
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


def fill(connection: Connection, here: int, person: Person, model: type[Any], ids: Ids, source: str) -> None:
    for some in portions(ids):
        allowed = in_scope(person, model).where(model.id.in_(some), model.id.not_in(members(here)))
        rows = allowed.with_only_columns(literal(here), model.id, literal(source[:LONGEST_SOURCE]))
        connection.execute(insert(RowListItem).from_select(["list_id", "entity_id", "source"], rows))


def portions(ids: Ids) -> Iterator[Ids]:
    if isinstance(ids, Select):
        yield ids
        return
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
