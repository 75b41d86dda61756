"""Forms: what is typed is kept, what is wrong stands at its field, and two people on one row lose nothing."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests import factories
from tests.contracts.grids import hidden_inputs, post

NEW = {"student_number": "S-77", "full_name": "Ana Müller", "status": "active"}


def count(app) -> int:
    """Returns how many students there are."""
    with app.app_context():
        return factories.db.session.query(factories.Student).count()


def opened(client, row_id: int) -> dict[str, Any]:
    """Returns the hidden fields of a student's form."""
    return hidden_inputs(client.get(f"/admin/students/edit/?id={row_id}").get_data(as_text=True))


def test_a_new_row_is_made_and_can_be_taken_back(app, registrar, send) -> None:
    answer = send("new/?url=/admin/students/%3Fsearch%3Dana", **NEW)

    assert answer.headers["Location"] == "/admin/students/?search=ana"
    page = registrar.get(answer.headers["Location"]).get_data(as_text=True)
    assert "1 student created" in page
    assert count(app) == 1
    post(registrar, re.search(r'action="(/admin/operations/undo/[^"]+)"', page)[1].replace("&amp;", "&"), {})
    assert count(app) == 0


def test_what_is_wrong_stands_at_its_field_and_in_the_summary_and_nothing_typed_is_lost(app, send) -> None:
    answer = send("new/", **NEW | {"full_name": "", "date_of_birth": "31.02.1999", "city": "Leeds & <b>York</b>"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<title>Error: New student" in page
    assert 'href="#full_name"' in page
    assert 'href="#date_of_birth"' in page
    assert 'aria-describedby="date_of_birth-error"' in page
    assert 'value="31.02.1999"' in page
    assert 'value="Leeds &amp; &lt;b&gt;York&lt;/b&gt;"' in page
    assert count(app) == 0


def test_a_number_that_is_taken_is_a_sentence_at_its_field(app, made, send) -> None:
    made(student_number="S-77")

    answer = send("new/", **NEW)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page
    assert 'id="student_number-error"' in page
    assert "UNIQUE" not in page
    assert count(app) == 1


def test_a_form_that_is_sent_twice_makes_one_row(app, registrar) -> None:
    hidden = hidden_inputs(registrar.get("/admin/students/new/").get_data(as_text=True))

    first = registrar.post("/admin/students/new/", data=NEW | hidden)
    second = registrar.post("/admin/students/new/", data=NEW | hidden)

    assert (first.status_code, second.status_code) == (302, 302)
    assert count(app) == 1


def test_a_form_that_failed_can_be_sent_again(app, registrar) -> None:
    hidden = hidden_inputs(registrar.get("/admin/students/new/").get_data(as_text=True))

    registrar.post("/admin/students/new/", data=NEW | hidden | {"full_name": ""})
    registrar.post("/admin/students/new/", data=NEW | hidden)

    assert count(app) == 1


def test_save_and_add_another_opens_an_empty_form_that_leads_back_to_the_list(send) -> None:
    answer = send("new/?url=/admin/students/%3Fpage%3D3", **NEW, _add_another="1")

    assert answer.headers["Location"] == "/admin/students/new/?url=/admin/students/?page%3D3"


def test_what_the_address_says_of_a_row_is_said_of_the_next_one_and_the_work_begins_behind_it(registrar, send) -> None:
    address = "new/?student_number=S9&url=/admin/students/"
    form = registrar.get(f"/admin/students/{address}").get_data(as_text=True)
    answer = send(address, **NEW, _add_another="1")

    assert re.findall(r'<input[^>]* autofocus[^>]* name="(\w+)"', form) == ["full_name"]
    assert answer.headers["Location"] == "/admin/students/new/?student_number=S9&url=/admin/students/"


def test_an_address_elsewhere_is_no_way_back(send) -> None:
    answer = send("new/?url=https://evil.example/", **NEW)

    assert answer.headers["Location"] == "/admin/students/"


def test_fields_that_are_not_in_the_form_are_ignored(made, send, stored) -> None:
    row_id = made()

    send(
        f"edit/?id={row_id}",
        full_name="Changed",
        student_number="S-1",
        status="active",
        id="999",
        search_text="x",
        version="",
    )

    assert stored(row_id)["full_name"] == "Changed"
    assert stored(row_id)["search_text"] != "x"


def test_two_people_on_different_fields_both_keep_their_change(registrar, sign_in, made, stored) -> None:
    row_id = made(full_name="Ana", city="Leeds", student_number="S-1")
    mine = opened(registrar, row_id)
    theirs = opened(other := sign_in("admin"), row_id)
    both = {"student_number": "S-1", "full_name": "Ana", "city": "Leeds", "status": "active"}

    other.post(f"/admin/students/edit/?id={row_id}", data=both | theirs | {"city": "York"})
    answer = registrar.post(f"/admin/students/edit/?id={row_id}", data=both | mine | {"full_name": "Ana Maria"})

    assert answer.status_code == 302
    assert (stored(row_id)["city"], stored(row_id)["full_name"]) == ("York", "Ana Maria")


def test_two_people_on_one_field_see_both_versions_and_the_second_decides(registrar, sign_in, made, stored) -> None:
    row_id = made(full_name="Ana", city="Leeds", student_number="S-1")
    mine = opened(registrar, row_id)
    theirs = opened(other := sign_in("admin", full_name="Otto Other"), row_id)
    both = {"student_number": "S-1", "full_name": "Ana", "city": "Leeds", "status": "active"}
    other.post(f"/admin/students/edit/?id={row_id}", data=both | theirs | {"city": "York"})

    conflict = registrar.post(f"/admin/students/edit/?id={row_id}", data=both | mine | {"city": "Hull", "phone": "123"})

    page = conflict.get_data(as_text=True)
    assert conflict.status_code == 409
    assert "Changed by Otto Other meanwhile" in page
    assert "Save mine for these fields" in page
    assert re.findall(r"<td data-label=[^>]*>(\w+)</td>", page) == ["Leeds", "York", "Hull"]
    assert stored(row_id)["city"] == "York"
    saved = registrar.post(f"/admin/students/edit/?id={row_id}", data=hidden_inputs(page) | {"mine": "city"})
    assert saved.status_code == 302
    assert (stored(row_id)["city"], stored(row_id)["phone"]) == ("Hull", "123")


def test_after_a_conflict_their_field_stays_where_mine_is_not_kept(registrar, sign_in, made, stored) -> None:
    row_id = made(full_name="Ana", city="Leeds", student_number="S-1")
    mine = opened(registrar, row_id)
    theirs = opened(other := sign_in("admin"), row_id)
    both = {"student_number": "S-1", "full_name": "Ana", "city": "Leeds", "status": "active"}
    other.post(f"/admin/students/edit/?id={row_id}", data=both | theirs | {"city": "York"})
    page = registrar.post(f"/admin/students/edit/?id={row_id}", data=both | mine | {"city": "Hull", "phone": "123"})

    registrar.post(f"/admin/students/edit/?id={row_id}", data=hidden_inputs(page.get_data(as_text=True)))

    assert (stored(row_id)["city"], stored(row_id)["phone"]) == ("York", "123")


def test_after_a_conflict_what_i_left_alone_stays_as_they_saved_it(registrar, sign_in, made, stored) -> None:
    row_id = made(full_name="Ana", city="Leeds", phone="111", student_number="S-1")
    mine = opened(registrar, row_id)
    theirs = opened(other := sign_in("admin"), row_id)
    both = {"student_number": "S-1", "full_name": "Ana", "city": "Leeds", "phone": "111", "status": "active"}
    other.post(f"/admin/students/edit/?id={row_id}", data=both | theirs | {"city": "York", "phone": "222"})
    page = registrar.post(f"/admin/students/edit/?id={row_id}", data=both | mine | {"city": "Hull"})

    hidden = hidden_inputs(page.get_data(as_text=True))
    registrar.post(f"/admin/students/edit/?id={row_id}", data=hidden | {"mine": "city"})

    assert (stored(row_id)["city"], stored(row_id)["phone"]) == ("Hull", "222")


def test_a_row_that_is_gone_is_not_found_and_not_brought_back(app, registrar, made, send, stored) -> None:
    row_id = made()
    page = registrar.get(f"/admin/students/delete/?id={row_id}", follow_redirects=True).get_data(as_text=True)
    send(f"delete/?id={row_id}", **hidden_inputs(page), action="apply")

    answer = send(f"edit/?id={row_id}", full_name="Ghost")

    assert answer.status_code == 404
    assert stored(row_id) == {}


def test_who_sends_less_than_the_whole_form_changes_no_more_than_that(made, send, stored) -> None:
    row_id = made(city="Leeds", phone="123", financial_hold=True, hold_reason="Fees")

    send(f"edit/?id={row_id}", city="York")

    kept = stored(row_id)
    assert (kept["city"], kept["phone"], kept["financial_hold"], kept["hold_reason"]) == ("York", "123", True, "Fees")


def test_a_tick_that_is_taken_away_is_saved(made, send, stored) -> None:
    row_id = made(financial_hold=True, hold_reason="Fees")

    send(f"edit/?id={row_id}", financial_hold="false", hold_reason="")

    assert (stored(row_id)["financial_hold"], stored(row_id)["hold_reason"]) == (False, None)


def test_a_double_click_makes_one_row(app, registrar) -> None:
    page = registrar.get("/admin/students/new/").get_data(as_text=True)
    sent = NEW | hidden_inputs(page)
    cookie = registrar.get_cookie("session").value

    def click(_number: int) -> int:
        client = app.test_client()
        client.set_cookie("session", cookie)
        return client.post("/admin/students/new/", data=sent).status_code

    with ThreadPoolExecutor(4) as clicks:
        answers = list(clicks.map(click, range(4)))

    assert answers == [302] * 4
    assert count(app) == 1
