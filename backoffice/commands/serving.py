"""`manage.py run` for development and `manage.py serve` for production."""

from __future__ import annotations

import os
from contextlib import nullcontext

import click
from flask import Flask

from backoffice.app import create_app
from backoffice.commands.server import Server
from backoffice.commands.working import worker_beside
from backoffice.config import PREFIX, load
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
def serve(host: str, port: int) -> None:
    """Serve in production, behind a proxy that speaks TLS, with one worker for long work."""
    settings = load()
    app = create_app(settings)
    _refuse_old_tables(app)
    server = Server(app, host, port)
    click.echo(f"Serving on http://{host}:{port}")
    with worker_beside(settings):
        server.run()


def _refuse_old_tables(app: Flask) -> None:
    with app.app_context():
        if not schema_is_current():
            raise click.ClickException("The database lacks migrations. Run `manage.py db upgrade` first.")
