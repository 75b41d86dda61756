"""The command line's door to history: `operations list | show | undo | verify | prune`."""

from __future__ import annotations

from itertools import chain

import click
from flask.cli import AppGroup
from sqlalchemy import select

from backoffice.core import clock
from backoffice.core.access import SYSTEM, Refused
from backoffice.core.operations import proving, pruning, verifying
from backoffice.core.operations.applying import apply
from backoffice.core.operations.errors import NeedsApproval, OperationError
from backoffice.core.operations.history import row_changes
from backoffice.core.operations.models import Operation
from backoffice.core.operations.planning import plan_undo
from backoffice.core.operations.pruning import FEWEST_DAYS
from backoffice.core.operations.tables import counted
from backoffice.extensions import db

SHOWN = 20  # problems that verify prints one by one

operations = AppGroup("operations", help="What was changed, by whom; take it back; prove that nothing else was.")


@operations.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="How many, newest first.")
def list_(limit: int) -> None:
    """Lists the newest operations."""
    for operation in db.session.scalars(select(Operation).order_by(Operation.id.desc()).limit(limit)):
        click.echo(_line(operation))


@operations.command()
@click.argument("number", metavar="ID", type=click.IntRange(1))
@click.option("--limit", default=20, show_default=True, type=click.IntRange(0, 10_000), help="How many rows to show.")
def show(number: int, limit: int) -> None:
    """Shows one operation and the rows that it changed, field by field."""
    operation = _operation(number)
    click.echo(_line(operation))
    approved = f"{operation.approver_name}: {operation.approval}" if operation.approver_name else ""
    for what, text in (("Rows", operation.selection), ("Reason", operation.reason), ("Approved by", approved)):
        if text:
            click.echo(f"  {what}: {text}")
    for row in row_changes(operation, SYSTEM, limit):
        click.echo(f"  {row.action} {row.kind} {row.ref.label} (id {row.ref.id})")
        for change in row.changes:
            click.echo(f"    {change.label}: {_text(change.before)} -> {_text(change.after)}")


@operations.command()
@click.argument("number", metavar="ID", type=click.IntRange(1))
@click.option("--reason", default="", help="Why; kept with the operation.")
def undo(number: int, reason: str) -> None:
    """Takes an operation back. Rows that were changed later are kept and listed."""
    try:
        plan = plan_undo(_operation(number), SYSTEM, door="command", reason=reason)
        kept = [f"Kept {refusal.count:,}: {refusal.message}" for refusal in plan.refusals]
        undone = apply(plan, SYSTEM)
    except NeedsApproval as error:
        raise click.ClickException(f"{error} Ask for it on the page of the operation.") from error
    except (OperationError, Refused) as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join([_line(undone), *kept]))


@operations.command()
@click.option(
    "--noted", default="", metavar="LINK", help="The last link that an earlier run printed: must still be there."
)
def verify(noted: str) -> None:
    """Proves that every row is what its history says, and the history what was sealed. Status 1 when something differs."""
    found = 0
    for problem in chain(verifying.problems(db.session()), proving.missing(db.session(), noted)):
        found += 1
        if found <= SHOWN:
            click.echo(problem)
    if found:
        raise click.ClickException(f"{found:,} differences between rows and history. Restore a backup or ask why.")
    click.echo(f"All is as recorded: {verifying.checked(db.session())}.")
    seals, link = proving.head(db.session())
    if seals:
        click.echo(f"The chain has {counted(seals, 'seal')}, the last link is {link}")


@operations.command()
@click.option("--days", default=FEWEST_DAYS, show_default=True, type=click.IntRange(FEWEST_DAYS), help="How old.")
def prune(days: int) -> None:
    """Removes the changes of old operations, once all is proved; entries and seals stay."""
    if next(verifying.problems(db.session()), None):
        raise click.ClickException("Rows and history differ, and pruning would hide it. See `operations verify`.")
    try:
        click.echo(_line(pruning.prune(days, SYSTEM)))
    except OperationError as error:
        raise click.ClickException(str(error)) from error


def _operation(number: int) -> Operation:
    operation = db.session.get(Operation, number)
    if operation is None:
        raise click.ClickException(f"There is no operation {number}. See `operations list`.")
    return operation


def _line(operation: Operation) -> str:
    when = operation.at.astimezone(clock.organisation_zone()).strftime("%Y-%m-%d %H:%M:%S")
    return f"{operation.id}  {when}  {operation.actor_name} ({operation.door})  {operation.title}"


def _text(value: object) -> str:
    return "(empty)" if value is None else str(value)
