"""Making things beside the requests: one thread of this process, one thing after the other, in the order of asking."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")

log = logging.getLogger(__name__)


class Maker(Generic[T]):
    """Makes what it is asked for, once for all who ask before it has begun. The process ends without waiting for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: dict[str, tuple[Callable[[], T], Future[T]]] = {}
        self._busy = False

    def ask(self, key: str, make: Callable[[], T]) -> Future[T]:
        """Returns what will hold the outcome of a `make` that begins after this moment."""
        with self._lock:
            future = self._asked.setdefault(key, (make, Future()))[1]
            if not self._busy:
                self._busy = True
                threading.Thread(target=self._work, name="figures", daemon=True).start()
        return future

    def _work(self) -> None:
        while (asked := self._next()) is not None:
            _fulfil(*asked)

    def _next(self) -> tuple[Callable[[], T], Future[T]] | None:
        with self._lock:
            self._busy = bool(self._asked)
            return self._asked.pop(next(iter(self._asked))) if self._asked else None


def _fulfil(make: Callable[[], T], future: Future[T]) -> None:
    try:
        future.set_result(make())
    except Exception as error:  # of whatever kind: it is told to who waits, and the others wait for their turn
        log.exception("A figure could not be made.")
        future.set_exception(error)
