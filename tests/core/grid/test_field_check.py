"""A field is checked when it is left: what saving would say, and nothing else; nothing is saved."""

from __future__ import annotations

from typing import Any

import pytest

from backoffice.core.access import Role
from tests import factories
from tests.contracts.grids import RECORDS, make_row, post, rows_of, statements
from tests.core.grid.test_saved_forms import fields_of

NEW = {"student_number": "S-77", "full_name": "Ana", "status": "active"}


def asked(client, grid: str, *names: str, row_id: int | None = None, **typed: Any) -> Any:
    address = f"/admin/{grid}/check/" + (f"?id={row_id}" if row_id else "")
    return post(client, address, {"field": list(names), **typed})


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("date_of_birth", "31.02.1999", "Date of birth: "),
        ("country_code", "Germany", "Country is too long: at most 2 characters, not 7."),
        ("country_code", "de", "A country is the two letters of ISO 3166, such as DE."),
        ("email", "ana", "An e-mail address has an @ with something on both sides."),
        ("full_name", "", "Full name is needed."),
        ("student_number", "S-1", "Another student has this number."),
        ("email", "BEN@example.org", "Another student has this e-mail address."),
        ("city", "Leeds", ""),
        ("student_number", "S-2", ""),
    ],
)
def test_a_field_of_a_new_row_is_told_what_saving_would_say(registrar, made, send, field, typed, message) -> None:
    made(student_number="S-1", email="ben@example.org", email_key="ben@example.org")

    told = asked(registrar, "students", field, **NEW | {field: typed}).get_json()

    saved = send("new/", **NEW | {field: typed}).get_data(as_text=True)
    assert told[field].startswith(message)
    assert bool(told[field]) == bool(message) == ("Error:" in saved)
    assert told[field].replace("’", "&#39;") in saved


def test_what_is_not_filled_in_yet_is_no_mistake_of_another_field(registrar, made) -> None:
    made(student_number="S-1")

    told = asked(registrar, "students", "student_number", student_number="S-1", full_name="").get_json()
    other = asked(registrar, "students", "city", student_number="S-1", full_name="", city="Leeds").get_json()

    assert told == {"student_number": "Another student has this number."}
    assert other == {"city": ""}


def test_a_rule_between_two_fields_stands_where_saving_puts_it(registrar, made) -> None:
    row_id = made(student_number="S-1", full_name="Ana")

    told = asked(registrar, "students", "financial_hold", "hold_reason", row_id=row_id, financial_hold="true")

    assert told.get_json() == {"financial_hold": "", "hold_reason": ""}
    told = asked(
        registrar, "students", "financial_hold", "hold_reason", row_id=row_id, financial_hold="true", hold_reason=""
    )
    assert told.get_json()["financial_hold"] == ""
    assert told.get_json()["hold_reason"] == "A financial hold needs a reason."


def test_what_a_row_has_already_is_no_mistake(registrar, made) -> None:
    row_id = made(student_number="S-1", full_name="Ana")
    made(student_number="S-2", full_name="Ben")

    same = asked(registrar, "students", "student_number", row_id=row_id, student_number="S-1").get_json()
    taken = asked(registrar, "students", "student_number", row_id=row_id, student_number="S-2").get_json()

    assert (same, taken) == ({"student_number": ""}, {"student_number": "Another student has this number."})


def test_a_change_of_state_that_is_refused_is_told(app, sign_in) -> None:
    with app.app_context():
        row_id = factories.invoice(state="void").id

    told = asked(sign_in("finance"), "invoices", "state", row_id=row_id, state="issued").get_json()

    assert told == {"state": "A draft is issued, an issued invoice is voided; nothing else."}


def test_a_related_row_is_looked_up(registrar, made) -> None:
    made(student_number="S-1", full_name="Ana One")
    made(student_number="S-2", full_name="Ana Two")

    told = [
        asked(registrar, "enrollments", "student", student=typed).get_json()["student"]
        for typed in ("Nobody", "Ana", "S-1", "")
    ]

    assert told == [
        "None of the students matches “Nobody”.",
        "Several students match “Ana”: type which one.",
        "",
        "Student is needed.",
    ]


def test_nothing_is_saved_and_no_plan_is_kept(app, registrar, made) -> None:
    row_id = made()
    before = rows_of(app)

    asked(registrar, "students", "city", row_id=row_id, city="York")
    asked(registrar, "students", "city", **NEW, city="York")

    assert rows_of(app) == before


def test_fields_that_are_not_in_the_persons_form_are_not_answered(sign_in, made) -> None:
    row_id = made(date_of_birth=None)

    told = asked(
        sign_in("support"), "students", "date_of_birth", "status", "id", "city", row_id=row_id, city="York", status="x"
    )

    assert told.get_json() == {"city": ""}


def test_who_may_not_change_or_make_the_row_is_refused(app, sign_in, made) -> None:
    row_id = made()
    support, reader = sign_in("support"), sign_in("read_only")

    answers = [
        asked(support, "students", "city", city="York").status_code,
        asked(reader, "students", "city", row_id=row_id, city="York").status_code,
        asked(reader, "students", "city", city="York").status_code,
        asked(support, "students", "city", row_id=10**9, city="York").status_code,
        asked(support, "students", "city", row_id=row_id, city="York").status_code,
    ]

    assert answers == [403, 403, 403, 404, 200]


def test_a_form_without_its_token_is_not_answered(registrar) -> None:
    assert registrar.post("/admin/students/check/", data=NEW | {"field": "city"}).status_code == 400


FORMS = [
    (name, kind)
    for name, grid in RECORDS.items()
    for kind in ("new", "edit")
    if Role.ADMIN in grid.rights and ("C" if kind == "new" else "E") in grid.rights[Role.ADMIN].verbs
]


@pytest.mark.parametrize(("name", "kind"), FORMS)
def test_a_form_as_it_opens_has_nothing_wrong_in_what_is_filled_in(app, sign_in, name: str, kind: str) -> None:
    client = sign_in("admin")
    with app.app_context():
        row_id = make_row(RECORDS[name]) if kind == "edit" else None
    address = f"/admin/{name}/edit/?id={row_id}" if row_id else f"/admin/{name}/new/"
    form = fields_of(client.get(address).get_data(as_text=True))
    names = [name for name in form if row_id or form[name]]

    answer = asked(client, name, *names, row_id=row_id, **form)

    assert answer.status_code == 200
    assert {name: text for name, text in answer.get_json().items() if text} == {}


def test_all_fields_cost_no_more_statements_than_their_relations_and_one(app, registrar, made) -> None:
    row_id = made(student_number="S-1", full_name="Ana")
    form = fields_of(registrar.get(f"/admin/students/edit/?id={row_id}").get_data(as_text=True))
    asked(registrar, "students", "city", row_id=row_id, **form)

    with statements(app) as sent:
        asked(registrar, "students", *form, row_id=row_id, **form | {"city": "York", "phone": "1", "email": "a@b.c"})

    assert len([statement for statement in sent if "student" in statement.lower()]) <= 6
