"""Rows in groups: each group leads to its rows, all groups together are the list, and their figures add up to its totals."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from html import unescape

import pytest

from backoffice.core.access import Role, Verb
from backoffice.core.grid import groups as grouped_list
from backoffice.core.grid import kept_totals
from backoffice.core.grid.grouping import offered
from backoffice.core.selection import Selection, groups, printed, totals, visible_fields, with_totals
from backoffice.core.selection.totals import numeric
from tests import factories
from tests.contracts.grids import RECORDS, post, roles_with, statements
from tests.dashboard import world
from tests.dashboard.conftest import Somebody

ROW = re.compile(r'<tr><th scope="row"><a href="([^"]+)">([^<]*)</a></th>(.*?)</tr>')
CELL = re.compile(r'<td class="number">(.*?)</td>')
MOST = 1_000


def shown(client, address: str, **query: str) -> list[tuple[str, list[str], str]]:
    """Returns the groups of a page: what they are called, their figures, and where they lead."""
    page = text(client, address, **query)
    return [(unescape(name), CELL.findall(rest), unescape(url)) for url, name, rest in ROW.findall(page)]


def text(client, address: str, **query: str) -> str:
    answer = client.get(address, query_string=query or None)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def rows_behind(client, url: str) -> str:
    return re.search(r"Showing <strong>[^<]*</strong> of ([\d,]+)", text(client, url))[1]


PEOPLE = {Role.ADMIN: Somebody(Role.ADMIN), Role.COURSE_EDITOR: Somebody(Role.COURSE_EDITOR, world.EDITOR)}
VIEWED = [
    (name, role) for name, grid in RECORDS.items() for role in PEOPLE if role.value in roles_with(grid, Verb.VIEW)
]


@pytest.mark.parametrize(("grid", "role"), VIEWED)
def test_groups_by_any_field_hold_every_row_once_and_lead_to_these_rows(app, grid, role):
    with app.app_context():
        world.build()
        declared, person = RECORDS[grid], PEOPLE[role]
        selection = Selection.parse(declared.model, person, search="-id:1")
        whole = selection.count().number
        for path, field in offered(person, declared).items():
            found = groups(selection, path, field, MOST, 0)
            behind = [selection.replace_search(printed((*selection.terms, each.term))) for each in found.groups]

            assert (path, sum(each.rows for each in found.groups), found.number) == (path, whole, len(found.groups))
            assert [(path, each.value, each.rows) for each in found.groups] == [
                (path, each.value, rows.count().number) for each, rows in zip(found.groups, behind, strict=True)
            ]


@pytest.mark.parametrize("grid", RECORDS)
def test_the_figures_of_all_groups_add_up_to_the_totals(app, grid):
    with app.app_context():
        world.build()
        declared, person = RECORDS[grid], Somebody(Role.ADMIN)
        selection = Selection.parse(declared.model, person)
        numbers = numeric(visible_fields(person, declared.model))
        whole = {
            (name, each.currency): (each.number, each.sum)
            for name, column in totals(selection, numbers).columns.items()
            for each in column
        }
        for path, field in offered(person, declared).items():
            found = groups(selection, path, field, MOST, 0).groups
            assert (path, summed(with_totals(selection, found, path, field, numbers))) == (path, whole)


def summed(found) -> dict[tuple[str, str], tuple[int, object]]:
    """Returns number and sum of each column and currency over all groups."""
    parts = defaultdict(list)
    for group in found:
        for name, column in group.totals.items():
            for each in column:
                parts[name, each.currency].append(each)
    return {key: (sum(each.number for each in all_), sum(each.sum for each in all_)) for key, all_ in parts.items()}


def test_a_list_in_groups_shows_number_and_sums_of_each_and_leads_to_its_rows(app, sign_in):
    with app.app_context():
        student = factories.student()
        for currency, minor in (("EUR", 1000), ("EUR", 2050), ("JPY", 700)):
            factories.invoice(minor, student=student, currency=currency)
        factories.invoice(5, student=student, state="draft", currency="EUR")
    client = sign_in("finance")

    found = shown(client, "/admin/invoices/", group="state", columns="number,total", search="currency:EUR,JPY")
    least = shown(client, "/admin/invoices/", group="state", columns="number,total", measure="least")

    assert [(name, figures) for name, figures, _ in found] == [
        ("Issued", ["3", "30.50 EUR<br>700 JPY"]),
        ("Draft", ["1", "0.05 EUR"]),
    ]
    assert [figures[1] for _, figures, _ in least] == ["10.00 EUR<br>700 JPY", "0.05 EUR"]
    assert [rows_behind(client, url) for _, _, url in found] == ["3", "1"]
    assert "search=currency:EUR,JPY+state:issued" in found[0][2]


def test_groups_come_by_the_page_and_the_largest_first(app, sign_in, monkeypatch):
    monkeypatch.setattr(grouped_list, "SIZE", 2)
    with app.app_context():
        for status, number in (("active", 3), ("applicant", 2), ("on_leave", 1)):
            for _ in range(number):
                factories.student(status=status)
    client = sign_in("registrar")

    first = text(client, "/admin/students/", group="status")
    following = unescape(re.search(r'rel="next" href="([^"]+)"', first)[1])

    assert [name for _, name, _ in ROW.findall(first)] == ["Active", "Applicant"]
    assert [name for _, name, _ in ROW.findall(text(client, following))] == ["On leave"]
    assert 'rel="next"' not in text(client, following)


def test_dates_are_grouped_by_month(app, sign_in):
    with app.app_context():
        for day in ("2001-02-01", "2001-02-28", "2001-03-01"):
            factories.student(date_of_birth=date.fromisoformat(day))
        factories.student(date_of_birth=None)
    client = sign_in("registrar")

    found = shown(client, "/admin/students/", group="date_of_birth", columns="full_name")

    assert {name: figures for name, figures, _ in found} == {
        "February 2001": ["2"],
        "March 2001": ["1"],
        "Empty": ["1"],
    }
    assert [rows_behind(client, url) for _, _, url in found] == [figures[0] for _, figures, _ in found]


def test_a_field_that_rows_cannot_be_grouped_by_is_refused_by_name(registrar):
    for path in ("nothing", "full_name", "search_text", "enrollments"):
        answer = registrar.get("/admin/students/", query_string={"group": path})
        assert (path, answer.status_code) == (path, 400)
        assert "rows are not grouped by that; they are by status" in unescape(answer.get_data(as_text=True))


def test_what_a_role_does_not_see_it_cannot_group_by(app, sign_in):
    with app.app_context():
        factories.student()
    answer = sign_in("course_editor").get("/admin/students/", query_string={"group": "billing_status"})

    assert answer.status_code == 400


def test_a_view_remembers_its_groups(app, registrar, made):
    made(status="active")
    form = unescape(
        re.search(r'href="([^"]+)">Save as new view', text(registrar, "/admin/students/", group="status"))[1]
    )
    sent = {"name": "By status", "entity_type": "student", "group": "status", "icon": "view", "visibility": "mine"}

    answer = post(registrar, form, {**sent, "density": "comfortable"})
    opened = text(registrar, answer.location)

    assert "group=status" in form
    assert [name for _, name, _ in ROW.findall(opened)] == ["Active"]
    assert "changed</span>" not in opened
    assert "changed</span>" in text(registrar, answer.location + "&search=&group=")


def test_a_view_by_a_field_that_cannot_be_is_refused_at_that_field(registrar):
    sent = {"name": "By name", "entity_type": "student", "group": "full_name", "icon": "view", "visibility": "mine"}

    answer = post(registrar, "/admin/views/new/", {**sent, "density": "comfortable"})

    assert answer.status_code == 422
    assert "rows are not grouped by that" in unescape(answer.get_data(as_text=True))


def test_the_number_of_statements_stays_whatever_the_number_of_groups(app, sign_in):
    client = sign_in("finance")
    counts = []
    text(client, "/admin/invoices/", group="state")
    for state in ("issued", "draft"):
        with app.app_context():
            factories.invoice(5, state=state)
        with statements(app) as sent:
            text(client, "/admin/invoices/", group="state")
        counts.append(len(sent))

    assert counts[0] == counts[1]


def test_too_many_rows_to_group_in_time_are_said_to_be_so(registrar, made, monkeypatch):
    made()
    monkeypatch.setattr(kept_totals, "SECONDS", 0)

    page = text(registrar, "/admin/students/", group="status")

    assert grouped_list.TOO_MANY in page
    assert ROW.findall(page) == []


def test_who_waits_for_groups_that_take_long_has_them_page_by_page(app, sign_in, monkeypatch):
    client = sign_in("finance")
    with app.app_context():
        for state in ("issued", "draft"):
            factories.invoice(5, state=state)
    monkeypatch.setattr(kept_totals, "SECONDS", 0)
    monkeypatch.setattr(grouped_list, "SIZE", 1)
    hurried = text(client, "/admin/invoices/", group="state")
    url = unescape(re.search(r'href="([^"]+)"[^>]*>Do it all the same', hurried)[1])

    first = text(client, url)
    second = text(client, unescape(re.search(r'rel="next" href="([^"]+)"', first)[1]))

    assert [len(ROW.findall(page)) for page in (first, second)] == [1, 1]
    assert "all the same" not in first + second


def test_who_has_waited_for_groups_in_vain_is_told_to_narrow_the_list(registrar, made, monkeypatch):
    made()
    monkeypatch.setattr(kept_totals, "PATIENT_SECONDS", 0)

    page = text(registrar, "/admin/students/", group="status", count="exact")

    assert grouped_list.STILL_TOO_MANY in page
    assert "all the same" not in page
