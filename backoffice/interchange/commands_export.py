"""`manage.py export`: the rows of a grid as a file, as the grid itself would give them."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click
from flask.cli import with_appcontext

from backoffice.core.access import SYSTEM
from backoffice.core.exchange import FORMATS, Columns, with_currencies
from backoffice.core.grid.columns import chosen_columns
from backoffice.core.grid.declaration import Declaration, grids
from backoffice.core.grid.exporting import record_export
from backoffice.core.grid.looks import Look, asked, resolved
from backoffice.core.selection import QueryError, Selection, visible_fields


@click.command("export")
@click.argument("grid")
@click.option("--search", default="", metavar="Q", help="Only rows that match, in the language of the search box.")
@click.option(
    "--sort", default="", metavar="F", help="A field to sort by; -F from the other end. The grid's own if left out."
)
@click.option(
    "--view", default="", metavar="NAME", help="A saved view, by its name or number; what else is said comes on top."
)
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default="csv", show_default=True)
@click.option("--columns", default="", metavar="A,B", help="The fields to write. The grid's own if left out.")
@click.option("--output", default="-", metavar="FILE", help="Where to write; - is standard output, and the default.")
@with_appcontext
def export_command(grid: str, search: str, sort: str, view: str, format_: str, columns: str, output: str) -> None:
    """Write the rows of GRID (students, enrollments, ...) to a file."""
    shown = grid_named(grid)
    try:
        look = _look(shown, view)
        listed = chosen_columns(shown, SYSTEM, columns or look.get("columns", ""))
        fields = with_currencies(listed, visible_fields(SYSTEM, shown.model))
        search = " ".join(filter(None, (look.get("search"), search)))
        chosen = [name for name in (sort or look.get("sort", "")).split(",") if name] or [shown.default_sort]
        selection = Selection.parse(shown.model, SYSTEM, search=search, sort=chosen)
        count = _write(selection, fields, format_, output)
    except QueryError as error:
        raise click.UsageError(str(error)) from error
    record_export(SYSTEM, "command", selection, format_, fields, count)
    place = "" if output == "-" else f" to {output}"
    click.echo(f"Exported {shown.counted(count)}{place}.", err=True)


def _look(grid: Declaration, view: str) -> Look:
    """Returns what a saved view stands for. Raises QueryError where there is none of this name."""
    named = resolved(grid.model, SYSTEM, {"view": view})[1] if view else None
    return asked(named) if named else {}


def grid_named(name: str) -> Declaration:
    """Returns the grid of this name. Raises UsageError, which lists the names, for an unknown one."""
    found = grids().get(name)
    if found is None:
        raise click.UsageError(f"There is no grid “{name}”. The grids are {', '.join(sorted(grids()))}.")
    return found


def _write(selection: Selection, columns: Columns, format_: str, output: str) -> int:
    """Writes the file and returns the number of rows."""
    count = 0
    form = FORMATS[format_]

    def counted() -> Iterator[Any]:
        nonlocal count
        for batch in form.batches(selection, columns):
            count += len(batch)
            yield batch

    with _standard_output(format_) if output == "-" else _file(Path(output)) as target:
        for piece in form.write(counted(), columns):
            target.write(piece)
    return count


@contextmanager
def _standard_output(format_: str) -> Iterator[IO[bytes]]:
    if format_ == "xlsx" and sys.stdout.isatty():
        raise click.UsageError("A workbook cannot be shown in a terminal. Name a file with --output.")
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still buffered has nowhere to go
        raise click.ClickException("The reader of the output went away, so the export is not complete.") from None


@contextmanager
def _file(path: Path) -> Iterator[IO[bytes]]:
    """Gives a file that appears under its name only when it is whole."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as target:
            unfinished = Path(target.name)
            try:
                yield target
                target.flush()
                unfinished.replace(path)
            finally:
                unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise click.ClickException(
            f"{path} cannot be written ({error.strerror}). Name another file with --output."
        ) from error
