"""One cell in the grid: the rules of the form, the answer in JSON."""

from __future__ import annotations

import pytest

from tests import factories
from tests.contracts.grids import post


def cell(client, row_id: int, field: str, value: str, version: object = "", grid: str = "students"):
    sent = {"id": row_id, "field": field, "value": value, "version": version}
    return post(client, f"/admin/{grid}/ajax/update/", sent)


def test_a_cell_is_saved_shown_and_can_be_taken_back(registrar, made, stored) -> None:
    row_id = made(city="Leeds")
    version = stored(row_id)["version"]

    answer = cell(registrar, row_id, "city", "York & <Co>", version)

    told = answer.get_json()
    assert answer.status_code == 200
    assert (told["html"], told["value"], told["message"]) == (
        "York &amp; &lt;Co&gt;",
        "York & <Co>",
        "1 student changed",
    )
    assert told["version"] == stored(row_id)["version"] > version
    post(registrar, told["undo_url"], {})
    assert (stored(row_id)["city"], stored(row_id)["version"]) == ("Leeds", version)


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("status", "on_leave", "On leave"),
        ("financial_hold", "false", "No"),
        ("date_of_birth", "2001-02-03", "2001-02-03"),
        ("city", "", ""),
    ],
)
def test_each_kind_of_value_is_read_and_shown_as_the_form_and_the_list_do(registrar, made, field, value, shown) -> None:
    answer = cell(registrar, made(city="Leeds"), field, value)

    assert answer.status_code == 200
    assert shown in answer.get_json()["html"]
    assert answer.get_json()["value"] == value


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("full_name", "", 422),
        ("status", "asleep", 422),
        ("date_of_birth", "soon", 422),
        ("financial_hold", "true", 422),  # without a reason
        ("city", "x" * 500, 422),
        ("search_text", "x", 400),
        ("id", "7", 400),
        ("nope", "x", 400),
    ],
)
def test_what_cannot_be_saved_is_said_and_nothing_changes(registrar, made, stored, field, value, status) -> None:
    row_id = made()
    before = stored(row_id)

    answer = cell(registrar, row_id, field, value)

    assert answer.status_code == status
    assert stored(row_id) == before


def test_a_cell_that_somebody_changed_meanwhile_shows_theirs(registrar, sign_in, made, stored) -> None:
    row_id = made(city="Leeds")
    seen = stored(row_id)["version"]
    cell(sign_in("admin", full_name="Otto Other"), row_id, "city", "York", seen)

    conflict = cell(registrar, row_id, "city", "Hull", seen)
    mine = cell(registrar, row_id, "city", "Hull", conflict.get_json()["version"])

    assert conflict.status_code == 409
    assert conflict.get_json()["message"] == "Changed by Otto Other meanwhile: York"
    assert (mine.status_code, stored(row_id)["city"]) == (200, "Hull")


def test_who_may_change_some_fields_changes_those_and_no_others(sign_in, made) -> None:
    row_id = made(city="Leeds")
    support = sign_in("support")

    assert cell(support, row_id, "city", "York").status_code == 200
    assert cell(support, row_id, "status", "graduated").status_code == 400


def test_a_row_outside_of_the_person_s_scope_is_not_found(app, sign_in) -> None:
    with app.app_context():
        seat_id = factories.enrollment().id

    assert cell(sign_in("course_editor"), seat_id, "progress_pct", "50", grid="enrollments").status_code == 404
