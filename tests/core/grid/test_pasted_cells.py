"""A block of cells out of a spreadsheet: edits of several rows with values of their own, one review, one operation, one undo."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from sqlalchemy import select

from backoffice.core.operations import Operation
from backoffice.extensions import db
from tests import factories
from tests.contracts.grids import post
from tests.core.grid.cell_forms import CELLS, apply, reasons, review, tally


def test_each_row_gets_its_own_values_by_one_operation_that_is_taken_back_as_one(app, registrar, three, stored):
    answer = review(
        registrar,
        ("Student number", "City", "Status", "Date of birth"),
        ("S1", "Leeds", "On leave", "2001-02-03"),
        ("S2", "", "active", "2002-03-04"),
        ("S3", "York", "active", ""),
    )
    assert (answer.status_code, tally(answer)) == (200, ["2 will change", "1 already so", "0 refused"])
    before = [stored(row_id) for row_id in three]

    apply(registrar, answer)

    after = [stored(row_id) for row_id in three]
    assert [(row["city"], row["status"], str(row["date_of_birth"])) for row in after] == [
        ("Leeds", "on_leave", "2001-02-03"),
        (None, "active", "2002-03-04"),
        ("York", "active", "None"),
    ]
    with app.app_context():
        (operation,) = db.session.scalars(select(Operation).where(Operation.door == "bulk")).all()
        number, counts = operation.id, operation.counts
    assert counts == {"student": {"update": 2}}

    undo = post(registrar, f"/admin/operations/undo/?id={number}", {})
    apply_undo(registrar, undo)
    fresh = [{**stored(row_id), "version": 0, "updated_at": 0} for row_id in three]
    assert fresh == [{**row, "version": 0, "updated_at": 0} for row in before]


def apply_undo(client, answer) -> None:
    page = answer.get_data(as_text=True)
    if "review-form" in page:
        apply(client, answer)


@pytest.mark.parametrize(
    ("head", "keys"),
    [
        ("student_number", ("S1", "S2")),
        ("E-mail", ("A1@example.org", "a2@example.org")),
        ("anything", ("s1", "a2@EXAMPLE.org")),
    ],
)
def test_rows_are_named_by_number_email_or_id(registrar, three, stored, head, keys):
    answer = review(registrar, (head, "city"), (keys[0], "Bath"), (keys[1], "Hull"))

    apply(registrar, answer)

    assert [stored(row_id)["city"] for row_id in three] == ["Bath", "Hull", "York"]


def test_below_the_head_id_only_ids_are_meant(registrar, made, stored):
    first = made(student_number="X1")
    second = made(student_number=str(first))

    apply(registrar, review(registrar, ("id", "city"), (str(first), "Bath")))

    assert (stored(first)["city"], stored(second)["city"] == "Bath") == ("Bath", False)


def test_cells_that_are_no_values_refuse_their_rows_with_reasons_and_the_others_go_on(registrar, three, stored):
    answer = review(
        registrar,
        ("id", "status", "date_of_birth", "age"),
        (str(three[0]), "asleep", "yesterday", ""),
        (str(three[1]), "active", "2001-01-01", "7"),
        (str(three[2]), "applicant", "2001-01-01", ""),
    )
    assert tally(answer) == ["1 will change", "0 already so", "2 refused"]
    assert sorted(reasons(answer)) == [
        "Age cannot be changed here.",
        "Status: choose one of applicant, active, on_leave, withdrawn, graduated. "
        "Date of birth: write a date as 2026-01-31, today, -7d, +2w, -1m or -1y.",
    ]

    apply(registrar, answer)

    assert [stored(row_id)["status"] for row_id in three] == ["active", "active", "applicant"]


def test_what_a_rule_refuses_is_refused_in_the_review(registrar, three):
    answer = review(
        registrar,
        ("id", "phone", "financial_hold"),
        (str(three[0]), "none at all", "no"),
        (str(three[1]), "1", "maybe"),
    )

    assert tally(answer) == ["0 will change", "0 already so", "2 refused"]


def test_two_rows_cannot_be_given_the_same_key(registrar, three):
    answer = review(
        registrar, ("id", "student_number"), (str(three[0]), "SAME"), (str(three[1]), "SAME"), (str(three[2]), "NEW")
    )

    assert tally(answer) == ["1 will change", "0 already so", "2 refused"]


def test_columns_that_cannot_be_changed_may_be_pasted_along_as_they_are(registrar, three, stored):
    exported = registrar.get(
        "/admin/students/export/csv/",
        query_string={"columns": "student_number,full_name,age,status,balance,city", "sort": "id"},
    )
    table = list(csv.reader(io.StringIO(exported.get_data(as_text=True))))
    same = review(registrar, *map(tuple, table))
    table[1][-1] = "Bath"
    changed = review(registrar, *map(tuple, table))

    assert tally(same) == ["0 will change", "3 already so", "0 refused"]
    assert tally(changed) == ["1 will change", "2 already so", "0 refused"]


def test_amounts_are_counted_in_the_currency_of_each_row_and_relations_are_named_by_key(app, sign_in):
    with app.app_context():
        lines = [factories.course(currency=code, list_price_minor=500) for code in ("EUR", "JPY")]
        owner = factories.staff(role="course_editor")
        ids, username = [int(course.id) for course in lines], owner.username
    client = sign_in("course_editor")

    answer = review(
        client,
        ("id", "list_price", "owner"),
        (str(ids[0]), "12.5", username),
        (str(ids[1]), "125", username),
        address="/admin/courses/cells/",
    )
    apply(client, answer)

    with app.app_context():
        model = type(lines[0])
        rows = db.session.execute(
            select(model.list_price_minor, model.owner_id == owner.id).where(model.id.in_(ids)).order_by(model.id)
        ).all()
    assert [tuple(row) for row in rows] == [(1250, True), (125, True)]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ((("id", "colour"), ("1", "red")), "“colour” is no field of students. Write field names into the first row."),
        (
            (("id",), ("1",)),
            "There is nothing to change. The first column names the rows, those behind it their fields.",
        ),
        ((("id", "city"),), "There is no row below the names."),
        ((("id", "age"), ("ID", "7")), "None of these columns can be changed here. Name at least one that can."),
        ((("id", "city"), ("99999999", "X")), "Row 2: “99999999” names none that you may see."),
        ((("id", "city"), ("ID", "X"), ("ID", "Y")), "Row 3: “ID” is there twice."),
        ((("id", "city"), ("ID",)), "Row 2 has 1 cell, but the header has 2."),
        ((("id", "city", "city"), ("ID", "a", "b")), "Row 1 names the column “city” twice. Remove one of them."),
        ((("id", "city", "City"), ("ID", "a", "b")), "“City” is named twice. Remove one of the columns."),
        ((), "The file is empty. The first row must name the columns."),
    ],
)
def test_a_block_that_cannot_be_understood_changes_nothing_and_stays_to_be_corrected(registrar, made, rows, problem):
    number = str(made(city="York"))
    given = [tuple(cell.replace("ID", number) for cell in row) for row in rows]

    answer = review(registrar, *given)

    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert problem.replace("ID", number) in page
    assert all(cell in page for row in given for cell in row)


def test_an_empty_cell_of_a_pasted_column_empties_the_value_of_its_row(registrar, three, stored):
    rows = ",".join(f"{row_id}:{stored(row_id)['version']}" for row_id in three)

    apply(registrar, post(registrar, CELLS, {"text": "Bath\n\nHull\n", "rows": rows, "fields": "city"}))

    assert [stored(row_id)["city"] for row_id in three] == ["Bath", None, "Hull"]


def test_who_comes_back_from_the_review_finds_what_they_pasted(registrar, three):
    answer = review(registrar, ("id", "city"), (str(three[0]), "Bath"))
    back = unescape(re.search(r'href="([^"]+)">Other values<', answer.get_data(as_text=True))[1])

    page = registrar.get(back).get_data(as_text=True)

    assert f"id\tcity\n{three[0]}\tBath</textarea>" in page.replace("\r", "")


def test_rows_that_moved_after_the_review_are_not_overwritten(app, registrar, three, stored):
    answer = review(registrar, ("id", "city"), (str(three[0]), "Bath"), (str(three[1]), "Hull"))
    post(
        registrar,
        "/admin/students/ajax/update/",
        {
            "id": three[0],
            "version": stored(three[0])["version"],
            "field": "city",
            "value": "Wells",
        },
    )

    moved = apply(registrar, answer)

    assert moved.status_code == 409
    assert [stored(row_id)["city"] for row_id in three] == ["Wells", "York", "York"]


@pytest.mark.parametrize("role", ["read_only", "course_editor", "support"])
def test_who_may_not_edit_many_rows_may_not_paste_cells(app, sign_in, role):
    client = sign_in(role)

    assert client.get(CELLS).status_code == 403
    assert "Paste cells" not in client.get("/admin/students/").get_data(as_text=True)
