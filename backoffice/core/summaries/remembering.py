"""Small answers beside the figures, texts by two names, kept as long as nobody writes what they were made from; and what took
too long to be made, which is not tried again at once.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from flask import current_app
from sqlalchemy import ClauseElement

from backoffice.core import access
from backoffice.core.database import if_in_time
from backoffice.core.summaries import freshness
from backoffice.extensions import cache, db

Answer = dict[str, dict[str, str]]
Made = TypeVar("Made")
WHOLE = 0.9  # of the time: who was given less, and did not get ready, may do so with all of it


@dataclass(frozen=True)
class Allowance:
    """The seconds that several things may take together, and the moment when they end."""

    seconds: float
    end: float  # of the clock that only goes on

    @classmethod
    def of(cls, seconds: float) -> Allowance:
        """Returns so many seconds from now on."""
        return cls(seconds, time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """Returns how many seconds there still are; below 0 once there are none."""
        return self.end - time.monotonic()


def remembered(name: str, tables: Iterable[str], make: Callable[[Answer], tuple[Answer, bool]]) -> Answer:
    """Returns what `make` makes of `tables`, as JSON holds it: from the cache while it is true.

    `name` says all that tells one answer from another: whose rows they are as well. `make` also says whether its answer is
    whole; if not, it is given that answer the next time, to go on from there.
    """
    key = _key("answer", name)
    stamps = freshness.take(tables)
    found = cache.get(key)
    kept = found if isinstance(found, dict) and found.get("stamps") == stamps else {}
    begun = _answer(kept.get("answer"))
    if begun and kept.get("whole") is True:
        return begun
    db.session.rollback()  # what was read before the stamps may be older than they are
    answer, whole = make(begun)
    cache.set(key, {"stamps": stamps, "answer": answer, "whole": whole}, timeout=current_app.config["FIGURE_SECONDS"])
    return answer


def remembered_of(what: str, rows: ClauseElement, make: Callable[[Answer], tuple[Answer, bool]]) -> Answer:
    """Returns the same of what the statement `rows` reads; not kept where that changes without an operation, as a basket does."""
    tables = freshness.tables_of(rows)
    return remembered(_name(what, rows), tables, make) if _lasts(tables) else make({})[0]


def unless_slow(what: str, rows: ClauseElement, allowed: Allowance, read: Callable[[], Made]) -> Made | None:
    """Returns what `read` returns; None where that takes longer than what is left of the time `allowed`.

    What took all of it is not tried again for a while, whoever writes: the next page that allows as much does not wait in vain.
    """
    lasts = _lasts(freshness.tables_of(rows))
    key = _key("slow", f"{allowed.seconds}:{_name(what, rows)}") if lasts else ""
    if key and cache.get(key) is True:
        return None
    left = allowed.left
    found = if_in_time(db.session(), left, read)
    if key and found is None and left >= allowed.seconds * WHOLE:
        cache.set(key, True, timeout=current_app.config["FIGURE_SECONDS"])
    return found


def _lasts(tables: set[str]) -> bool:
    """Says whether nothing but an operation changes `tables`, so that it is known when what was read from them is old."""
    return tables <= {model.__tablename__ for model in access.declared()}


def _name(what: str, rows: ClauseElement) -> str:
    """Returns what tells one answer from another: the rows, as far as the person may see them."""
    return f"{what}:{freshness.mark_of(rows)}"


def _key(kind: str, name: str) -> str:
    return f"{kind}:{hashlib.sha256(name.encode()).hexdigest()}"


def _answer(stored: object) -> Answer:
    """Returns what was kept if it is an answer, an empty one otherwise."""
    if not isinstance(stored, dict) or not all(isinstance(part, dict) for part in stored.values()):
        return {}
    words = chain.from_iterable(part.values() for part in stored.values())
    return stored if all(isinstance(word, str) for word in words) else {}
