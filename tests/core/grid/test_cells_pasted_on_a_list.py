"""Cells pasted onto a list: from the cell on, as the list shows them, and never over what somebody changed since."""

from __future__ import annotations

from tests import factories
from tests.contracts.grids import post
from tests.core.grid.cell_forms import CELLS, apply, reasons, review, tally


def test_a_block_pasted_on_the_list_is_about_the_rows_and_columns_from_the_cell_on(registrar, three, stored):
    rows = ",".join(f"{row_id}:{stored(row_id)['version']}" for row_id in three[1:])

    answer = post(registrar, CELLS, {"text": "Bath\ton_leave\nHull\tactive", "rows": rows, "fields": "city,status,age"})
    apply(registrar, answer)

    assert [(stored(row_id)["city"], stored(row_id)["status"]) for row_id in three] == [
        ("York", "active"),
        ("Bath", "on_leave"),
        ("Hull", "active"),
    ]


def test_rows_that_changed_since_they_were_shown_are_refused(registrar, three, stored):
    rows = ",".join(f"{row_id}:{stored(row_id)['version'] - (row_id == three[1])}" for row_id in three)

    answer = post(registrar, CELLS, {"text": "Bath\nHull\nYork", "rows": rows, "fields": "city"})

    assert tally(answer) == ["1 will change", "1 already so", "1 refused"]
    assert reasons(answer) == ["Changed since it was shown here. Look at it again before you paste."]


def test_a_block_larger_than_what_the_page_shows_is_refused(registrar, three):
    answer = post(registrar, CELLS, {"text": "a\tb\nc\td", "rows": f"{three[0]}:1", "fields": "city"})

    assert answer.status_code == 422
    assert "a block of 2 × 2 cells, but from that cell on the page shows 1 × 1." in answer.get_data(as_text=True)


def test_cells_copied_as_the_list_shows_them_mean_what_the_row_holds(app, sign_in):
    with app.app_context():
        course = factories.course(currency="EUR", list_price_minor=123450, owner=factories.staff(role="course_editor"))
        number, owner = str(course.id), course.owner.full_name
        factories.staff(role="support", full_name=owner)  # of the same name

    answer = review(
        sign_in("admin"),
        ("id", "list_price", "owner", "title"),
        (number, "1,234.50 EUR", owner, "Another title"),
        address="/admin/courses/cells/",
    )

    assert tally(answer) == ["1 will change", "0 already so", "0 refused"]


def test_cells_may_hold_dates_as_ones_pages_show_them(app, registrar, three, stored):
    post(registrar, "/admin/account/place/", {"locale": "de_DE", "timezone": ""})

    apply(registrar, review(registrar, ("Student number", "Date of birth"), ("S1", "03.02.2001"), ("S2", "2002-03-04")))
    again = review(registrar, ("Student number", "Date of birth"), ("S1", "03.02.2001"), ("S2", "04.03.2002"))

    assert [str(stored(row_id)["date_of_birth"]) for row_id in three] == ["2001-02-03", "2002-03-04", "None"]
    assert tally(again) == ["0 will change", "2 already so", "0 refused"]
