"""An installation for faults: on SQLite, or on the server that BACKOFFICE_TEST_DATABASE_URI names."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest

from tests.databases import SERVER, new_database
from tests.faults.installation import Installation
from tests.faults.person import PASSWORD

STUDENTS = 3000

collect_ignore = ["test_disk_full.py" if SERVER else "test_postgresql_gone.py"]  # faults that only one of them can have


def fill(installation: Installation) -> None:
    """Makes the tables, an administrator and some thousand students in Leeds."""
    installation.manage("db", "upgrade")
    staff = ("--username", "ada", "--email", "ada@example.org", "--role", "admin")
    installation.manage("staff", "create", *staff, "--password-stdin", typed=PASSWORD)
    file = installation.folder / "students.csv"
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["student_number", "full_name", "city", "status"])
        writer.writerows([f"F{n:06}", f"Student Number {n}", "Leeds", "active"] for n in range(STUDENTS))
    installation.manage("import", "students", str(file))


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The installation that the tests of one process share; each leaves the rows as they were."""
    folder = tmp_path_factory.mktemp("faults")
    with new_database(folder, "faults") as uri:
        made = Installation(folder, uri)
        fill(made)
        yield made
