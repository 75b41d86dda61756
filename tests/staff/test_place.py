"""In one's own place: a person reads dates, numbers and times as they chose. Nobody else does, and no file and no record."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from backoffice.billing.models import Invoice, Payment
from backoffice.core.operations import Operation
from backoffice.extensions import db
from tests import factories
from tests.contracts.grids import post
from tests.staff.place import AT, IN_BERLIN, IN_TOKYO, places, text_of


@pytest.mark.parametrize("page", ["list", "details", "print", "peek"])
def test_a_page_is_written_for_whoever_reads_it(
    in_tokyo: FlaskClient, beside: FlaskClient, invoice: int, page: str
) -> None:
    address = places(invoice)[page]
    theirs, ours = text_of(in_tokyo.get(address)), text_of(beside.get(address))

    wanted = {"01.03.2026", "1.234,50 EUR", IN_TOKYO}, {"2026-03-01", "1,234.50 EUR", IN_BERLIN}

    assert [[word for word in words if word in text] for words in wanted for text in (theirs, ours)] == [
        list(wanted[0]),
        [],
        [],
        list(wanted[1]),
    ]


def test_the_chip_of_a_condition_is_in_the_readers_words_and_its_address_in_everybodys(
    in_tokyo: FlaskClient, invoice: int
) -> None:
    page = in_tokyo.get("/admin/invoices/?search=due_date:2026-03-01+total>=1000.50").get_data(as_text=True)

    assert re.findall(r'class="chip-text"[^>]*>([^<]*)<', page) == ["due date 01.03.2026", "total at least 1000,50"]
    assert 'value="due_date:2026-03-01 total&gt;=1000.50"' in page


def test_a_history_is_in_the_readers_time(app: Flask, in_tokyo: FlaskClient, beside: FlaskClient, invoice: int) -> None:
    with app.app_context():
        db.session.connection(execution_options={"unrecorded": True}).execute(update(Operation).values(at=AT))
        db.session.commit()

    pages = [text_of(client.get(f"/admin/invoices/details/?id={invoice}")) for client in (in_tokyo, beside)]

    assert [(IN_TOKYO in page, IN_BERLIN in page) for page in pages] == [(True, False), (False, True)]


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize("first", [0, 1])
def test_a_figure_that_one_reader_has_drawn_is_drawn_anew_for_another(
    in_tokyo: FlaskClient, beside: FlaskClient, invoice: int, first: int
) -> None:
    clients = [in_tokyo, beside]
    clients[first].get("/admin/")

    pages = [text_of(client.get("/admin/")) for client in clients]
    hours = [re.findall(r"as of (\d\d):\d\d", page)[0] for page in pages]

    assert ["1.234,50 EUR" in page for page in pages] == [True, False]
    assert ["1,234.50 EUR" in page for page in pages] == [False, True]
    assert (int(hours[0]) - int(hours[1])) % 24 in (7, 8)  # as summer and winter have it


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_file_is_the_same_whoever_takes_it(
    in_tokyo: FlaskClient, beside: FlaskClient, invoice: int, kind: str
) -> None:
    address = f"/admin/invoices/export/{kind}/?columns=due_date,total,currency,last_reminder_at"

    files = [client.get(address).get_data(as_text=True) for client in (in_tokyo, beside)]

    assert files[0] == files[1]
    assert [word in files[0] for word in ("2026-03-01", "1234.50", "2026-03-01T20:05:00Z")] == [True] * 3


def test_what_is_recorded_is_written_for_everybody(app: Flask, in_tokyo: FlaskClient, invoice: int) -> None:
    search = "due_date:2026-03-01 total>=1000.50"
    in_tokyo.get(f"/admin/invoices/export/csv/?search={search}")
    post(in_tokyo, f"/admin/invoices/action/?search={search}", {"action": "edit", "all": "1"})

    with app.app_context():
        recorded = db.session.scalar(select(Operation).where(Operation.verb == "export"))
        assert recorded is not None
        words = "due date 2026-03-01, total at least 1000.50"
        assert (recorded.title, recorded.selection) == (
            f"Exported 1 invoice: {words} as CSV",
            f"{words}, by id, descending",
        )


def test_counts_beside_choices_are_kept_for_all_and_written_for_each(
    in_tokyo: FlaskClient, beside: FlaskClient
) -> None:
    with in_tokyo.application.app_context():
        factories.saved_view(entity_type="invoice", search="", name="All")
    pages = [
        [json.loads(client.get(f"/admin/invoices/{page}/", headers={"Accept": "application/json"}).data) for page in ("choices", "views")]
        for client in (in_tokyo, beside)
    ]  # fmt: skip
    (line,), (ours,) = (page[1].values() for page in pages)

    assert pages[0][0] == pages[1][0]
    assert (line["count"], ours["count"]) == ("0", "0")
    assert (int(line["at"][:2]) - int(ours["at"][:2])) % 24 in (7, 8)


def test_a_form_shows_and_reads_times_in_the_persons_zone(app: Flask, in_tokyo: FlaskClient, invoice: int) -> None:
    form = f"/admin/invoices/edit/?id={invoice}"
    page = in_tokyo.get(form).get_data(as_text=True)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None

    box = re.search(r'<input[^>]*name="last_reminder_at"[^>]*>', page)
    answer = post(in_tokyo, form, {"version": version[1], "last_reminder_at": "2026-03-03T09:30"})

    assert box is not None and 'value="2026-03-02T05:05"' in box[0]
    assert "Time zone: Asia/Tokyo." in page
    assert answer.status_code == 302
    with app.app_context():
        assert db.session.get_one(Invoice, invoice).last_reminder_at == datetime(2026, 3, 3, 0, 30, tzinfo=UTC)


def test_a_form_that_is_sent_as_it_is_changes_nothing(app: Flask, in_tokyo: FlaskClient, invoice: int) -> None:
    form = f"/admin/invoices/edit/?id={invoice}"
    page = in_tokyo.get(form).get_data(as_text=True)
    fields = dict(re.findall(r'<input[^>]*name="(due_date|last_reminder_at|version)"[^>]*value="([^"]*)"', page))

    post(in_tokyo, form, fields)

    with app.app_context():
        row = db.session.get_one(Invoice, invoice)
        assert (row.due_date, row.last_reminder_at, str(row.version)) == (date(2026, 3, 1), AT, fields["version"])


def test_a_cell_holds_what_is_typed_and_shows_what_is_read(app: Flask, in_tokyo: FlaskClient, invoice: int) -> None:
    page = in_tokyo.get("/admin/invoices/?columns=reference,due_date,last_reminder_at").get_data(as_text=True)
    cells = re.findall(r'data-field="(due_date|last_reminder_at)" data-value="([^"]*)">([^<]*)<', page)

    sent = {"id": invoice, "field": "last_reminder_at", "value": "2026-03-03T09:30", "version": _version(app, invoice)}
    answer = post(in_tokyo, "/admin/invoices/ajax/update/", sent)

    assert cells == [("due_date", "2026-03-01", "01.03.2026"), ("last_reminder_at", "2026-03-02T05:05", IN_TOKYO)]
    assert (answer.json["html"], answer.json["value"]) == ("03.03.2026, 09:30 JST", "2026-03-03T09:30")


@pytest.mark.parametrize(
    ("typed", "status", "stored"),
    [
        ("1.234,50", 302, 123_450),
        ("1234.50", 302, 123_450),
        ("12,5", 302, 1_250),
        ("1.500", 422, None),
    ],
)
def test_an_amount_may_be_typed_as_pages_show_it(
    app: Flask, in_tokyo: FlaskClient, typed: str, status: int, stored: int | None
) -> None:
    with app.app_context():
        student = factories.student(student_number="S1", full_name="Ada").id
    fields = {"student": str(student), "kind": "payment", "method": "cash", "status": "succeeded", "currency": "EUR"}

    answer = post(in_tokyo, "/admin/payments/new/", fields | {"amount": typed, "received_on": "01.03.2026"})

    assert answer.status_code == status
    assert ("can be read in two ways" in answer.get_data(as_text=True)) is (stored is None)
    with app.app_context():
        paid = [(row.amount_minor, row.received_on) for row in db.session.scalars(select(Payment))]
        assert paid == ([(stored, date(2026, 3, 1))] if stored else [])


def _version(app: Flask, invoice: int) -> int:
    with app.app_context():
        return int(db.session.get_one(Invoice, invoice).version)
