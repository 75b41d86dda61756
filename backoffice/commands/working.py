"""`manage.py worker`, and the worker that `serve` and `demo` keep beside the web server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from backoffice.app import create_app
from backoffice.commands.keeping import Keeper, end_with_parent
from backoffice.config import Settings
from backoffice.core.jobs import worker as jobs_worker
from backoffice.core.web.health import schema_is_current


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
        end_with_parent()
    else:
        click.echo("Waiting for jobs. Ctrl-C stops.")
    jobs_worker.work(app, threads)


@contextmanager
def worker_beside(settings: Settings) -> Iterator[None]:
    """Keeps a worker running in a process of its own meanwhile. However this process ends, the worker ends too."""
    keeper = Keeper(settings, ["worker"])
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()
