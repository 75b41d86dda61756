"""`manage.py import`: the rows of a file, or of a dataset, into the tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from tqdm import tqdm

from backoffice.core.access import SYSTEM
from backoffice.core.exchange import Unreadable, read_table
from backoffice.core.grid.declaration import grids
from backoffice.core.model import Record
from backoffice.core.operations import OperationError
from backoffice.interchange import oulad
from backoffice.interchange.commands_export import grid_named
from backoffice.interchange.grid_import import import_table
from backoffice.interchange.oulad.source import Missing
from backoffice.interchange.refusals import listed, save
from backoffice.interchange.report import Report

MOST_LISTED = 1_000


@click.command("import")
@click.argument("format_", metavar="FORMAT")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")
@click.option(
    "--refused", type=click.Path(dir_okay=False, path_type=Path), help="Write every refused row to this CSV file."
)
@with_appcontext
def import_command(format_: str, path: Path, dry_run: bool, refused: Path | None) -> None:
    """Import PATH: a CSV, XLSX or JSON Lines file of a grid's fields, or the folder of a dataset.

    FORMAT is the name of the grid (students, enrollments, ...) or oulad. All of it is one operation, which `operations undo`
    takes back.
    """
    try:
        if refused:
            save((), refused)  # a file that cannot be written stops the import, not the report of it
        report = _load(format_, path, dry_run)
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be used ({error.strerror}). Name another file.") from error
    except (Missing, Unreadable, OperationError) as error:
        raise click.ClickException(f"{error} Nothing was imported.") from error
    if refused:
        save(report.refusals, refused)
    spoiled = bool(report.refusals) and format_ != "oulad"
    _tell(report, refused, done=not (dry_run or spoiled))
    if spoiled:
        raise click.ClickException("Nothing was imported, because of the rows above. Correct them and import again.")


def _load(format_: str, path: Path, dry_run: bool) -> Report:
    if format_ == "oulad":
        if not path.is_dir():
            raise click.UsageError(f"{path} is no folder. Name the one that holds the files of OULAD.")
        return oulad.load(path, SYSTEM, _watched, dry_run=dry_run)
    if format_ not in grids():
        raise click.UsageError(f"There is no format “{format_}”. The formats are oulad, {', '.join(sorted(grids()))}.")
    model: type[Any] = grid_named(format_).model
    if not issubclass(model, Record):
        raise click.UsageError(f"What the grid {format_} shows is written by the back-office alone.")
    if path.is_dir():
        raise click.UsageError(f"{path} is a folder. Name the file to import.")
    with path.open("rb") as file:
        return import_table(
            model, read_table(file), path.name, SYSTEM, lambda lines: _watched(path.name, lines, 0), dry_run=dry_run
        )


def _watched(name: str, rows: Iterable[Any], total: int) -> Iterable[Any]:
    """Shows on standard error how far the rows have come."""
    return tqdm(rows, desc=name, total=total or None, unit=" rows", mininterval=0.5)


def _tell(report: Report, refused: Path | None, *, done: bool) -> None:
    """Prints what became of the rows, or would become of them."""
    if report.refusals:
        click.echo("Refused (the header is row 1):")
    for line in (*listed(report.refusals, MOST_LISTED, refused), *report.remarks, *report.table()):
        click.echo(line)
    click.echo(f"Found: {report.words(to_do=True)}.")
    if done:
        click.echo(f"Done: {report.words()}.")
