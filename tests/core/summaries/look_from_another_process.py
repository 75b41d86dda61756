"""Started some times at once by a test: waits until all are there, looks, and writes a line for each computation."""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

from backoffice.app import create_app
from backoffice.core import access
from backoffice.core.access import SYSTEM, Person, Role, right
from backoffice.core.summaries import Chart, Charts, Figure, Link, Picture, look, number
from backoffice.core.summaries.figure import Figures
from backoffice.courses.models import Term


def main(log: Path, processes: int) -> None:
    def compute(person: Person, as_of: date) -> Charts:
        with log.open("a") as file:
            file.write("computed\n")
        time.sleep(0.3)
        return (Chart(Picture.NUMBER, (number(1, Link("terms", "")),)),)

    app = create_app()
    access.declare(Term, {Role.ADMIN: right("V")})
    app.extensions["summaries"] = Figures([Figure("terms", "Terms", "Terms.", "Students", {Term: ("code",)}, compute)])
    _wait_for_all(log.parent, processes)
    with app.app_context():
        look(SYSTEM, patience=60)


def _wait_for_all(directory: Path, processes: int) -> None:
    (directory / f"ready-{time.monotonic_ns()}").touch()
    while len(list(directory.glob("ready-*"))) < processes:
        time.sleep(0.005)


main(Path(sys.argv[1]), int(sys.argv[2]))
