"""Anything by a few letters: what is found, for whom, and in which order."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.contracts.grids import hidden_inputs, post, statements


def found(client: Any, text: str) -> dict[str, list[str]]:
    """Returns the names of what is found, by kind."""
    answer = client.get("/admin/find/", query_string={"q": text}, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    return {group["name"]: [hit["label"] for hit in group["hits"]] for group in answer.get_json()}


def test_a_fragment_finds_rows_of_every_kind_as_what_they_are(app: Flask, sign_in) -> None:
    with app.app_context():
        factories.student(full_name="Anna Lindqvist", student_number="S1")
        factories.student(full_name="Bo Ek", student_number="S2")
        factories.course(code="ANNALS", title="Annals of Rome")

    assert found(sign_in("registrar"), "ann") == {"Students": ["Anna Lindqvist"], "Courses": ["ANNALS"]}


def test_what_is_called_exactly_so_comes_first(app: Flask, sign_in) -> None:
    with app.app_context():
        factories.student(full_name="Course Hunter", student_number="S9")
        factories.course(code="S9", title="Strings")

    assert list(found(sign_in("registrar"), "courses")) == ["Pages"]
    assert list(found(sign_in("registrar"), "S9")) == ["Students", "Courses"]


def test_without_a_text_there_are_the_pages_and_what_can_be_done(sign_in) -> None:
    groups = found(sign_in("registrar"), "")

    assert list(groups) == ["Pages", "Actions"]
    assert {"Students", "Enrollments", "Your account"} <= set(groups["Pages"])
    assert "New student" in groups["Actions"]


def test_nobody_finds_what_they_may_not_see(app: Flask, sign_in) -> None:
    with app.app_context():
        factories.staff(username="zebediah", full_name="Zebediah Quirk")

    assert [found(sign_in(role), "zebediah") for role in ("admin", "read_only")] == [{"Staff": ["Zebediah Quirk"]}, {}]


def test_a_reader_is_offered_nothing_to_do(sign_in) -> None:
    assert "Actions" not in found(sign_in("read_only"), "")


@pytest.mark.parametrize(
    "text", ['"', "status:", "-", "  ", "x" * 600, "50%_", "\\", "杨", "a:b:c", "in:nobody", "' OR 1=1"]
)
def test_whatever_is_typed_is_looked_for_as_it_is(sign_in, text: str) -> None:
    assert set(found(sign_in("admin"), text)) <= {"Pages", "Actions"}


def test_the_last_own_operation_is_offered_until_it_is_taken_back(app: Flask, sign_in) -> None:
    client = sign_in("registrar")
    before = client.get("/admin/find/last/").headers["Location"]
    new = {"student_number": "S-77", "full_name": "Una Undone", "status": "active"}
    post(client, "/admin/students/new/", new | hidden_inputs(client.get("/admin/students/new/").get_data(as_text=True)))
    address = client.get("/admin/find/last/").headers["Location"]
    page = client.get(address).get_data(as_text=True)
    offered = found(client, "undo")
    post(client, address.replace("/details/", "/undo/"), {})

    assert before.startswith("/admin/find/")
    assert "Una Undone" in page
    assert offered["Actions"] == ["Undo the last thing I did"]
    assert client.get("/admin/find/last/").headers["Location"] != address


def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(app: Flask, sign_in) -> None:
    client = sign_in("admin")
    with app.app_context():
        factories.student(full_name="Ann 0")
    found(client, "ann")
    with statements(app) as few:
        found(client, "ann")
    with app.app_context():
        for number in range(1, 30):
            factories.student(full_name=f"Ann {number}")
    with statements(app) as many:
        found(client, "ann")

    assert len(many) == len(few)


def test_every_entry_of_the_menu_has_a_letter_of_its_own(sign_in) -> None:
    page = sign_in("admin").get("/admin/").get_data(as_text=True)
    letters = [part.partition('"')[0] for part in page.split('data-keys="g ')[1:]]

    assert len(letters) == len(set(letters)) > 10
