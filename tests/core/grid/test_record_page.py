"""The page of one row tells its whole story: what happened, who changed what, what is beside it, what it was before."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from sqlalchemy import delete

from backoffice.core.grid import neighbours
from backoffice.core.operations import Change
from backoffice.extensions import db
from tests import factories
from tests.contracts.grids import hidden_inputs, post, statements


def text(client, address: str) -> str:
    return client.get(address).get_data(as_text=True)


def details(row_id: int, back: str = "") -> str:
    return f"/admin/students/details/?id={row_id}" + (f"&url={quote(back, safe='')}" if back else "")


def beside(page: str) -> dict[str, str]:
    """Returns the names of the rows before and after, as links say them."""
    return dict(re.findall(r'aria-label="(Previous|Next): ([^"]+)"', page))


def test_each_field_says_who_last_changed_it_and_in_which_operation(registrar, made, send) -> None:
    row_id = made(city="Leeds", phone="1")
    send(f"edit/?id={row_id}", city="York")
    send(f"edit/?id={row_id}", phone="2")

    page = text(registrar, details(row_id))

    told = dict(re.findall(r'id="told-(city|phone)">By (Registrar \d+), on [^,]+, in ', page))
    numbers = dict(re.findall(r'id="told-(city|phone)">.*?operation (\d+)</a>', page))
    assert told.keys() == {"city", "phone"}
    assert int(numbers["phone"]) == int(numbers["city"]) + 1
    assert 'aria-label="Who last changed city" aria-describedby="told-city"' in page


def test_a_long_timeline_is_told_a_page_at_a_time_and_nothing_twice(registrar, made, send) -> None:
    row_id = made(city="City")
    for number in range(24):
        send(f"edit/?id={row_id}", city=f"City {number}")

    first = text(registrar, details(row_id))
    earlier = re.search(r'href="([^"]+before=[^"]+)">Earlier', first)[1].replace("&amp;", "&")
    second = text(registrar, earlier.partition("#")[0])

    told = [re.findall(r"operation (\d+)</p>", page) for page in (first, second)]
    assert list(map(len, told)) == [20, 5]
    assert len({*told[0], *told[1]}) == 25
    assert ">Newest</a>" in second
    assert ">Earlier</a>" not in second


@pytest.mark.parametrize("place", ["abc", "-1", "9" * 30, "1.5"])
def test_a_place_that_is_none_is_a_bad_request(registrar, made, place: str) -> None:
    assert registrar.get(f"{details(made())}&before={place}").status_code == 400


def test_the_rows_beside_are_those_of_the_list_one_came_from_in_its_order(registrar, made) -> None:
    ids = [made(full_name=f"Person {letter}", city="Leeds") for letter in "CAB"]
    made(full_name="Person AA", city="York")
    back = "/admin/students/?search=city%3ALeeds&sort=full_name"

    pages = [beside(text(registrar, details(row_id, back))) for row_id in ids]

    assert pages == [
        {"Previous": "Person B"},
        {"Next": "Person B"},
        {"Previous": "Person A", "Next": "Person C"},
    ]


def test_a_row_that_left_the_list_still_knows_its_place_in_it(registrar, made, send) -> None:
    ids = [made(full_name=f"Person {letter}", city="Leeds") for letter in "ABC"]
    back = "/admin/students/?search=city%3ALeeds&sort=full_name"
    send(f"edit/?id={ids[1]}", city="York")

    assert beside(text(registrar, details(ids[1], back))) == {"Previous": "Person A", "Next": "Person C"}


@pytest.mark.parametrize(
    "back",
    ["/admin/students/?search=nope:1", "/admin/courses/", "/admin/", "//elsewhere.test/", "/admin/students/?sort=x"],
)
def test_what_is_no_list_of_these_rows_has_nobody_beside_them(registrar, made, back: str) -> None:
    made()

    answer = registrar.get(details(made(), back))

    assert (answer.status_code, beside(answer.get_data(as_text=True))) == (200, {})


def test_neighbours_cost_a_constant_number_of_statements_and_none_without_a_list(app, registrar, made) -> None:
    ids = [made(full_name=f"Person {number:02}", city="Leeds") for number in range(12)]
    counts = {}

    for name, back in {
        "none": "",
        "list": "/admin/students/?sort=full_name",
        "again": "/admin/students/?sort=full_name",
    }.items():
        text(registrar, details(ids[5], back))
        with statements(app) as sent:
            text(registrar, details(ids[5], back))
        counts[name] = len([statement for statement in sent if not statement.startswith("SET")])

    assert counts["list"] == counts["again"]
    assert counts["list"] - counts["none"] <= 4


def test_neighbours_that_cannot_be_found_in_time_are_said_to_be_so_and_nobody_waits(
    monkeypatch: pytest.MonkeyPatch, registrar, made, send
) -> None:
    ids = [made(full_name=f"Person {letter}") for letter in "AB"]
    monkeypatch.setattr(neighbours, "SECONDS", 0)
    back = "/admin/students/?sort=full_name"

    page = text(registrar, details(ids[0], back))
    form = text(registrar, f"/admin/students/edit/?id={ids[0]}&url={quote(back, safe='')}")
    send(f"edit/?id={ids[0]}&url={quote(back, safe='')}", city="York", _next="1")

    assert (beside(page), neighbours.TOO_LONG in page) == ({}, True)
    assert "The last row of the list" not in form
    assert neighbours.TOO_LONG in text(registrar, "/admin/students/")


def test_what_one_did_to_the_row_alone_is_taken_back_from_its_timeline(registrar, made, send, stored) -> None:
    row_id = made(city="Leeds")
    send(f"edit/?id={row_id}", city="York")

    buttons = re.findall(r'formaction="([^"]+)" aria-label="([^"]+)"', text(registrar, details(row_id)))
    answer = post(registrar, buttons[0][0].replace("&amp;", "&"), {})

    assert [words.partition(",")[0] for _, words in buttons] == [
        f"Undo: Set city to York for {stored(row_id)['full_name']}"
    ]
    assert answer.location == details(row_id)
    assert stored(row_id)["city"] == "Leeds"
    assert "Redo: Undo: " in text(registrar, details(row_id))


def test_two_versions_are_compared_field_by_field(registrar, made, send) -> None:
    row_id = made(city="Leeds", phone="1")
    for city in ("York", "Hull"):
        send(f"edit/?id={row_id}", city=city)
    numbers = re.findall(r"operation (\d+)</p>", text(registrar, details(row_id)))

    page = text(registrar, f"/admin/students/compare/?id={row_id}&one={numbers[2]}&other={numbers[1]}")

    differing = page[page.index('class="grid-table compared"') : page.index("</table>")]
    assert re.findall(r"<td[^>]*>(?:<ins>)?([^<]+)", differing) == ["Leeds", "York"]
    assert "/restore/" not in differing
    assert "fields are the same in both" in page


def test_one_field_is_put_back_and_the_others_stay(registrar, made, send, stored) -> None:
    row_id = made(city="Leeds", phone="1")
    send(f"edit/?id={row_id}", city="York", phone="2")
    version = re.findall(r"operation (\d+)</p>", text(registrar, details(row_id)))[-1]

    review = send(f"restore/?id={row_id}&one={version}", field="city", url=details(row_id)).get_data(as_text=True)
    answer = send("action/", **hidden_inputs(review), action="apply", url=details(row_id))

    assert answer.location == details(row_id)
    assert (stored(row_id)["city"], stored(row_id)["phone"]) == ("Leeds", "2")
    assert f"As it was after operation {version}" in text(registrar, details(row_id))


def test_only_who_may_change_a_row_is_offered_to_put_it_back(app, sign_in, made, send) -> None:
    row_id = made(city="Leeds", date_of_birth=None)
    send(f"edit/?id={row_id}", city="York", date_of_birth="2001-02-03")
    offered = {}

    for role in ("registrar", "support", "read_only"):
        page = text(sign_in(role), f"/admin/students/compare/?id={row_id}")
        offered[role] = (re.findall(r'name="field" value="(\w+)"', page), "2001-02-03" in page)

    assert offered == {
        "registrar": (["date_of_birth", "city"], True),
        "support": (["city"], False),
        "read_only": ([], False),
    }


def test_a_row_whose_history_was_pruned_has_a_page_and_no_versions(app, registrar, made) -> None:
    row_id = made()
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(delete(Change).where(Change.entity_type == "student", Change.entity_id == row_id))

    page = text(registrar, details(row_id))
    compared = registrar.get(f"/admin/students/compare/?id={row_id}")

    assert "Nothing is recorded." in page
    assert compared.status_code == 404
    assert "Nothing is recorded of this row any more" in compared.get_data(as_text=True)


def test_a_field_that_cannot_be_put_back_is_explained(app, registrar) -> None:
    with app.app_context():
        first, second = factories.staff("course_editor"), factories.staff("course_editor")
        section_id = factories.section(instructor=first).id
        names = (first.username, second.username)
    post(registrar, "/admin/sections/ajax/update/", {"id": section_id, "field": "instructor", "value": names[1]})
    address = f"/admin/sections/compare/?id={section_id}"
    version = re.search(r'<option value="(\d+)" selected', text(registrar, address))[1]

    answer = post(registrar, f"/admin/sections/restore/?id={section_id}&one={version}", {"field": "nothing"})

    assert answer.status_code == 422
    assert "not yours to change" in answer.get_data(as_text=True)
