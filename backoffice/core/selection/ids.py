"""Rows that are named one by one."""

from __future__ import annotations

from collections.abc import Iterable

from backoffice.core.selection.errors import QueryError

MOST_IDS = 10_000
LARGEST_ID = 2**63 - 1


def checked_ids(part: str, ids: Iterable[int]) -> tuple[int, ...]:
    """Returns the numbers of rows, each once. Raises QueryError for too many and for what is the number of no row."""
    numbers = tuple(dict.fromkeys(ids))
    if len(numbers) > MOST_IDS:
        raise QueryError(part, f"at most {MOST_IDS:,} rows can be named one by one; narrow the search instead")
    for number in numbers:
        if not 0 < number <= LARGEST_ID:
            raise QueryError(str(number), f"is no number of a row (in “{part}”)")
    return numbers
