"""The list while somebody types in its search box: the parts that depend on the search, alone."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

TYPING = {"X-Parts": "search"}


def parts(client: FlaskClient, address: str) -> tuple[int, dict[str, str]]:
    """Returns the status of the answer and its parts by their names."""
    answer = client.get(address, headers=TYPING)
    found = re.split(r'data-part="(\w+)"', answer.get_data(as_text=True))
    return answer.status_code, dict(zip(found[1::2], found[2::2], strict=True))


def test_the_parts_that_depend_on_the_search_come_without_what_stands_around_them(made, registrar) -> None:
    made(full_name="Ann Lee", city="Leeds")

    status, found = parts(registrar, "/admin/students/?search=city:Leeds")
    whole = registrar.get("/admin/students/?search=city:Leeds").get_data(as_text=True)

    assert (status, list(found)) == (200, ["skips", "words", "actions", "view", "ways", "problem", "results"])
    assert "1 student: city Leeds" in found["words"]
    assert "search=city:Leeds" in found["actions"]
    assert "columns/?search=city:Leeds" in found["ways"]
    assert "Select Ann Lee" in found["results"]
    assert list(found) == re.findall(r'data-part="(\w+)"', whole)
    assert sum(map(len, found.values())) < len(whole) * 0.7
    assert '<nav class="side-nav' not in "".join(found.values())


def test_a_search_that_cannot_be_read_says_why_in_its_part(registrar) -> None:
    status, found = parts(registrar, "/admin/students/?search=colour:red")

    assert status == 400
    assert "colour" in found["problem"]


def test_what_is_to_be_told_once_is_left_for_the_next_page(registrar) -> None:
    with registrar.session_transaction() as session:
        session["_flashes"] = [("success", "1 student changed")]

    _, found = parts(registrar, "/admin/students/")
    page = registrar.get("/admin/students/").get_data(as_text=True)

    assert ("1 student changed" in "".join(found.values()), "1 student changed" in page) == (False, True)
