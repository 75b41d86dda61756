"""Every grid, as it is declared: it lists, searches, filters, sorts, pages and exports, by a constant number of statements."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask import Flask

from backoffice.core.access import SYSTEM, Role, Verb
from backoffice.core.grid.catalog import declared_field
from backoffice.core.grid.state import PAGE_SIZES
from backoffice.core.selection import Kind, visible_fields
from backoffice.core.text import words
from tests.contracts.grids import ALL, make_row, make_rows, roles_with, statements, typed

EVERY = pytest.mark.parametrize("name", ALL)
PAGE = PAGE_SIZES[0]  # rows

UNREADABLE = {
    "page=-1": "page=-1",
    "page=1e20": "page=1e20",
    "page=99999999999999999999": "page=",
    "page_size=7": "page_size=7",
    "sort=nope": "nope",
    "sort=999": "sort=999",
    "desc=2": "desc",
    "flt0_nope_equals=1": "nope",
    "flt0_id_fits=1": "flt0_id_fits",
    "after=garbage": "garbage",
    "search=nope:1": "nope",
    "search=id:abc": "abc",
    "search=id:99999999999999999999999": "99999",
    'search="open': "open",
    "search=id:": "id:",
    "search=%00": "�",
    "ids=1,x": "x",
}


def admin(sign_in, name: str):
    """Signs in somebody who may look at the grid."""
    roles = roles_with(ALL[name], Verb.VIEW)
    return sign_in("admin" if "admin" in roles else roles[0])


@EVERY
def test_what_was_taken_out_of_a_grid_is_among_the_operations_under_the_grid_s_own_noun(
    app: Flask, sign_in, name: str
) -> None:
    with app.app_context():
        make_row(ALL[name])
    who = roles_with(ALL[name], Verb.EXPORT)
    client = sign_in("admin" if "admin" in who else who[0]) if who else None
    if client is None:
        return
    for address in ("export/csv/", "print/"):
        client.get(f"/admin/{name}/{address}").get_data()

    page = sign_in("admin").get("/admin/operations/?search=verb:export")

    assert page.status_code == 200
    assert len(re.findall(r'<tr data-id="\d+"', page.get_data(as_text=True))) == 2
    assert page.get_data(as_text=True).count(f">{words(ALL[name].noun(2))}<") >= 2


@EVERY
def test_a_grid_shows_its_rows_with_names_that_people_go_by(app: Flask, sign_in, name: str) -> None:
    with app.app_context():
        row_id = make_row(ALL[name])

    answer = admin(sign_in, name).get(f"/admin/{name}/")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert re.search(rf'<tr data-id="{row_id}"', page) or name == "operations"
    assert 'aria-label="Search"' in page or '<label class="visually-hidden" for="search">Search</label>' in page
    assert re.search(r"Showing|<strong>1–\d+</strong>", page)


@EVERY
def test_every_column_sorts_both_ways_and_says_so(app: Flask, sign_in, name: str) -> None:
    with app.app_context():
        make_rows(ALL[name], 2)
    client = admin(sign_in, name)

    for column in ALL[name].columns:
        for desc, order in (("", "ascending"), ("&desc=1", "descending")):
            answer = client.get(f"/admin/{name}/?sort={column}{desc}")
            assert answer.status_code == 200, (column, desc)
            assert answer.get_data(as_text=True).count(f'aria-sort="{order}"') == 1, (column, desc)


@EVERY
def test_every_field_that_the_filter_page_offers_can_be_asked_for(app: Flask, sign_in, name: str) -> None:
    client = admin(sign_in, name)
    page = client.get(f"/admin/{name}/filter/").get_data(as_text=True)
    choice = re.search(r'<select [^>]*name="about-0".*?</select>', page, re.DOTALL)
    assert choice, page
    fields = [path for path in re.findall(r'<option value="([^"]+)"', choice[0]) if path[0] != "*" and path != "in"]

    for some in range(0, len(fields), 40):
        search = " OR ".join(f"{path}:any" for path in fields[some : some + 40])
        asked = client.get(f"/admin/{name}/filter/", query_string={"search": search})
        assert (asked.status_code, asked.get_data(as_text=True).count(">is not empty<")) == (
            200,
            len(fields[some : some + 40]),
        )


@EVERY
def test_every_filter_of_the_panel_can_be_set_and_taken_off(app: Flask, sign_in, name: str) -> None:
    grid = ALL[name]
    with app.app_context():
        make_row(grid)
    client = admin(sign_in, name)
    page = client.get(f"/admin/{name}/").get_data(as_text=True)
    offered = re.findall(r'name="(flt\d+_[^"]+)"', page)

    assert offered
    for control in offered:
        path = re.sub(r"^flt\d+_|_(equals|contains|at_least|at_most)$", "", control)
        answer = client.get(f"/admin/{name}/", query_string={control: typed(declared_field(grid.model, path))})
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200, control
        assert text.count('class="chip-remove"') == 1, control


@EVERY
def test_every_visible_field_can_be_searched_by(app: Flask, sign_in, name: str) -> None:
    grid = ALL[name]
    with app.app_context():
        make_row(grid)
        fields = [field for field in visible_fields(SYSTEM, grid.model).values() if field.kind is not Kind.COLLECTION]
    client = admin(sign_in, name)

    for field in fields:
        value = "none" if field.kind is Kind.RELATION else typed(field)
        answer = client.get(f"/admin/{name}/", query_string={"search": f"{field.name}:{value}"})
        assert answer.status_code == 200, (field.name, answer.get_data(as_text=True)[:3000])


@EVERY
def test_what_cannot_be_read_is_a_400_that_names_the_part_and_keeps_what_was_typed(sign_in, name: str) -> None:
    client = admin(sign_in, name)

    for query, part in UNREADABLE.items():
        answer = client.get(f"/admin/{name}/?{query}")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 400, query
        assert part in page, query
        if query.startswith("search=id"):
            assert f'value="{query.partition("=")[2]}"' in page, query


@EVERY
def test_pages_joined_are_the_whole_list(app: Flask, sign_in, name: str) -> None:
    with app.app_context():
        make_rows(ALL[name], 2 * PAGE + 1)
    client = admin(sign_in, name)
    seen: list[str] = []
    address = f"/admin/{name}/?sort={ALL[name].columns[-1]}"

    while address:
        page = client.get(address).get_data(as_text=True)
        seen += re.findall(r'<tr data-id="(\d+)"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""

    whole = client.get(f"/admin/{name}/?sort={ALL[name].columns[-1]}&page_size=200").get_data(as_text=True)
    assert seen == re.findall(r'<tr data-id="(\d+)"', whole)
    assert len(seen) == len(set(seen)) > 2 * PAGE


@EVERY
def test_a_page_costs_as_many_statements_for_one_row_as_for_a_page_of_them(app: Flask, sign_in, name: str) -> None:
    client = admin(sign_in, name)
    with app.app_context():
        make_row(ALL[name])
    client.get(f"/admin/{name}/")
    with statements(app) as few:
        client.get(f"/admin/{name}/")
    with app.app_context():
        make_rows(ALL[name], PAGE)

    with statements(app) as many:
        client.get(f"/admin/{name}/")

    most = 5 if name == "operations" else 4  # what of them can be taken back is asked for all of them at once
    assert len(many) == len(few) <= most, many


@EVERY
@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx"])
def test_a_file_holds_the_rows_and_columns_of_the_grid_in_its_order(app: Flask, sign_in, name: str, kind: str) -> None:
    grid = ALL[name]
    if Role.ADMIN not in grid.rights or "X" not in grid.rights[Role.ADMIN].verbs:
        pytest.skip(f"nobody exports {name}")
    with app.app_context():
        make_rows(grid, 3)
    client = sign_in("admin")

    answer = client.get(f"/admin/{name}/export/{kind}/?sort={grid.columns[0]}")

    assert answer.status_code == 200
    assert f"{name}_" in answer.headers["Content-Disposition"]
    if kind == "csv":
        header, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True)))
        assert [column for column in header if column in grid.columns] == list(grid.columns)
        assert len(rows) >= 3


@EVERY
def test_an_empty_grid_differs_from_a_search_without_hits(app: Flask, sign_in, name: str) -> None:
    client = admin(sign_in, name)

    missed = client.get(f"/admin/{name}/", query_string={"search": "id:999999999"}).get_data(as_text=True)
    empty = client.get(f"/admin/{name}/").get_data(as_text=True)

    assert f"No {ALL[name].noun(2)} match" in missed
    if name not in ("staff", "operations"):  # whoever looks is in them
        assert f"No {ALL[name].noun(2)} yet" in empty
