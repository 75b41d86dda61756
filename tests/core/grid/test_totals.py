"""Totals at the foot of a list are what the file of the same rows adds up to, to the last digit and in each currency."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from backoffice.app import GRIDS
from backoffice.core.access import SYSTEM, Role
from backoffice.core.grid import kept_totals, totals_foot
from backoffice.core.selection import Selection, different, totals, visible_fields
from backoffice.core.selection.totals import numeric
from backoffice.extensions import db
from tests import factories
from tests.contracts.grids import RECORDS, make_row, statements
from tests.dashboard import world
from tests.dashboard.conftest import Somebody

ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)


def feet(page: str) -> dict[str, dict[str, list[str]]]:
    """Returns the figures of the foot: title -> name of the figure -> cells, the first of them being the name."""
    found: dict[str, dict[str, list[str]]] = {}
    foot = page[page.index("<tfoot") : page.index("</tfoot>")] if "<tfoot" in page else ""
    for row in ROW.findall(foot):
        cells = [unescape(cell).replace("<br>", " + ") for cell in CELL.findall(row)]
        if len(cells) == 1:
            found[cells[0]] = {}
        else:
            found[list(found)[-1]][cells[1].split(" ")[0]] = cells[1:]
    return found


def plain(cell: str) -> str:
    """Returns the words of a cell."""
    return re.sub("<[^>]+>", "", cell)


def selects(statements: list[str]) -> list[str]:
    return [statement for statement in statements if statement.startswith("SELECT")]


def page_of(client, address: str, **query: str) -> str:
    answer = client.get(address, query_string=query or None)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def added_from_file(
    client, grid: str, search: str, columns: dict[str, str]
) -> dict[str, dict[str, tuple[Decimal, ...]]]:
    """Returns number, sum, average, least and most of each column by currency, as the CSV file has the values."""
    file = client.get(f"/admin/{grid}/export/csv/", query_string={"search": search, "columns": ",".join(columns)})
    values: dict[str, dict[str, list[Decimal]]] = {name: defaultdict(list) for name in columns}
    for row in csv.DictReader(io.StringIO(file.get_data(as_text=True))):
        for name, currency in columns.items():
            if row[name] != "":
                values[name][row[currency] if currency else ""].append(Decimal(row[name]))
    return {name: {code: figures(found, bool(code)) for code, found in by.items()} for name, by in values.items()}


def figures(values: list[Decimal], money: bool) -> tuple[Decimal, ...]:
    places = Decimal(1).scaleb(int(values[0].as_tuple().exponent) - (0 if money else 2))
    average = (sum(values) / len(values)).quantize(places, ROUND_HALF_UP)  # type: ignore[arg-type]
    return (Decimal(len(values)), Decimal(sum(values)), average, min(values), max(values))


@pytest.fixture
def amounts(app) -> Iterator[None]:
    """Invoices in currencies with two, no and three decimal places, some of them void, and rows beside that say nothing."""
    with app.app_context():
        world.build()
        for currency, minor in (("JPY", 7), ("KWD", 1234567), ("EUR", -0), ("EUR", 33), ("EUR", 10**15)):
            factories.invoice(minor, currency=currency)
    yield


MONEY = {
    "invoices": {"total": "currency", "balance": "currency", "reminder_count": ""},
    "payments": {"amount": "currency"},
    "enrollments": {"progress_pct": "", "attempt_no": ""},
}


@pytest.mark.parametrize("grid", MONEY)
@pytest.mark.parametrize("search", ["", "student.status:active", "-id:1"])
def test_totals_equal_what_the_exported_file_adds_up_to(app, amounts, sign_in, grid, search):
    client = sign_in("admin")
    expected = added_from_file(client, grid, search, MONEY[grid])
    with app.app_context():
        model, person = RECORDS[grid].model, Somebody(Role.ADMIN)
        fields = {name: visible_fields(person, model)[name] for name in MONEY[grid]}
        found = totals(Selection.parse(model, person, search=search), fields).columns

    said = {
        path: {each.currency: (each.number, each.sum, each.average, each.least, each.most) for each in column}
        for path, column in found.items()
    }
    assert said == expected


def test_the_foot_says_sum_average_least_and_most_of_each_column_and_each_currency(app, sign_in):
    with app.app_context():
        student = factories.student()
        for currency, minor in (("EUR", 10000), ("EUR", 5), ("JPY", 1500)):
            factories.invoice(minor, student=student, currency=currency)
    client = sign_in("finance")

    page = page_of(client, "/admin/invoices/", columns="number,total,state", totals="1")

    assert feet(page) == {
        "All that match: 3": {
            "Sum": ["Sum", "100.05 EUR + 1,500 JPY", ""],
            "Average": ["Average", "50.03 EUR + 1,500 JPY", ""],
            "Least": ["Least", "0.05 EUR + 1,500 JPY", ""],
            "Most": ["Most", "100.00 EUR + 1,500 JPY", ""],
            "Different": ["Different", "", "1"],
        }
    }


def test_ticked_rows_have_totals_of_their_own(app, sign_in, registrar):
    with app.app_context():
        made = [factories.section(capacity=capacity) for capacity in (10, 20, 40)]
        ids = [int(each.id) for each in made]
    token = factories.csrf_token(page_of(registrar, "/admin/sections/"))
    registrar.post(
        "/admin/sections/basket/", data={"add": [ids[0], ids[2]], "csrf_token": token}, headers={"X-CSRFToken": token}
    )

    page = page_of(registrar, "/admin/sections/", columns="name,capacity", totals="1")
    without = page_of(registrar, "/admin/sections/", columns="name,capacity", totals="1", all="1", without=str(ids[0]))

    # The last cell stands below the links at the ends of rows.
    assert [(title, lines["Sum"]) for title, lines in feet(page).items()] == [
        ("All that match: 3", ["Sum", "70", ""]),
        ("Selected: 2", ["Sum", "50", ""]),
    ]
    assert [(title, lines["Average"]) for title, lines in feet(without).items()] == [
        ("All that match: 3", ["Average", "23.33", ""]),
        ("Selected: 2", ["Average", "30", ""]),
    ]


def test_totals_last_from_page_to_page_and_are_turned_off_by_their_own_link(registrar, made):
    for _ in range(25):
        made()

    page = page_of(registrar, "/admin/students/", totals="1")
    following = re.search(r'rel="next" href="([^"]+)"', page)[1]
    on = re.search(r'href="([^"]+)"[^>]*>Totals<', page_of(registrar, "/admin/students/"))[1]
    off = re.search(r'href="([^"]+)"[^>]*>Hide totals<', page)[1]

    assert on == "/admin/students/?totals=1#totals"
    assert '<tfoot id="totals"' in page  # a long page shows its foot
    assert "totals=1" in following
    assert "totals" not in off
    assert '<input type="hidden" name="totals" value="1">' in page
    assert "totals" not in " ".join(re.findall(r'<a href="([^"]+)" download', page))


def test_without_being_asked_for_totals_cost_no_statement(app, registrar, made):
    made()
    page_of(registrar, "/admin/students/")

    with statements(app) as usual:
        page_of(registrar, "/admin/students/")
    with statements(app) as asked:
        page_of(registrar, "/admin/students/", totals="1")

    assert "<tfoot" not in page_of(registrar, "/admin/students/")
    assert len(selects(asked)) <= len(selects(usual)) + 2


def test_the_next_page_has_the_same_totals_without_adding_up_again_until_somebody_writes(app, registrar, made):
    for _ in range(25):
        made(city="Leeds")
    columns = {"columns": "student_number,city", "totals": "1"}
    page_of(registrar, "/admin/students/", columns=columns["columns"])

    with statements(app) as sent:
        first = page_of(registrar, "/admin/students/", **columns)
    with statements(app) as sent_again:
        following = page_of(registrar, "/admin/students/", **columns, sort="-student_number", page="1")
    made(city="York")
    after = page_of(registrar, "/admin/students/", **columns)

    assert len(selects(sent)) - len(selects(sent_again)) == 2
    assert feet(following) == feet(first)
    assert [(title, lines["Different"]) for page in (first, after) for title, lines in feet(page).items()] == [
        ("All that match: 25", ["Different", "1"]),
        ("All that match: 26", ["Different", "2"]),
    ]


@pytest.mark.parametrize("grid", [grid for grid in GRIDS if grid.name in RECORDS], ids=lambda grid: grid.name)
def test_every_field_of_every_grid_can_be_added_up_or_counted(app, grid):
    with app.app_context():
        make_row(grid)
        fields = {
            name: field for name, field in visible_fields(SYSTEM, grid.model).items() if field.kind != "collection"
        }
        selection = Selection.parse(grid.model, SYSTEM)

        found, varied = totals(selection, fields), different(selection, fields)

    assert found.rows == 1
    assert found.columns.keys() == numeric(fields).keys()
    assert {name for name, number in varied.items() if number > 1} == set()


def test_too_many_rows_to_add_up_in_time_are_said_to_be_so_and_the_list_stays(registrar, made, monkeypatch):
    made(full_name="Anna Amsel")
    monkeypatch.setattr(kept_totals, "SECONDS", 0)

    page = page_of(registrar, "/admin/students/", totals="1")

    assert list(map(plain, feet(page))) == [f"All that match. {totals_foot.TOO_MANY} Add them up all the same"]
    assert "Anna Amsel" in page


def test_totals_that_take_long_are_there_for_who_waits_and_then_for_the_next_pages(registrar, made, monkeypatch):
    made(full_name="Anna Amsel")
    made(full_name="Berta Buchfink")
    monkeypatch.setattr(kept_totals, "SECONDS", 0)
    hurried = page_of(registrar, "/admin/students/", totals="1", peek="1")
    url = unescape(re.search(r'href="([^"]+)"[^>]*>Add them up all the same', hurried)[1])

    patient = page_of(registrar, url)
    following = page_of(registrar, "/admin/students/", totals="1", sort="full_name")

    assert parse_qs(urlsplit(url).query) == {"totals": ["1"], "peek": ["1"], "count": ["exact"]}
    assert urlsplit(url).fragment == "totals"
    assert "Different" in feet(patient)["All that match: 2"]
    assert feet(following) == feet(patient)


def test_who_has_waited_in_vain_is_told_to_narrow_the_list(registrar, made, monkeypatch):
    made()
    monkeypatch.setattr(kept_totals, "PATIENT_SECONDS", 0)

    page = page_of(registrar, "/admin/students/", totals="1", count="exact")

    assert feet(page) == {f"All that match. {totals_foot.STILL_TOO_MANY}": {}}


def test_a_statement_that_takes_too_long_is_ended_and_the_page_goes_on(app, registrar, made, monkeypatch):
    made(full_name="Anna Amsel")
    slow = {
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "postgresql": "SELECT pg_sleep(30)",
    }
    with app.app_context():
        endless = text(slow[db.engine.dialect.name])
    monkeypatch.setattr(kept_totals, "totals", lambda *_: db.session.execute(endless))
    monkeypatch.setattr(kept_totals, "SECONDS", 1)

    page = page_of(registrar, "/admin/students/", totals="1")
    made(full_name="Berta Buchfink")
    with statements(app) as again:
        following = page_of(registrar, "/admin/students/", totals="1")

    said = [f"All that match. {totals_foot.TOO_MANY} Add them up all the same"]
    assert [list(map(plain, feet(each))) for each in (page, following)] == [said, said]
    assert ("Anna Amsel" in page, "Berta Buchfink" in following) == (True, True)
    assert str(endless) not in again  # what took too long is not tried again at once


def test_a_column_that_is_hidden_from_a_role_cannot_be_added_up(app, sign_in):
    with app.app_context():
        factories.student()
    client = sign_in("course_editor")

    answer = client.get("/admin/students/", query_string={"columns": "full_name,balance", "totals": "1"})

    assert answer.status_code == 400


def test_sums_beyond_64_bits_are_exact(app):
    with app.app_context():
        for _ in range(10):
            factories.invoice(2**62, currency="EUR")
        model = RECORDS["invoices"].model
        field = visible_fields(SYSTEM, model)["total"]

        (total,) = totals(Selection.parse(model, SYSTEM), {"total": field}).columns["total"]

    assert total.sum == Decimal(10 * 2**62).scaleb(-2)
