"""Files out of the grid: exactly the selection, in the person's fields, recorded with who, which rows and how many."""

from __future__ import annotations

import csv
import io
import re

import pytest

from backoffice.core.operations import Operation
from backoffice.extensions import db


def table(answer) -> list[list[str]]:
    """Returns the cells of a CSV answer."""
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True))))


def numbers(answer) -> list[str]:
    """Returns the student numbers in a CSV answer."""
    header, *rows = table(answer)
    return [row[header.index("student_number")] for row in rows]


def test_ticked_rows_are_exported_and_no_others(made, send) -> None:
    ids = [made(student_number=f"S-{number}") for number in range(4)]

    assert sorted(numbers(send("action/", action="export", rowid=[ids[1], ids[3]]))) == ["S-1", "S-3"]


def test_all_that_match_less_some_are_exported(made, send) -> None:
    ids = [made(student_number=f"S-{number}", city="Leeds") for number in range(4)]
    made(student_number="S-9", city="York")

    answer = send("action/?search=city:Leeds&sort=student_number", action="export", all="1", without=str(ids[2]))

    assert numbers(answer) == ["S-0", "S-1", "S-3"]


def test_columns_may_be_chosen_and_come_in_that_order(registrar, made) -> None:
    made(student_number="S-1", city="Leeds")

    answer = registrar.get("/admin/students/export/csv/?columns=city,student_number,age")

    assert table(answer) == [["city", "student_number", "age"], ["Leeds", "S-1", ""]]


def test_excel_gets_its_mark_where_it_is_asked_for(registrar, made) -> None:
    made()

    assert registrar.get("/admin/students/export/csv/?bom=1").data.startswith(b"\xef\xbb\xbf")
    assert not registrar.get("/admin/students/export/csv/").data.startswith(b"\xef\xbb\xbf")


def test_a_cell_that_a_spreadsheet_would_run_is_guarded(registrar, made) -> None:
    made(full_name="=1+1")

    assert "'=1+1" in table(registrar.get("/admin/students/export/csv/?columns=full_name"))[1]


def test_an_export_is_recorded_with_its_rows_columns_and_count(app, registrar, made) -> None:
    made(city="Leeds")
    made(city="York")

    answer = registrar.get("/admin/students/export/csv/?search=city:Leeds&columns=city,email")

    assert re.search(r"students_[\w-]*leeds[\w-]*_\d{4}-\d\d-\d\dT\d{4}Z\.csv", answer.headers["Content-Disposition"])
    with app.app_context():
        entry = db.session.query(Operation).filter_by(verb="export").one()
        assert (entry.row_count, entry.reason) == (1, "Columns: city, email")
        assert "city Leeds" in entry.title


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("export/exe/", 404),
        ("export/csv/?columns=nope", 400),
        ("export/csv/?columns=search_text", 400),
        ("export/csv/?search=nope:1", 400),
        ("export/csv/?ids=x", 400),
    ],
)
def test_what_cannot_be_exported_is_refused_in_words(registrar, address: str, status: int) -> None:
    assert registrar.get(f"/admin/students/{address}").status_code == status
