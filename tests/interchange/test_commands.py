"""`manage.py import` and `manage.py export`."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from backoffice.core.operations import Operation
from backoffice.extensions import db
from backoffice.interchange.commands_export import export_command
from backoffice.interchange.commands_import import import_command
from backoffice.students.models import Student
from tests import factories
from tests.interchange import oulad_files

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Returns a function that runs `import` or `export` with its arguments."""
    commands = {"import": import_command, "export": export_command}
    return lambda name, *arguments: app.test_cli_runner().invoke(commands[name], [str(each) for each in arguments])


@pytest.fixture
def students(app: Flask) -> None:
    with app.app_context():
        for number, name in ((1, "Ann"), (2, "Bob"), (3, "Ánne")):
            factories.student(student_number=f"S{number}", full_name=name, sort_name=name.lower())


def entries(app: Flask, verb: str) -> list[tuple[str, str, str, int]]:
    with app.app_context():
        rows = db.session.execute(
            select(Operation.door, Operation.title, Operation.reason, Operation.row_count).where(Operation.verb == verb)
        )
        return [tuple(row) for row in rows]


@pytest.mark.usefixtures("students")
def test_export_writes_the_rows_that_match_in_order_to_standard_output(run: Run) -> None:
    result = run(
        "export", "students", "--search", "ann", "--sort", "-student_number", "--columns", "student_number,full_name"
    )
    assert (result.exit_code, result.stdout_bytes.decode()) == (0, "student_number,full_name\r\nS3,Ánne\r\nS1,Ann\r\n")


@pytest.mark.usefixtures("students")
def test_export_is_recorded_with_its_rows_and_columns(app: Flask, run: Run) -> None:
    run("export", "students", "--search", "ann", "--columns", "student_number")
    assert entries(app, "export") == [
        ("command", "Exported 2 students: with “ann” as CSV", "Columns: student_number", 2)
    ]


@pytest.mark.usefixtures("students")
@pytest.mark.parametrize("format_", ["csv", "xlsx", "jsonl"])
def test_export_to_a_file_and_import_of_it_change_nothing(run: Run, tmp_path: Path, format_: str) -> None:
    file = tmp_path / "students"
    exported = run("export", "students", "--format", format_, "--output", file)
    imported = run("import", "students", file)
    assert (exported.exit_code, imported.exit_code, list(tmp_path.iterdir())) == (0, 0, [file])
    assert imported.stdout.endswith("Found: 0 to create, 0 to change.\nDone: 0 created, 0 changed.\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("export", "pupils"), "There is no grid “pupils”. The grids are"),
        (("export", "students", "--search", "nickname:x"), "nickname"),
        (("export", "students", "--columns", "nickname"), "there is no such column"),
        (("export", "students", "--sort", "nickname"), "nickname"),
        (("export", "students", "--format", "pdf"), "pdf"),
        (("import", "pupils", "/"), "There is no format “pupils”. The formats are oulad"),
        (("import", "students", "/"), "/ is a folder"),
        (("import", "students", "/no/such/file"), "does not exist"),
        (("import", "oulad", __file__), "is no folder"),
        (("import", "operations", __file__), "written by the back-office alone"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_right(run: Run, arguments: tuple[str, ...], words: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, words in result.stderr) == (2, True), result.output


def test_what_cannot_be_written_ends_with_1_and_leaves_no_file(run: Run, tmp_path: Path) -> None:
    result = run("export", "students", "--output", tmp_path / "missing" / "file.csv")
    assert (result.exit_code, result.stderr.count("\n"), "cannot be written" in result.stderr) == (1, 1, True)


def test_a_refused_row_ends_with_1_and_is_listed(app: Flask, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "students.csv"
    file.write_text("student_number,full_name,date_of_birth\nS1,Ann,yesterday\n")
    result = run("import", "students", file)
    assert result.exit_code == 1
    assert "students.csv, row 2, date_of_birth: “yesterday” is not a date; write it as 2026-03-31" in result.stdout
    assert result.stderr.splitlines()[-1].startswith("Error: Nothing was imported")
    assert entries(app, "import") == []


def test_a_file_that_is_none_ends_with_1_and_one_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "students.csv"
    file.write_bytes(b"student_number,full_name\nS1,\xff\n")
    result = run("import", "students", file)
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (
        1,
        "Error: Row 2 holds the byte 0xff, which is not UTF-8. Save it as “CSV UTF-8” and try again. Nothing was imported.",
    )


def test_a_dry_run_changes_nothing(app: Flask, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "students.csv"
    file.write_text("student_number,full_name\nS1,Ann\n")
    result = run("import", "students", file, "--dry-run")
    with app.app_context():
        count = db.session.scalar(select(func.count(Student.id)))
    assert (result.exit_code, result.stdout.splitlines()[-1], count) == (0, "Found: 1 to create, 0 to change.", 0)


def test_oulad_tells_what_went_in_and_saves_what_did_not(run: Run, tmp_path: Path) -> None:
    rows = [row.replace("12,5,60", "12,5,") for row in oulad_files.SOUND["studentRegistration.csv"]]
    directory = oulad_files.write(tmp_path, studentRegistration=rows)
    refused = tmp_path / "refused.csv"
    result = run("import", "oulad", directory, "--refused", refused)
    saved = list(csv.reader(io.StringIO(refused.read_text(encoding="utf-8"))))
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "Done: 19 created, 0 changed, 2 refused.")
    assert [row[:3] for row in saved] == [
        ["file", "row", "field"],
        ["studentRegistration.csv", "3", "date_unregistration"],
        ["studentAssessment.csv", "4", "id_student"],
    ]


def test_a_list_of_refused_rows_that_cannot_be_saved_stops_the_import(app: Flask, run: Run, tmp_path: Path) -> None:
    directory = oulad_files.write(tmp_path)
    result = run("import", "oulad", directory, "--refused", tmp_path / "missing" / "refused.csv")
    assert (result.exit_code, entries(app, "import")) == (1, [])
