"""Saving one row after the other: each form leads to that of the next row of the list that the person came from."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from tests.contracts.grids import hidden_inputs, statements
from tests.core.grid.test_saved_forms import fields_of

LIST = "/admin/students/?search=city:Leeds&sort=full_name"


@pytest.fixture
def ids(made) -> list[int]:
    """Three students of the list, in its order, and one beside it."""
    made(full_name="Ben", city="York")
    return [made(full_name=name, city="Leeds") for name in ("Ann", "Bob", "Cyd")]


def address(row_id: int, back: str = LIST) -> str:
    return f"/admin/students/edit/?id={row_id}&url={quote(back, safe='')}"


def opened(client, where: str) -> tuple[str, dict[str, str]]:
    page = client.get(where).get_data(as_text=True)
    return page, fields_of(page)


def test_save_and_next_opens_the_form_of_the_next_row_of_the_same_list(registrar, ids, stored) -> None:
    page, form = opened(registrar, address(ids[0]))

    answer = registrar.post(address(ids[0]), data=form | {"phone": "123", "_next": "1"})

    assert 'aria-label="Save and next: Bob"' in page
    assert stored(ids[0])["phone"] == "123"
    after = registrar.get(answer.location).get_data(as_text=True)
    assert "<title>Edit Bob" in after
    assert "1 student changed" in after
    assert 'aria-label="Save and next: Cyd"' in after


def test_the_next_row_is_the_one_after_where_the_saved_row_was(registrar, ids) -> None:
    _, form = opened(registrar, address(ids[0]))

    answer = registrar.post(address(ids[0]), data=form | {"full_name": "Zoe", "city": "Hull", "_next": "1"})

    assert f"id={ids[1]}" in answer.location


def test_the_last_row_says_that_it_is_and_leads_back_to_the_list(registrar, ids) -> None:
    page, form = opened(registrar, address(ids[2]))

    answer = registrar.post(address(ids[2]), data=form | {"phone": "1", "_next": "1"})

    assert "Save and next" not in page
    assert "The last row of the list" in page
    assert answer.location == f"{LIST}#row-{ids[2]}"
    assert "That was the last row of the list." in registrar.get(answer.location).get_data(as_text=True)


def test_a_form_that_was_opened_from_no_list_goes_nowhere_next(registrar, ids) -> None:
    for where in (f"/admin/students/edit/?id={ids[0]}", address(ids[0], "/admin/")):
        page, form = opened(registrar, where)
        again = registrar.post(where, data=form | {"full_name": ""}).get_data(as_text=True)

        assert "Save and next" not in page + again
        assert "The last row of the list" not in page + again


def test_what_is_wrong_keeps_the_person_at_the_row(registrar, ids) -> None:
    _, form = opened(registrar, address(ids[0]))

    answer = registrar.post(address(ids[0]), data=form | {"full_name": "", "_next": "1"})

    assert answer.status_code == 422
    assert 'aria-label="Save and next: Bob"' in answer.get_data(as_text=True)


def test_after_a_conflict_one_still_goes_on(registrar, sign_in, ids) -> None:
    _, mine = opened(registrar, address(ids[0]))
    _, theirs = opened(other := sign_in("admin"), address(ids[0]))
    other.post(address(ids[0]), data=theirs | {"phone": "1"})
    conflict = registrar.post(address(ids[0]), data=mine | {"phone": "2", "_next": "1"}).get_data(as_text=True)

    saved = registrar.post(address(ids[0]), data=hidden_inputs(conflict) | {"mine": "phone"})

    assert f"id={ids[1]}" in saved.location


def test_the_next_row_costs_the_same_in_a_short_list_and_in_a_long_one(app, registrar, ids, made) -> None:
    registrar.get(address(ids[0]))
    with statements(app) as few:
        registrar.get(address(ids[0]))
    for number in range(30):
        made(full_name=f"Student {number:02}", city="Leeds")

    with statements(app) as many:
        page = registrar.get(address(ids[0])).get_data(as_text=True)

    assert len(few) == len(many)
    assert re.search("Save and next: Bob", page)
