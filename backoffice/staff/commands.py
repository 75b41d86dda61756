"""`manage.py staff`: accounts from the command line, the only way to make the first one."""

from __future__ import annotations

import sys
from secrets import token_urlsafe

import click
from flask import current_app
from flask.cli import with_appcontext

from backoffice.core.access import Role
from backoffice.core.operations import Invalid
from backoffice.staff.models import StaffUser
from backoffice.staff.passwords import objection
from backoffice.staff.services import create_account, find_account, own_words, set_password

_FROM_INPUT = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@click.group()
def staff() -> None:
    """Staff accounts."""


@staff.command("create")
@click.option("--username", required=True, help="In lower case, without @.")
@click.option("--email", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--full-name", default="", help="The username unless given.")
@_FROM_INPUT
@with_appcontext
def create(username: str, email: str, role: str, full_name: str, password_stdin: bool) -> None:
    """Make an account. Without --password-stdin its password is random and printed once."""
    draft = StaffUser(username=username, email=email, full_name=full_name)
    password = _password(draft, password_stdin)
    try:
        create_account(username=username, email=email, role=role, password=password, full_name=full_name)
    except Invalid as error:
        raise click.ClickException(str(error)) from error
    _announce(username, password, password_stdin)


@staff.command("set-password")
@click.argument("username")
@_FROM_INPUT
@with_appcontext
def give_password(username: str, password_stdin: bool) -> None:
    """Give USERNAME a new password and end all its sessions. Without --password-stdin it is random and printed once."""
    account = find_account(username)
    if account is None:
        raise click.ClickException(f"There is no account {username}. Make one with: manage.py staff create")
    password = _password(account, password_stdin)
    set_password(account, password)
    _announce(account.username, password, password_stdin)


def _password(account: StaffUser, from_input: bool) -> str:
    if not from_input:
        return token_urlsafe(15)
    password = sys.stdin.readline().rstrip("\r\n")
    reason = objection(password, own_words(account, current_app.config["ORGANISATION"]))
    if reason:
        raise click.ClickException(f"The password is refused. {reason}")
    return password


def _announce(username: str, password: str, given: bool) -> None:
    click.echo(f"{username} can sign in now." if given else f"{username} can sign in now with the password {password}")
