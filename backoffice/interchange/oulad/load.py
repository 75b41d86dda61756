"""Writes OULAD into the tables: one operation, what is sound goes in, the rest is reported."""

from __future__ import annotations

from pathlib import Path

from backoffice.core.access import Person
from backoffice.core.operations import recording
from backoffice.interchange.oulad import catalogue, mapping, registrations, results
from backoffice.interchange.oulad.run import Run, Watch
from backoffice.interchange.report import Report
from backoffice.interchange.store import DryRun, Store
from backoffice.students.models import Student


def load(directory: Path, person: Person, watch: Watch, *, dry_run: bool = False) -> Report:
    """Loads the dataset in `directory` and returns what became of its rows; a dry run does the same and keeps nothing.

    Raises Missing or Unreadable if a file is not what it should be; nothing is changed then.
    """
    report = Report()
    reason = f"{mapping.CREDIT}. {mapping.MADE_UP}"
    try:
        with recording(person, "import", "import", title="Import of OULAD", reason=reason, model=Student) as operation:
            operation.keep = True  # who imported what, even where nothing was new
            run = Run(directory, operation, report, Store(operation, report), watch)
            found = catalogue.load(run)
            seats = registrations.load(run, found)
            results.load(run, found, seats)
            operation.title = f"Import of OULAD: {report.words()}"
            if dry_run:
                raise DryRun
    except DryRun:
        pass
    return report
