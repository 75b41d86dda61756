"""Processes of ours beside the one that was started: begun again when they die, ended with it however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Collection, Sequence
from dataclasses import fields

from backoffice.app import ROOT
from backoffice.config import PREFIX, Settings

AGAIN_AFTER = 1.0  # seconds between the death of a process and the next one
STOPS_WITHIN = 25.0  # seconds; longer than a server takes to finish what it began


class Keeper(threading.Thread):
    """Runs a command of manage.py with `--with-parent` in a process of its own, and again when that dies."""

    def __init__(self, settings: Settings, command: Sequence[str], inherited: Collection[int] = ()) -> None:
        super().__init__(name=f"keep-{command[0]}", daemon=True)
        self.command = [sys.executable, str(ROOT / "manage.py"), *command, "--with-parent"]
        self.environment = os.environ | {PREFIX + f.name: _written(getattr(settings, f.name)) for f in fields(settings)}
        self.inherited = inherited
        self.over = threading.Event()
        self.child = self._new_child()

    def _new_child(self) -> subprocess.Popen[bytes]:
        """Starts it in a session of its own: Ctrl-C reaches the parent, and the parent lets it finish."""
        return subprocess.Popen(  # noqa: S603 our own
            self.command,
            stdin=subprocess.PIPE,  # ends with this process, and the child with it
            env=self.environment,
            pass_fds=tuple(self.inherited),
            start_new_session=True,
        )

    def run(self) -> None:
        while not self.over.is_set():
            self.child.wait()
            self._let_go()
            if not self.over.wait(AGAIN_AFTER):
                self.child = self._new_child()

    def ask_to_stop(self) -> None:
        """Tells the process to finish, and returns at once."""
        self.over.set()
        self.child.terminate()

    def stop(self) -> None:
        """Lets the process finish if it soon does; what it cannot finish is rolled back."""
        self.ask_to_stop()
        try:
            self.child.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self._let_go()

    def _let_go(self) -> None:
        if self.child.stdin is not None:
            self.child.stdin.close()


def end_with_parent() -> None:
    """Has this process told to stop as soon as the one that keeps it is gone."""
    threading.Thread(target=_end_with_input, daemon=True).start()


def _end_with_input() -> None:
    while os.read(0, 1024):  # not through sys.stdin, whose lock would be held when the interpreter ends
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _written(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)
