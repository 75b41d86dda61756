"""Chosen columns, several orders and the height of rows: what the address says is what everybody sees, and what is exported."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest

from backoffice.app import GRIDS
from backoffice.core.access import Role
from backoffice.core.grid.columns import MOST_COLUMNS
from tests import factories

LIST = "/admin/students/"


def heads(page: str) -> list[str]:
    """Returns what stands above the columns of a list."""
    row = page[page.index("<thead>") : page.index("</thead>")]
    return [unescape(label) for label in re.findall(r'<th scope="col"[^>]*><a [^>]*>([^<]*)', row)]


def text(client, address: str, **query: str) -> str:
    answer = client.get(address, query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_a_list_shows_the_columns_that_its_address_names_in_that_order(registrar, made):
    made(full_name="Anna", city="Leeds")

    page = text(registrar, LIST, columns="city, full_name,date_of_birth")

    assert heads(page) == ["City", "Full name", "Date of birth"]
    assert re.search(r'<th scope="row"[^>]*><a id="[^"]+" href="/admin/students/details/[^"]+">Leeds</a>', page)


def test_fields_of_a_related_row_can_be_columns_and_be_sorted_by(app, registrar):
    with app.app_context():
        for city in ("York", "Leeds"):
            factories.enrollment(student=factories.student(city=city))

    page = text(registrar, "/admin/enrollments/", columns="student.city,status", sort="student.city")

    assert heads(page) == ["Student city", "Status"]
    assert re.findall(r">(York|Leeds)</a>", page) == ["Leeds", "York"]


def test_every_address_of_the_page_keeps_what_was_chosen(registrar, made):
    for _ in range(25):
        made()

    page = text(registrar, LIST, columns="city,status", density="compact")

    kept = "columns=city,status&amp;density=compact"
    assert kept in re.search(r'rel="next" href="([^"]+)"', page)[1]
    assert all(kept in url for url in re.findall(r'<a href="([^"]+)" download', page))
    assert '<input type="hidden" name="columns" value="city,status">' in page
    assert '<input type="hidden" name="density" value="compact">' in page
    assert 'class="grid-table grid-compact"' in page


def test_a_file_holds_the_columns_that_the_list_shows(registrar, send, made):
    row_id = made(full_name="Anna", city="Leeds")

    linked = registrar.get(f"{LIST}export/csv/?columns=city,full_name").get_data(as_text=True)
    ticked = send("action/?columns=city,full_name", action="export", rowid=[row_id]).get_data(as_text=True)

    assert list(csv.reader(io.StringIO(linked))) == [["city", "full_name"], ["Leeds", "Anna"]]
    assert ticked == linked


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("columns=nope", "columns=nope"),
        ("columns=city,enrollments", "columns=enrollments"),
        ("columns=merged_into.nope", "columns=merged_into.nope"),
        ("columns=" + ".".join(["merged_into"] * 30) + ".city", "related rows"),
        ("columns=" + ",".join(["merged_into." * depth + "city" for depth in range(60)]), f"{MOST_COLUMNS} columns"),
        ("density=tiny", "density=tiny"),
        ("fit=pinned:4", "fit=pinned:4"),
        ("fit=narrow:city,huge:status", "fit=huge:status"),
        ("fit=narrow:city,wide:nothing", "fit=wide:nothing"),
    ],
)
def test_what_cannot_be_shown_is_a_400_that_names_it(registrar, query, part):
    answer = registrar.get(f"{LIST}?{query}")

    assert answer.status_code == 400
    assert part in answer.get_data(as_text=True)


@pytest.mark.parametrize("query", ["fit=wide:nothing", "pinned=2&column=city&width=wide:nothing&do=show"])
def test_the_form_names_a_column_that_there_is_not(registrar, query):
    answer = registrar.get(f"{LIST}columns/?{query}")

    assert answer.status_code == 400
    assert "fit=wide:nothing" in answer.get_data(as_text=True)
    assert "there is no such column" in answer.get_data(as_text=True)


def test_nobody_chooses_a_column_that_they_may_not_see(sign_in, made):
    made()
    client = sign_in("support")

    hidden = client.get(f"{LIST}?columns=full_name,date_of_birth")
    beyond = client.get("/admin/enrollments/?columns=student.date_of_birth")
    wide = client.get(f"{LIST}?fit=wide:date_of_birth")
    form = text(client, f"{LIST}columns/")

    assert [answer.status_code for answer in (hidden, beyond, wide)] == [400, 400, 400]
    assert 'value="date_of_birth"' not in form
    assert 'value="city"' in form


def test_the_first_order_is_marked_and_all_are_in_words(registrar, made):
    made()

    page = text(registrar, LIST, sort="status,-created_at")

    assert page.count("aria-sort=") == 1
    assert ">, key 2 of the order, descending</span>" in page
    assert re.search(r'id="grid-words"[^>]*>1 student, by status, newest first</p>', page)
    assert 'data-sort="status,-created_at"' in page


def test_columns_are_pinned_and_as_wide_as_the_address_says(registrar, made):
    made(city="Leeds", status="active")

    page = text(registrar, LIST, columns="full_name,city,status", fit="pinned:2,narrow:city,wide:status,narrow:phone")

    classes = re.findall(r'<t[hd] (?:scope="col" )?class="((?!pick)[^"]*)"', page)
    assert classes == ["pin", "narrow pin", "wide"] * 2  # of the head and of the row
    assert '<input type="hidden" name="fit" value="pinned:2,narrow:city,wide:status,narrow:phone">' in page
    assert "grid-loose" not in page
    assert "grid-loose" in text(registrar, LIST, fit="pinned:0")


def test_the_form_keeps_widths_while_columns_move_and_leads_to_the_list(registrar):
    sent = [("column", "full_name"), ("column", "city"), ("width", ":full_name"), ("width", "narrow:city")]
    sent += [("width", "wide:phone"), ("pinned", "2")]

    moved = registrar.get(f"{LIST}columns/", query_string=[*sent, ("do", "left:city")]).get_data(as_text=True)
    done = registrar.get(f"{LIST}columns/", query_string=[*sent, ("do", "show")])

    assert re.findall(r'<option value="([^"]+)" selected', moved)[:3] == ["2", "narrow:city", ":full_name"]
    assert done.location == f"{LIST}?columns=full_name,city&fit=pinned:2,narrow:city"


def test_the_form_moves_a_column_and_leads_to_the_list(registrar):
    draft = [("column", "full_name"), ("column", "city"), ("column", "status")]

    moved = registrar.get(f"{LIST}columns/", query_string=[*draft, ("do", "left:status"), ("search", "anna")])
    shown = re.findall(r'name="column" value="([^"]+)" checked', moved.get_data(as_text=True))
    orders = [("by", "status"), ("way", "desc"), ("by", "city"), ("way", "asc"), ("by", ""), ("way", "asc")]
    done = registrar.get(
        f"{LIST}columns/",
        query_string=[*draft, *orders, ("density", "compact"), ("do", "show"), ("search", "anna")],
    )

    assert shown == ["full_name", "status", "city"]
    assert 'value="left:status" aria-label="Move Status left" data-move="-1" autofocus' in moved.get_data(as_text=True)
    assert done.location == f"{LIST}?search=anna&density=compact&columns=full_name,city,status&sort=-status,city"


def test_the_grid_s_own_columns_leave_no_trace_in_the_address(registrar):
    own = re.findall(r'name="column" value="([^"]+)" checked', text(registrar, f"{LIST}columns/"))

    done = registrar.get(
        f"{LIST}columns/",
        query_string=[*(("column", name) for name in own), ("by", "sort_name"), ("way", "asc"), ("do", "show")],
    )

    assert done.location == LIST


def test_a_list_without_columns_is_not_led_to(registrar):
    answer = registrar.get(f"{LIST}columns/?do=show")

    assert answer.status_code == 400
    assert "Tick at least one column." in answer.get_data(as_text=True)


@pytest.mark.parametrize("grid", [grid for grid in GRIDS if Role.ADMIN in grid.rights], ids=lambda grid: grid.name)
def test_every_field_that_the_form_offers_can_be_shown(sign_in, grid):
    client = sign_in("admin")
    names = re.findall(r'name="column" value="([^"]+)"', text(client, f"/admin/{grid.name}/columns/"))

    assert names
    for start in range(0, len(names), 20):
        some = names[start : start + 20]
        answer = client.get(f"/admin/{grid.name}/", query_string={"columns": ",".join(some)})
        assert answer.status_code == 200, some
