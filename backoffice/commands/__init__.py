"""The command line: every command that manage.py offers. Beside app.py, this package knows every feature."""

from __future__ import annotations

import os
import secrets
import sys

import click
from flask import Flask
from flask.cli import ScriptInfo, routes_command, shell_command
from flask_migrate.cli import db as db_commands
from sqlalchemy.exc import OperationalError, ProgrammingError

from backoffice.app import create_app
from backoffice.commands.demo import demo
from backoffice.commands.serving import run, serve
from backoffice.commands.testing import test
from backoffice.commands.texts import texts
from backoffice.commands.working import worker
from backoffice.config import PREFIX, SettingError, load
from backoffice.core.operations.commands import operations
from backoffice.interchange.commands_export import export_command
from backoffice.interchange.commands_import import import_command
from backoffice.interchange.seed.command import seed_command
from backoffice.staff.commands import staff

COMMANDS = (
    *(demo, run, serve, worker, test, shell_command, routes_command, db_commands),
    *(seed_command, staff, import_command, export_command, operations, texts),
)


@click.group()
def command_line() -> None:
    """The back-office of a course platform. Settings are read from the environment: see README.md."""


for command in COMMANDS:
    command_line.add_command(command)


def run_command_line() -> None:
    """Runs the command that the process was started with. Exit status: 0 done, 1 failed, 2 wrong usage."""
    try:
        command_line(prog_name="manage.py", obj=ScriptInfo(create_app=_application))
    except SettingError as error:
        sys.exit(f"Error: {error}")
    except (OperationalError, ProgrammingError) as error:
        reason = str(error.orig).strip().splitlines()[0]
        sys.exit(f"Error: the database refused ({reason}). Check {PREFIX}DATABASE_URI, and run `manage.py db upgrade`.")


def _application() -> Flask:
    """Returns the application for a command, which signs nothing and so does without a SECRET_KEY of its own."""
    return create_app(load(SECRET_KEY=os.environ.get(f"{PREFIX}SECRET_KEY") or secrets.token_hex(32)))
