"""`manage.py run` for development and `manage.py serve` for production."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import click
from flask import Flask

from backoffice.app import create_app
from backoffice.commands.keeping import Keeper, end_with_parent
from backoffice.commands.server import Server, end_when_told, listen
from backoffice.commands.working import worker_beside
from backoffice.config import PREFIX, Settings, load
from backoffice.core.web.health import schema_is_current


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
def run(host: str, port: int) -> None:
    """Serve for development: reloads on a change and shows each page's SQL."""
    secret = os.environ.get(f"{PREFIX}SECRET_KEY") or "for development only"
    settings = load(MODE="development", SECRET_KEY=secret)
    app = create_app(settings)
    _refuse_old_tables(app)
    reloaded = os.environ.get("WERKZEUG_RUN_MAIN") == "true"  # else this process only watches files
    with worker_beside(settings) if reloaded else nullcontext():
        app.run(host, port, debug=True)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    help="Web processes. One for each core where BACKOFFICE_REDIS_URL is set; else one, which counts failed sign-ins alone.",
)
@click.option("--socket", "inherited", type=int, hidden=True, help="A listening socket of the parent's, by its number.")
@click.option("--with-parent", is_flag=True, hidden=True, help="End when standard input does.")
def serve(host: str, port: int, processes: int | None, inherited: int | None, with_parent: bool) -> None:
    """Serve in production, behind a proxy that speaks TLS, with one worker for long work."""
    settings = load()
    app = create_app(settings)
    if with_parent and inherited is not None:
        end_with_parent()
        Server(app, socket.socket(fileno=inherited)).run()
        return
    _refuse_old_tables(app)
    listener = listen(host, port)
    number = processes or (os.cpu_count() or 1 if settings.REDIS_URL else 1)
    end_when_told()
    click.echo(f"Serving on http://{host}:{port}")
    with worker_beside(settings), _servers_beside(settings, listener, number - 1) as stop_others:
        Server(app, listener, on_stop=stop_others).run()


@contextmanager
def _servers_beside(settings: Settings, listener: socket.socket, number: int) -> Iterator[Callable[[], None]]:
    """Keeps so many more processes that answer at the same socket; gives what tells them to finish."""
    command = ["serve", "--socket", str(listener.fileno())]
    keepers = [Keeper(settings, command, [listener.fileno()]) for _ in range(number)]
    for keeper in keepers:
        keeper.start()

    def ask_to_stop() -> None:
        for keeper in keepers:
            keeper.ask_to_stop()

    try:
        yield ask_to_stop
    finally:
        ask_to_stop()
        for keeper in keepers:
            keeper.stop()


def _refuse_old_tables(app: Flask) -> None:
    with app.app_context():
        if not schema_is_current():
            raise click.ClickException("The database lacks migrations. Run `manage.py db upgrade` first.")
