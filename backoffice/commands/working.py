"""`manage.py worker`, and the worker that `serve` and `demo` keep beside the web server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields

import click

from backoffice.app import ROOT, create_app
from backoffice.config import PREFIX, Settings
from backoffice.core.jobs import worker as jobs_worker
from backoffice.core.web.health import schema_is_current

AGAIN_AFTER = 2.0  # seconds between a worker's death and the next one
STOPS_WITHIN = 10.0  # seconds


@click.command()
@click.option("--threads", default=1, show_default=True, type=click.IntRange(1, 32), help="Jobs at the same time.")
@click.option("--with-parent", is_flag=True, hidden=True, help="End when standard input does.")
def worker(threads: int, with_parent: bool) -> None:
    """Run long work: one worker more than the one beside the web server."""
    app = create_app()
    with app.app_context():
        if not schema_is_current():
            raise click.ClickException("The database lacks migrations. Run `manage.py db upgrade` first.")
    if with_parent:
        threading.Thread(target=_end_with_input, daemon=True).start()
    else:
        click.echo("Waiting for jobs. Ctrl-C stops.")
    jobs_worker.work(app, threads)


def _end_with_input() -> None:
    while os.read(0, 1024):  # not through sys.stdin, whose lock would be held when the interpreter ends
        pass
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def worker_beside(settings: Settings) -> Iterator[None]:
    """Keeps a worker running in a process of its own meanwhile. However this process ends, the worker ends too."""
    keeper = Keeper(settings)
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()


class Keeper(threading.Thread):
    """Starts a worker, and another one when that dies."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(name="keep-a-worker", daemon=True)
        self.environment = os.environ | {PREFIX + f.name: _written(getattr(settings, f.name)) for f in fields(settings)}
        self.over = threading.Event()
        self.child = self._new_child()

    def _new_child(self) -> subprocess.Popen[bytes]:
        """Starts a worker in a session of its own: Ctrl-C reaches the server, and the server lets the worker finish."""
        command = [sys.executable, str(ROOT / "manage.py"), "worker", "--with-parent"]
        pipe = subprocess.PIPE  # ends with this process, and the worker with it
        return subprocess.Popen(command, stdin=pipe, env=self.environment, start_new_session=True)  # noqa: S603 our own

    def run(self) -> None:
        while not self.over.is_set():
            self.child.wait()
            self._let_go()
            if not self.over.wait(AGAIN_AFTER):
                self.child = self._new_child()

    def stop(self) -> None:
        """Lets the worker finish if it soon does; what it cannot finish is rolled back."""
        self.over.set()
        self.child.terminate()
        try:
            self.child.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self._let_go()

    def _let_go(self) -> None:
        if self.child.stdin is not None:
            self.child.stdin.close()


def _written(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)
