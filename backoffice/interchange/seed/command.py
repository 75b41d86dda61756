"""`manage.py seed`: a made-up organisation of any size."""

from __future__ import annotations

from datetime import datetime

import click
from flask.cli import with_appcontext

from backoffice.interchange.seed.run import NotEmpty, seed_organisation


@click.command("seed")
@click.option("--students", default=2000, show_default=True, type=click.IntRange(1, 1_000_000))
@click.option("--random-seed", default=1, show_default=True, type=click.IntRange(0))
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day that is today in it; the real one if left out.")
@with_appcontext
def seed_command(students: int, random_seed: int, on: datetime | None) -> None:
    """Fill an empty database with made-up students, sections, enrollments and money; the same for the same numbers."""
    try:
        counts = seed_organisation(students, random_seed, on=on.date() if on is not None else None, progress=True)
    except NotEmpty as error:
        raise click.ClickException(str(error)) from error
    rows = ", ".join(f"{count:,} {table.replace('_', ' ')}" for table, count in counts.items())
    click.echo(f"Made up {sum(counts.values()):,} rows: {rows}.")
