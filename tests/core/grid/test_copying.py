""" "Duplicate": the form of a new row that begins with what another one has, less what is that row's own."""

from __future__ import annotations

import pytest

from backoffice.core.access import Role, Verb
from backoffice.core.grid.copying import own_fields
from backoffice.core.grid.declaration import grids
from tests import factories
from tests.contracts.grids import ALL, RECORDS, hidden_inputs, make_row, roles_with
from tests.core.grid.test_saved_forms import fields_of

MADE_BY_HAND = [
    name
    for name in RECORDS
    if "C" in (RECORDS[name].rights[Role.ADMIN].verbs if Role.ADMIN in RECORDS[name].rights else "")
]


def copy_of(client, grid: str, row_id: int) -> dict[str, str]:
    """Returns what the form of a duplicate holds."""
    return fields_of(client.get(f"/admin/{grid}/new/?like={row_id}").get_data(as_text=True))


def test_the_form_is_filled_in_without_what_no_two_rows_share(registrar, made) -> None:
    row_id = made(student_number="S-1", full_name="Ana", email="ana@example.org", city="Leeds", status="on_leave")

    form = copy_of(registrar, "students", row_id)

    assert {name: form[name] for name in ("student_number", "full_name", "email", "city", "status")} == {
        "student_number": "",
        "full_name": "Ana",
        "email": "",
        "city": "Leeds",
        "status": "on_leave",
    }


def test_nothing_is_saved_before_the_person_saves(app, registrar, made) -> None:
    row_id = made(full_name="Ana")
    details = registrar.get(f"/admin/students/details/?id={row_id}").get_data(as_text=True)

    page = registrar.get(f"/admin/students/new/?like={row_id}").get_data(as_text=True)

    assert f'href="/admin/students/new/?like={row_id}&amp;url=/admin/students/">Duplicate</a>' in details
    assert "Filled in from Ana. Nothing is saved before you save it." in page
    with app.app_context():
        assert factories.db.session.query(factories.Student).count() == 1


def test_a_duplicate_is_saved_as_any_new_row(app, registrar, made) -> None:
    row_id = made(student_number="S-1", full_name="Ana", city="Leeds")
    form = copy_of(registrar, "students", row_id)

    answer = registrar.post("/admin/students/new/", data=form | {"student_number": "S-2"})

    with app.app_context():
        rows = factories.db.session.query(factories.Student).order_by(factories.Student.id)
        assert [(row.student_number, row.full_name, row.city) for row in rows] == [
            ("S-1", "Ana", "Leeds"),
            ("S-2", "Ana", "Leeds"),
        ]
    assert answer.status_code == 302


def test_a_payment_begins_again_on_the_day_of_its_duplicate(app, sign_in) -> None:
    with app.app_context():
        row_id = factories.payment(reference="R-1", received_on=factories.clock.today().replace(year=2020)).id
        today = factories.clock.today().isoformat()

    form = copy_of(sign_in("finance"), "payments", row_id)

    assert (form["received_on"], form["status"], form["reference"], form["amount"]) == (
        today,
        "succeeded",
        "",
        "100.00",
    )


def test_of_what_is_unique_together_the_last_is_left_out(app) -> None:
    with app.test_request_context():
        found = {name: own_fields(grids()[name]) for name in ("lessons", "lines", "relationships")}

    assert found == {
        "lessons": {"position"},
        "lines": {"line_no"},
        "relationships": {"contact", "is_primary"},
    }


@pytest.mark.parametrize("name", MADE_BY_HAND)
def test_who_may_not_make_rows_duplicates_none_and_a_row_out_of_sight_is_not_found(app, sign_in, name: str) -> None:
    with app.app_context():
        row_id = make_row(RECORDS[name])

    for role in roles_with(ALL[name], Verb.VIEW):
        client = sign_in(role)
        details = client.get(f"/admin/{name}/details/?id={row_id}").get_data(as_text=True)
        status = client.get(f"/admin/{name}/new/?like={row_id}").status_code
        makes = role in roles_with(ALL[name], Verb.CREATE)
        sees = client.get(f"/admin/{name}/details/?id={row_id}").status_code == 200

        assert status == ((200 if sees else 404) if makes else 403), role
        assert ("Duplicate" in details) == (makes and sees), role


@pytest.mark.parametrize("number", ["0", "abc", "999999999", ""])
def test_a_number_of_no_row_is_not_found(registrar, number: str) -> None:
    assert registrar.get(f"/admin/students/new/?like={number}").status_code == 404


def test_hidden_fields_of_the_form_are_each_showings_own(registrar, made) -> None:
    row_id = made()

    tokens = {
        hidden_inputs(registrar.get(f"/admin/students/new/?like={row_id}").get_data(as_text=True))["form_token"]
        for _ in range(2)
    }

    assert len(tokens) == 2
