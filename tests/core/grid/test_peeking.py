"""A row beside the list: what its details page says of it, at an address that says which row."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.contracts.grids import statements

ALONE = {"X-Parts": "peek"}
LIST = "/admin/students/?search=city:Leeds&sort=full_name"


@pytest.fixture
def ids(made) -> list[int]:
    return [made(full_name=name, city="Leeds", phone=f"+44 {name}") for name in ("Ann", "Bob", "Cyd")]


def told(page: str) -> list[tuple[str, str]]:
    """Returns the fields that a page tells with their values."""
    pairs = re.findall(r"<div><dt>(.*?)</dt><dd>(.*?)</dd></div>", page, re.DOTALL)
    return [(re.sub(r"<span class=\"told\">.*", "", label, flags=re.DOTALL).strip(), value) for label, value in pairs]


def links(page: str) -> dict[str, str]:
    """Returns where the panel leads, by what its links are called."""
    panel = page[page.index('id="peek"') :]
    found = re.findall(r'href="([^"]+)"(?: aria-label="([^"]+)"[^>]*)?>(?:<svg.*?</svg>)?(\w*)', panel)
    return {name or text: unescape(address) for address, name, text in found if name or text}


def test_the_panel_tells_what_the_details_page_tells(registrar, ids) -> None:
    page = registrar.get(f"{LIST}&peek={ids[1]}").get_data(as_text=True)
    details = registrar.get(f"/admin/students/details/?id={ids[1]}").get_data(as_text=True)

    assert 'aria-labelledby="peek-name"' in page
    assert told(page) == told(details[: details.index('id="timeline"')]) != []
    assert page.count("<tr data-id") == 3


def test_the_panel_leads_to_its_neighbours_to_the_form_and_back_to_the_list(registrar, ids) -> None:
    found = links(registrar.get(f"{LIST}&peek={ids[1]}").get_data(as_text=True))

    assert found == {
        "Peek at the previous: Ann": f"{LIST}&peek={ids[0]}#row-{ids[0]}",
        "Peek at the next: Cyd": f"{LIST}&peek={ids[2]}#row-{ids[2]}",
        "Close": f"{LIST}#row-{ids[1]}",
        "Open": f"/admin/students/details/?id={ids[1]}&url=/admin/students/?search%3Dcity:Leeds%26sort%3Dfull_name",
        "Edit": f"/admin/students/edit/?id={ids[1]}"
        f"&url=/admin/students/?search%3Dcity:Leeds%26sort%3Dfull_name%26peek%3D{ids[1]}",
    }


def test_rows_lead_to_the_panel_as_long_as_it_is_open(registrar, ids) -> None:
    names = r'<th scope="row"[^>]*><a id="[^"]+" href="([^"]+)"'

    opened = re.findall(names, registrar.get(f"{LIST}&peek={ids[1]}").get_data(as_text=True))
    closed = registrar.get(LIST).get_data(as_text=True)

    assert [unescape(address) for address in opened] == [f"{LIST}&peek={row_id}#row-{row_id}" for row_id in ids]
    assert all("/details/" in address for address in re.findall(names, closed))
    assert ('<aside class="page peek"' in closed, 'src="/static/js/peek.js' in closed) == (False, False)


def test_the_panel_alone_is_answered_without_asking_for_the_list(app, registrar, ids) -> None:
    with statements(app) as whole:
        page = registrar.get(f"{LIST}&peek={ids[1]}").get_data(as_text=True)
    with statements(app) as few:
        alone = registrar.get(f"{LIST}&peek={ids[1]}", headers=ALONE).get_data(as_text=True)

    assert "<table" not in alone
    assert (told(alone), links(alone)) == (told(page), links(page))
    assert len(few) < len(whole)


def test_a_row_that_is_not_the_persons_to_see_is_none(sign_in, made) -> None:
    stranger = made(full_name="Not theirs")

    page = sign_in("course_editor").get(f"/admin/students/?peek={stranger}").get_data(as_text=True)

    assert "There is no such student, or none that you may see." in page
    assert "Not theirs" not in page


@pytest.mark.parametrize("asked", ["x", "0", "-1", "1,2"])
def test_what_is_no_number_of_a_row_is_named(registrar, asked) -> None:
    answer = registrar.get(f"/admin/students/?peek={asked}")

    assert answer.status_code == 400
    assert f"peek={asked}" in unescape(answer.get_data(as_text=True))
