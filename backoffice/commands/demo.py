"""`manage.py demo`: the running back-office with a demo organisation, on an embedded database of its own."""

from __future__ import annotations

import secrets
import shutil
import sys
from pathlib import Path

import click
from flask import Flask
from flask_migrate import upgrade

from backoffice.app import create_app
from backoffice.commands.server import Server, listen
from backoffice.commands.working import worker_beside
from backoffice.config import Settings, load
from backoffice.core.access import Role
from backoffice.core.summaries import look
from backoffice.extensions import db
from backoffice.interchange.seed import seed_organisation
from backoffice.staff.models import StaffUser
from backoffice.staff.services import set_up_account

MARK = "made-by-demo"
SEEDED = "seeded"
RANDOM_SEED = 1
FIRST_FIGURES = 5.0  # seconds at most that the start spends on them, for each account
NAMES = {
    Role.ADMIN: "Maren Lindqvist",
    Role.REGISTRAR: "Grace Okafor",
    Role.FINANCE: "Tomás Herrera",
    Role.COURSE_EDITOR: "Aiko Tanabe",
    Role.SUPPORT: "Ewan MacLeod",
    Role.READ_ONLY: "Priya Raman",
}


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--students", default=2000, show_default=True, type=click.IntRange(1, 1_000_000))
@click.option("--password", help="One password for all demo accounts; random ones unless given.")
def demo(host: str, port: int, students: int, password: str | None) -> None:
    """Serve a demo organisation: one account per role, on a database that only the demo uses."""
    listen(host, port).close()  # a taken port is told before anything is made
    folder = Path(load(MODE="demo").INSTANCE_PATH).resolve() / "demo"
    settings = _demo_settings(folder)
    app = create_app(settings)
    with app.app_context():
        upgrade()
    accounts = _accounts(app, password)  # before the rest, so that the demo's course editor has courses
    _fill(app, folder, students)
    _count(app)
    server = Server(app, listen(host, port))
    _announce(f"http://{host}:{port}/", accounts)
    with worker_beside(settings):
        server.run()
    click.echo("Stopped.")


def _demo_settings(folder: Path) -> Settings:
    """Returns the settings of the demo's own database, begun anew where an earlier start was cut off."""
    database = folder / "demo.sqlite3"
    if database.exists() and not (folder / MARK).exists():
        raise click.ClickException(f"{database} was not made by the demo. Move it away and start again.")
    if (folder / MARK).exists() and not (folder / SEEDED).exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / MARK).touch()
    return load(
        MODE="demo",
        INSTANCE_PATH=str(folder),
        DATABASE_URI=f"sqlite:///{database}",
        REDIS_URL="",
        SECRET_KEY=_secret(folder / "secret-key"),
        ORGANISATION="Demo organisation",
    )


def _secret(file: Path) -> str:
    """Returns the key kept in `file`, so that sessions outlive a restart; makes it on the first start."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32))
    return file.read_text()


def _fill(app: Flask, folder: Path, students: int) -> None:
    with app.app_context():
        if not (folder / SEEDED).exists():
            click.echo(f"Making a demo organisation with {students:,} students ...")
            seed_organisation(students, RANDOM_SEED, progress=sys.stderr.isatty())
            (folder / SEEDED).write_text(str(students))


def _count(app: Flask) -> None:
    """Has the figures ready for the first look of each account."""
    with app.app_context():
        for role in Role:
            account = db.session.execute(db.select(StaffUser).filter_by(username=role.value)).scalar_one()
            look(account, FIRST_FIGURES)


def _accounts(app: Flask, password: str | None) -> list[tuple[str, str]]:
    """Returns (username, password) of one account per role. Passwords are set anew at each start."""
    accounts = {role: password or secrets.token_urlsafe(9) for role in Role}
    with app.app_context():
        for role, secret in accounts.items():
            email = f"{role}@demo.example"
            set_up_account(username=role.value, email=email, role=role.value, password=secret, full_name=NAMES[role])
    return [(role.value, secret) for role, secret in accounts.items()]


def _announce(url: str, accounts: list[tuple[str, str]]) -> None:
    click.echo(f"\nThe back-office is running at {url}\n")
    for username, password in accounts:
        click.echo(f"    {username:<15} {password}")
    click.echo("\nEverything in it is made up. Ctrl-C stops it.")
