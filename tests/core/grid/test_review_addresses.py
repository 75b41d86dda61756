"""A review is a page with an address: read again, come back to, and kept as a bookmark, it sends nothing a second time."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests import factories
from tests.contracts.grids import FORMS, hidden_inputs, post, token

YORK = {"action": "review", "set-city": "York"}


def text(answer) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture
def led(registrar, made):
    """Returns a function: fields -> the address to which asking for a review of two students leads."""
    ids = [made(city="Leeds") for _ in range(2)]

    def ask(**fields) -> str:
        sent = {"rowid": ids, **YORK, **fields, "csrf_token": token(registrar, FORMS)}
        answer = registrar.post("/admin/students/action/?url=/admin/students/?search=leeds", data=sent)
        assert answer.status_code == 303
        return answer.location

    return ask


def pressed(client, address: str, **fields):
    """Presses a button of the review at this address."""
    return post(client, "/admin/students/action/", {**hidden_inputs(text(client.get(address))), **fields})


def buttons(page: str) -> list[str]:
    return re.findall(r'name="action" value="([^"]+)"', page)


def test_the_review_can_be_read_again_and_leads_back_to_the_list_it_came_from(registrar, led) -> None:
    address = led()

    first, second = text(registrar.get(address)), text(registrar.get(address))

    assert "2 will change" in first
    assert buttons(first) == buttons(second) == ["apply", "later"]
    assert 'href="/admin/students/?search=leeds">Cancel' in first


def test_of_an_applied_plan_the_review_says_what_has_happened_with_undo_and_no_button_to_press(registrar, led) -> None:
    address = led()
    pressed(registrar, address, action="apply")

    page = text(registrar.get(address))
    undo = re.search(r'action="(/admin/operations/undo/[^"]+)"', page[page.index('id="happened"') :])[1]
    post(registrar, unescape(undo), {})
    undone = text(registrar.get(address))

    assert re.search(r"This was already done on [^<]+: Set city to York for 2 students", page)
    assert re.search(r'href="/admin/operations/details/\?id=\d+">Details', page)
    assert buttons(page) == []
    assert "This was already done on" in undone
    assert "/admin/operations/undo/" not in undone[undone.index('id="happened"') :]


def test_of_a_plan_that_a_worker_has_the_review_leads_to_the_job(registrar, led) -> None:
    address = led()
    job = pressed(registrar, address, action="later").location

    page = text(registrar.get(address))

    assert "This was given to a worker on" in page
    assert f'href="{job}">Details' in page
    assert buttons(page) == []


def test_a_review_is_there_for_its_author_alone(app, registrar, sign_in, led) -> None:
    address = led()
    others = [sign_in(role).get(address).status_code for role in ("admin", "registrar", "read_only")]
    elsewhere = registrar.get(address.replace("students", "courses")).status_code

    assert others == [404, 404, 404]
    assert elsewhere == 404
    assert registrar.get("/admin/students/review/?plan=nope").status_code == 404
    assert registrar.get("/admin/students/review/").status_code == 404


def test_the_second_person_is_led_from_the_review_to_the_request(app, registrar, sign_in, led) -> None:
    with app.app_context():
        factories.approval_policy(is_active=True, rows_above=1)
    address, second = led(), sign_in("registrar", full_name="Sue Second")
    request = pressed(registrar, address, action="ask", why="They moved").location

    mine = text(registrar.get(address))

    assert second.get(address).location == request
    assert sign_in("finance").get(address).status_code == 404
    assert "Approval was asked for on" in mine
    assert f'href="{request}">Details' in mine


def test_the_form_of_a_bulk_edit_has_an_address_and_keeps_what_was_typed(registrar, led, send) -> None:
    form_address = led(action="edit", **{"set-city": ""})
    empty = text(registrar.get(form_address))
    sent = {**hidden_inputs(empty), **YORK, "reason": "Moved", "clear": "phone", "how-email": "append"}

    refused = post(registrar, "/admin/students/action/", {**sent, "set-date_of_birth": "soon"})
    review = post(registrar, "/admin/students/action/", {**sent, "how-email": "set"})
    again = text(registrar.get(form_address))

    assert "Edit 2 students" in empty
    assert refused.status_code == 422
    assert hidden_inputs(text(refused))["plan"] == hidden_inputs(empty)["plan"]
    assert "2 will change" in text(review)
    assert re.search(r'<input [^>]*name="set-city"[^>]*value="York"', again)
    assert re.search(r'name="clear" value="phone" checked', again)
    assert 'value="Moved"' in again


def test_a_form_in_which_nothing_was_asked_for_yet_is_no_review(registrar, led) -> None:
    form_address = led(action="edit")

    review = registrar.get(form_address.replace("/choose/", "/review/"))

    assert review.location.startswith("/admin/students/choose/?plan=")


def test_a_deletion_s_review_has_an_address_as_well(app, registrar, made, send) -> None:
    row_id = made(full_name="Ann Lee")

    page = text(send(f"delete/?id={row_id}"))
    plan = hidden_inputs(page)["plan"]
    again = text(registrar.get(f"/admin/students/review/?plan={plan}"))

    assert "Review the deletion" in page
    assert "Delete Ann Lee" in again
