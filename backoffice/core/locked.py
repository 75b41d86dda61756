"""Locked files: the kernel lets go of one when its holder ends, however that ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout

LOOK_SECONDS = 0.005  # how often whoever waits looks again


@contextmanager
def locked(path: Path, patience: float = 0, *, keep: bool = True) -> Iterator[bool]:
    """Holds the file in the block; False if another thread or process has it for longer than `patience` seconds.

    `keep` the file afterwards, unless its name does not come again.
    """
    lock = FileLock(path, preserve_lock_file=keep)
    try:
        lock.acquire(timeout=patience)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


class Turns:
    """The line of those who want to write the same file, threads and processes alike. SQLite itself keeps none: it lets
    each writer look again now and then, and who has just begun to wait looks more often than who has waited long.

    The threads of a process send one to the files. There it waits as the next, and only the next may wait for the
    writer to end: so a process that writes without a pause takes turns with the others.
    """

    def __init__(self, database: str) -> None:
        self._inside = Lock()
        self._next, self._writing = (
            FileLock(f"{database}-{name}", mode=0o600, thread_local=False, preserve_lock_file=True)
            for name in ("next", "turn")
        )

    def take(self, patience: float) -> bool:
        """Waits for the turn, at most so many seconds, and says whether it came."""
        until = time.monotonic() + patience
        if not self._inside.acquire(timeout=patience):
            return False
        try:
            with self._next.acquire(timeout=_left(until), poll_interval=LOOK_SECONDS):
                self._writing.acquire(timeout=_left(until), poll_interval=LOOK_SECONDS)
        except Timeout:
            self._inside.release()
            return False
        except BaseException:
            self._inside.release()
            raise
        return True

    def give_back(self) -> None:
        """Ends the turn; whichever thread does it."""
        self._writing.release()
        self._inside.release()


def _left(until: float) -> float:
    """Returns the seconds that are left: never less than none, which a FileLock would take for "as long as it takes"."""
    return max(until - time.monotonic(), 0.0)
