"""Rows that are named one by one."""

from __future__ import annotations

from collections.abc import Iterable

from backoffice.core import reader
from backoffice.core.selection.errors import QueryError
from backoffice.core.wording import gettext

MOST_IDS = 10_000
LARGEST_ID = 2**63 - 1


def checked_ids(part: str, ids: Iterable[int]) -> tuple[int, ...]:
    """Returns the numbers of rows, each once. Raises QueryError for too many and for what is the number of no row."""
    numbers = tuple(dict.fromkeys(ids))
    if len(numbers) > MOST_IDS:
        raise QueryError(
            part,
            gettext(
                "at most %(most)s rows can be named one by one; narrow the search instead",
                most=reader.number(MOST_IDS),
            ),
        )
    for number in numbers:
        if not 0 < number <= LARGEST_ID:
            raise QueryError(str(number), gettext("is no number of a row (in “%(part)s”)", part=part))
    return numbers
