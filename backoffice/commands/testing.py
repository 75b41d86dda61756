"""`manage.py test`: the suite on SQLite and, where a server is found, on PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys

import click
import psycopg
from sqlalchemy import make_url

from backoffice.app import ROOT

SERVER = "BACKOFFICE_TEST_POSTGRESQL"  # another server than the local one
LOCAL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=True)
@click.option("--no-skips", is_flag=True, help="Fail when a test is skipped or PostgreSQL is not found.")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), help="Only this one.")
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def test(no_skips: bool, database: str | None, pytest_arguments: tuple[str, ...]) -> None:
    """Run the test suite. Further arguments go to pytest."""
    extra = [*(["--no-skips"] if no_skips else []), *pytest_arguments]
    status = 0
    if database != "postgresql":
        status = _pytest("SQLite", None, extra)
    if database != "sqlite":
        status = _on_postgresql(extra, required=no_skips) or status
    sys.exit(status)


def _on_postgresql(extra: list[str], required: bool) -> int:
    server = os.environ.get(SERVER, LOCAL)
    if _answers(server):
        return _pytest("PostgreSQL", server, [*extra, "-m", "not browser and not once"])
    click.echo(f"Skipped on PostgreSQL: no server answers at {make_url(server)!r}; name one in {SERVER}.")
    return 1 if required else 0


def _pytest(title: str, server: str | None, extra: list[str]) -> int:
    """Runs the suite in a process of its own; returns its exit status. Two workers more than there are cores, unless told
    otherwise: tests in a browser wait for half of their time. Who is done first takes over from the others."""
    click.echo(f"The tests on {title}:")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BACKOFFICE_")}
    if server:
        environment["BACKOFFICE_TEST_DATABASE_URI"] = server
    workers = [] if "-n" in extra else ["-n", str((os.cpu_count() or 1) + 2), "--dist", "worksteal"]
    command = [sys.executable, "-m", "pytest", "-q", *workers, *extra]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603 our own tests


def _answers(server: str) -> bool:
    address = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        psycopg.connect(address, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True
