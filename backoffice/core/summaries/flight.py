"""Single flight: whatever many threads and processes want at the same moment is made once, the others wait for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from backoffice.extensions import cache

T = TypeVar("T")

PATIENCE = 20.0  # seconds after which whoever waits makes it itself: the holder of the lock may hang
POLL = 0.01  # seconds between two looks


def fill(keys: Iterable[str], find: Callable[[list[str]], dict[str, T]], make: Callable[[str], T]) -> dict[str, T]:
    """Returns a value for each of `keys`: made here by `make`, or found by `find` after someone else made it."""
    waiting, ready = list(keys), dict[str, T]()
    give_up_at = time.monotonic() + PATIENCE
    while waiting:
        for key in waiting:
            with _claim(key) as mine:
                if mine or time.monotonic() > give_up_at:
                    ready[key] = find([key]).get(key) or make(key)
        waiting = [key for key in waiting if key not in ready]
        if waiting:
            time.sleep(POLL)
            ready |= find(waiting)
            waiting = [key for key in waiting if key not in ready]
    return ready


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Waits until nobody else is in a block of this `name`, but never longer than a holder may hang."""
    give_up_at = time.monotonic() + PATIENCE
    while True:
        with _claim(name) as mine:
            if mine or time.monotonic() > give_up_at:
                yield
                return
        time.sleep(POLL)


def _claim(name: str) -> Any:
    return cache.cache.claim(name)
