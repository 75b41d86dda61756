"""Who looks on while a plan is applied: is told each step, may stop it between two, and has the last word before the commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from backoffice.core.operations.recording import Recording


class Watcher(Protocol):
    """What it raises, in either method, takes everything back."""

    def step(self, phase: str, rows: int) -> None:
        """Is told what was done last, and to how many rows; a row is recorded once and written once."""

    def end(self, operation: Recording) -> None:
        """May write, in the operation's own transaction, that the plan was applied."""


_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Lets `watcher` look on at what is applied inside."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def step(phase: str, rows: int = 0) -> None:
    """Says how far the operation in progress is, to whoever looks on."""
    watcher = _watcher.get()
    if watcher is not None:
        watcher.step(phase, rows)


def end(operation: Recording) -> None:
    """Gives whoever looks on the last word."""
    watcher = _watcher.get()
    if watcher is not None:
        watcher.end(operation)
