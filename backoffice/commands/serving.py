"""`manage.py run` for development and `manage.py serve` for production."""

from __future__ import annotations

import click
from waitress.server import create_server

from backoffice.app import create_app
from backoffice.config import load

THREADS = 8


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
def run(host: str, port: int) -> None:
    """Serve for development: reloads on a change and shows each page's SQL."""
    app = create_app(load(MODE="development", SECRET_KEY=load(MODE="development").SECRET_KEY or "for development only"))
    app.run(host, port, debug=True)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve in production, behind a proxy that speaks TLS."""
    app = create_app()
    server = create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
        clear_untrusted_proxy_headers=not app.config["PROXIES"],  # the gate reads as many as are trusted
    )
    click.echo(f"Serving on http://{host}:{port}")
    server.run()
