"""Forms under headings: those of the details page, with what a person could not guess beside the fields."""

from __future__ import annotations

import re
from pathlib import Path

import html5lib
import pytest
from flask import Flask

from backoffice.core.access import Role
from backoffice.core.grid.checks import check
from backoffice.core.grid.declaration import Misdeclared, grids
from tests.contracts.grids import ALL
from tests.core.grid.test_declarations import declared
from tests.languages import german, speaking

FORMS = [name for name, grid in ALL.items() if Role.ADMIN in grid.rights and grid.rights[Role.ADMIN].verbs.count("C")]


def sections(page: str) -> dict[str, list[str]]:
    """Returns the names of the controls that a person sees in the form, by the heading over them."""
    document = html5lib.parse(page, namespaceHTMLElements=False)
    form = next(form for form in document.iter("form") if "record-form" in form.get("class", ""))
    parts = {part.find("legend").text: part for part in form.iter("fieldset")} or {"": form}
    return {
        title: [
            control.get("name")
            for control in part.iter()
            if control.tag in ("input", "select", "textarea") and control.get("type") != "hidden"
        ]
        for title, part in parts.items()
    }


def test_a_form_has_the_sections_of_the_details_page(registrar, made) -> None:
    page = registrar.get(f"/admin/students/edit/?id={made()}").get_data(as_text=True)

    assert list(sections(page)) == ["Person", "Contact", "Standing", "Record", "Contacts"]
    assert sections(page)["Standing"] == ["status", "financial_hold", "hold_reason"]


@pytest.mark.parametrize("address", ["edit", "details"])
def test_two_sections_whose_titles_say_the_same_in_a_language_stay_two(
    app: Flask, registrar, made, tmp_path: Path, address: str
) -> None:
    with speaking(app, german(tmp_path, {"Person": "Angaben", "Contact": "Angaben"}), "de"):
        page = registrar.get(f"/admin/students/{address}/?id={made()}").get_data(as_text=True)

    assert re.findall(r">(Angaben|Standing|Record|Person|Contact)<", page) == [
        "Angaben",
        "Angaben",
        "Standing",
        "Record",
    ]


def test_a_section_of_which_the_form_has_nothing_is_left_out(registrar) -> None:
    page = registrar.get("/admin/students/new/").get_data(as_text=True)

    assert list(sections(page)) == ["Person", "Contact", "Standing", "Contacts"]


def test_a_form_that_would_have_one_heading_has_none(sign_in, made) -> None:
    page = sign_in("admin").get("/admin/relationships/new/").get_data(as_text=True)

    assert list(sections(page)) == [""]


@pytest.mark.parametrize("name", FORMS)
def test_every_field_of_a_form_stands_in_it_once(app, sign_in, name: str) -> None:
    client = sign_in("admin")
    with app.test_request_context():
        grid = grids()[name]
        wanted = set(grid.form if grid.create_form is None else grid.create_form)

    shown = sections(client.get(f"/admin/{name}/new/").get_data(as_text=True))

    assert sorted(name for names in shown.values() for name in names) == sorted(wanted)


def test_what_could_not_be_guessed_stands_beside_its_field(registrar, made) -> None:
    page = registrar.get(f"/admin/students/edit/?id={made()}").get_data(as_text=True)

    assert re.search(r'<input aria-describedby="hold_reason-hint"[^>]* name="hold_reason"', page)
    assert 'id="hold_reason-hint">Needed for a financial hold.' in page


def test_what_must_be_given_says_so_in_words(registrar) -> None:
    page = registrar.get("/admin/students/new/").get_data(as_text=True)

    assert re.findall(r'<label for="(\w+)">[^<]*</label><span class="required"', page) == [
        "student_number",
        "full_name",
    ]


def test_a_grid_with_sections_has_each_field_of_its_forms_in_one(app) -> None:
    with pytest.raises(Misdeclared, match="'city' in a form and in none of its sections"):
        check(declared(form=("city",), sections={"Person": ("full_name",)}))
