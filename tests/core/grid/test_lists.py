"""The list: what is shown of a selection, and what its address keeps."""

from __future__ import annotations

import re

from backoffice.core.grid import pages
from tests import factories


def test_each_part_of_a_query_is_a_chip_that_takes_it_off(made, registrar) -> None:
    made(city="Leeds", status="active")

    page = registrar.get("/admin/students/?search=city:Leeds&flt0_status_equals=active&sort=city").get_data(
        as_text=True
    )

    offs = [url.replace("&amp;", "&") for url in re.findall(r'class="chip-remove" href="([^"]+)"', page)]
    assert offs == [
        "/admin/students/?flt0_status_equals=active&sort=city",
        "/admin/students/?search=city:Leeds&sort=city",
    ]


def test_the_words_over_the_grid_say_which_rows_these_are(made, registrar) -> None:
    made(city="Leeds", status="active")
    made(city="York", status="active")

    page = registrar.get("/admin/students/?search=city:Leeds").get_data(as_text=True)

    assert "1 student: city Leeds" in page


def test_the_next_page_goes_on_behind_the_last_row_even_if_rows_came_in_between(made, registrar) -> None:
    for number in range(25):
        made(full_name=f"Person {number:02}")
    first = registrar.get("/admin/students/").get_data(as_text=True)
    made(full_name="Aaron")  # stands before all others
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")

    second = registrar.get(following).get_data(as_text=True)

    assert re.findall(r'aria-label="Select (Person \d\d)"', second) == [f"Person {number}" for number in range(20, 25)]
    assert "<strong>21–25</strong>" in second


def test_a_page_beyond_the_end_leads_to_the_last_one(made, registrar) -> None:
    for _ in range(25):
        made()

    answer = registrar.get("/admin/students/?page=99&search=status:active")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/admin/students/?search=status:active&page=1"


def test_sorting_by_the_position_of_a_column_works_as_flask_admin_has_it(made, registrar) -> None:
    made(full_name="Zoe")
    made(full_name="Adam")

    page = registrar.get("/admin/students/?sort=1&desc=1").get_data(as_text=True)

    assert re.findall(r'aria-label="Select ([A-Z]\w+)"', page) == ["Zoe", "Adam"]


def test_all_that_match_stay_selected_on_the_next_page_less_those_left_out(made, registrar) -> None:
    ids = [made(full_name=f"Person {number:02}") for number in range(25)]

    page = registrar.get(f"/admin/students/?all=1&without={ids[3]}").get_data(as_text=True)

    assert ">24 selected<" in page
    assert len(re.findall(r"data-pick checked", page)) == 19
    following = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert f"all=1&without={ids[3]}" in following


def test_markup_in_a_name_is_text_everywhere(made, registrar) -> None:
    name = "<script>alert(1)</script> [document.title='x'] {{7*7}}"
    row_id = made(full_name=name, city='"><img src=x onerror=alert(1)>')

    pages = "".join(
        registrar.get(f"/admin/students/{address}").get_data(as_text=True)
        for address in ("", f"details/?id={row_id}", f"edit/?id={row_id}", f"delete/?id={row_id}", "?search=alert")
    )

    assert "<script>alert" not in pages
    assert "<img src=x" not in pages
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages


def test_a_relation_leads_to_its_row_only_for_those_who_may_open_it(app, sign_in) -> None:
    with app.app_context():
        teacher = factories.staff("course_editor", full_name="Ida Teacher")
        section_id = factories.section(instructor=teacher).id

    for role, linked in (("admin", True), ("registrar", False)):
        page = sign_in(role).get(f"/admin/sections/details/?id={section_id}").get_data(as_text=True)
        assert "Ida Teacher" in page
        assert ('href="/admin/staff/details/' in page) is linked


def test_a_count_that_is_not_exact_says_so_until_the_exact_one_is_asked_for(made, registrar, monkeypatch) -> None:
    monkeypatch.setattr(pages, "COUNTED", 2)
    for _ in range(25):
        made(city="Leeds")

    first = registrar.get("/admin/students/?search=city:Leeds").get_data(as_text=True)
    exact = re.search(r'href="([^"]+)" rel="nofollow">Count exactly', first)[1].replace("&amp;", "&")
    counted = registrar.get(exact).get_data(as_text=True)
    everything = registrar.get("/admin/students/?search=city:Leeds&all=1").get_data(as_text=True)

    assert ("of 20+</p>" in first, "Select all 20+ matching" in first, "data-pick-all" in first) == (True, True, False)
    assert exact == "/admin/students/?search=city:Leeds&count=exact"
    assert ("of 25</p>" in counted, "Count exactly" in counted, "data-pick-all" in counted) == (True, False, True)
    assert ("of 25</p>" in everything, "25 selected" in everything) == (True, True)
