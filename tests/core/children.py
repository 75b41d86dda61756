"""Processes that are killed on purpose: children of the test's own, which know everything that it knows."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable

from sqlalchemy import event

from backoffice.extensions import db

LIVES = 60  # seconds; a child that forks while another thread holds a lock might wait for it for ever


def child(work: Callable[[], object]) -> int:
    """Returns the number of a process that does `work` on connections of its own; it lives for a minute at most."""
    db.session.remove()
    db.engine.dispose()
    number = os.fork()
    if number == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(LIVES)
        failed = 1
        try:
            work()
            failed = 0
        except BaseException:
            traceback.print_exc()
            raise
        finally:  # whatever is raised: a child that went on would be a second run of the tests, in the middle of the first
            os._exit(failed)
    return number


def killed_at(nth: int, work: Callable[[], object]) -> bool:
    """Does `work` in a child that is killed right after its nth statement; says whether it was, or had ended before."""

    def counted() -> None:
        seen: list[object] = []

        @event.listens_for(db.engine, "after_cursor_execute")
        def count(*arguments: object) -> None:
            seen.append(arguments)
            if len(seen) == nth:
                os.kill(os.getpid(), signal.SIGKILL)

        work()

    _, status = os.waitpid(child(counted), 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "The child failed; it has printed why."
    return os.WIFSIGNALED(status)
