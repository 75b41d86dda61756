"""Who wants to hear each day which rows entered or left a view, what they were told last, and what they are to be told."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.core.access import Person
from backoffice.core.database import insert_unless_there, writing
from backoffice.core.model import UtcDateTime
from backoffice.extensions import cache, db

KNOWN = 300  # seconds for which it is not looked up again what a person is to be told


class ViewWatch(db.Model):  # type: ignore[name-defined]
    """One person watches one view. `rows` and `ids` are as they knew it last, `entered` and `gone` what differs from that
    now, `number` how many there are now; of too many rows there are only the numbers. What differs is `untold` until
    they have read it.

    Not a Record: it says nothing about the organisation, so it is no operation and has no history.
    """

    __tablename__ = "view_watch"
    __table_args__ = (Index(None, "looked_at"),)

    owner_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id", ondelete="CASCADE"), primary_key=True)
    # No foreign key: a deleted view may come back by an undo, and whoever watched it still does.
    view_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rows: Mapped[int | None] = mapped_column(BigInteger)
    number: Mapped[int | None] = mapped_column(BigInteger)
    ids: Mapped[bytes | None] = mapped_column(LargeBinary)
    entered: Mapped[bytes | None] = mapped_column(LargeBinary)
    gone: Mapped[bytes | None] = mapped_column(LargeBinary)
    untold: Mapped[bool] = mapped_column(default=False)


def packed(ids: Iterable[int]) -> bytes:
    """Returns row numbers as few bytes: the gaps between them, compressed."""
    gaps, last = [], 0
    for number in sorted(ids):
        gaps.append(str(number - last))
        last = number
    return zlib.compress(" ".join(gaps).encode())


def unpacked(data: bytes | None) -> frozenset[int]:
    """Returns the row numbers that were packed, none of None."""
    found, last = set(), 0
    for gap in zlib.decompress(data).split() if data else ():
        last += int(gap)
        found.add(last)
    return frozenset(found)


def watch(person: Person, view_id: int) -> None:
    """Lets `person` hear of the rows of a view, from those on that a worker finds there next."""
    with writing(db.session()) as connection:
        insert_unless_there(connection, ViewWatch, owner_id=person.id, view_id=view_id, untold=False)


def unwatch(person: Person, view_id: int) -> None:
    """Ends that."""
    with writing(db.session()) as connection:
        connection.execute(delete(ViewWatch).where(*_one(person.id, view_id)))
    _forget(person.id)


def watched(person: Person) -> frozenset[int]:
    """Returns the views that `person` watches."""
    return frozenset(db.session.scalars(select(ViewWatch.view_id).where(ViewWatch.owner_id == person.id)))


def due(since: datetime, limit: int) -> list[ViewWatch]:
    """Returns those at which nobody looked since then, apart from the session."""
    late = select(ViewWatch).where(or_(ViewWatch.looked_at.is_(None), ViewWatch.looked_at < since)).limit(limit)
    found = list(db.session.scalars(late))
    db.session.expunge_all()
    return found


def settle(found: ViewWatch, at: datetime, **values: Any) -> bool:
    """Notes what was found at `at`; says whether it is this look that counts: of several workers, one writes it."""
    same = (ViewWatch.looked_at.is_not_distinct_from(found.looked_at), ViewWatch.untold == found.untold)
    statement = update(ViewWatch).where(*_one(found.owner_id, found.view_id), *same).values(looked_at=at, **values)
    with writing(db.session()) as connection:
        counts = connection.execute(statement).rowcount == 1
    _forget(found.owner_id)
    return counts


def untold(person: Person) -> Sequence[ViewWatch]:
    """Returns what `person` is to be told; most pages learn from the cache that there is nothing."""
    key = _key(person.id)
    if cache.get(key) == 0:
        return ()
    mine = select(ViewWatch).where(ViewWatch.owner_id == person.id, ViewWatch.untold).order_by(ViewWatch.view_id)
    found = db.session.scalars(mine).all()
    cache.set(key, len(found), timeout=KNOWN)
    return found


def note_told(told: Sequence[tuple[int, int, datetime | None]]) -> None:
    """Remembers that the owners read what was found: (owner, view, when it was found)."""
    for owner_id, view_id, at in told:
        with writing(db.session()) as connection:
            read = (*_one(owner_id, view_id), ViewWatch.looked_at.is_not_distinct_from(at))
            connection.execute(update(ViewWatch).where(*read).values(untold=False))
        _forget(owner_id)


def _one(owner_id: int | None, view_id: int) -> tuple[Any, ...]:
    return ViewWatch.owner_id == owner_id, ViewWatch.view_id == view_id


def _key(owner_id: int | None) -> str:
    return f"views-to-tell:{owner_id}"


def _forget(owner_id: int | None) -> None:
    cache.delete(_key(owner_id))
