"""The command line: every command that manage.py offers. Beside app.py, this package knows every feature."""

from __future__ import annotations

import sys

import click
from flask.cli import FlaskGroup, routes_command, shell_command
from sqlalchemy.exc import OperationalError

from backoffice.app import create_app
from backoffice.commands.demo import demo
from backoffice.commands.serving import run, serve
from backoffice.commands.testing import test
from backoffice.config import SettingError
from backoffice.staff.commands import staff


@click.group(cls=FlaskGroup, create_app=create_app, add_default_commands=False, add_version_option=False)
def command_line() -> None:
    """The back-office of a course platform."""


for command in (demo, run, serve, test, staff, shell_command, routes_command):
    command_line.add_command(command)


def run_command_line() -> None:
    """Runs the command that the process was started with. Exit status: 0 done, 1 failed, 2 wrong usage."""
    try:
        command_line(prog_name="manage.py")
    except SettingError as error:
        sys.exit(f"Error: {error}")
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        sys.exit(f"Error: the database does not answer ({reason}). Check BACKOFFICE_DATABASE_URI and `db upgrade`.")
