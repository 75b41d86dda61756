"""New rows for many rows at once: the button above a list, the form of what they share, the review, the list again."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from backoffice.billing.grids import InvoiceGrid
from backoffice.billing.models import Payment
from backoffice.core.grid import Misdeclared, checks
from backoffice.enrollments.models import Enrollment
from backoffice.extensions import db
from tests import factories
from tests.contracts.grids import hidden_inputs, post

ADD = {"action": "added:payments"}


def text(answer) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture
def owed(app) -> list[int]:
    """The numbers of three invoices: of 100.00 EUR, of 50.00 EUR, and one that is paid."""
    with app.app_context():
        rows = factories.invoice(10_000), factories.invoice(5_000), factories.invoice(700, paid=700)
        return [row.id for row in rows]


@pytest.fixture
def form(finance, owed):
    """Returns the address of the form of payments for these invoices."""
    return post(finance, "/admin/invoices/action/", {"action": "add:payments", "rowid": owed}).request.full_path


def ledger(app, *invoices: int) -> list[tuple]:
    with app.app_context():
        columns = (Payment.invoice_id, Payment.method, Payment.reference, Payment.status, Payment.amount_minor)
        rows = select(*columns).where(Payment.invoice_id.in_(invoices)).order_by(Payment.invoice_id)
        return [tuple(row) for row in db.session.execute(rows)]


def test_the_bar_of_a_list_offers_what_the_role_may_add(sign_in, app) -> None:
    with app.app_context():
        factories.invoice(10_000)
    offered = {}
    for role in ("finance", "registrar", "support", "admin"):
        for grid in ("invoices", "students"):
            page = text(sign_in(role).get(f"/admin/{grid}/"))
            offered[role, grid] = re.findall(r'value="(add:\w+)"', page)

    assert offered == {
        ("finance", "invoices"): ["add:payments"],
        ("finance", "students"): [],
        ("registrar", "invoices"): [],
        ("registrar", "students"): ["add:enrollments"],
        ("support", "invoices"): [],
        ("support", "students"): [],
        ("admin", "invoices"): ["add:payments"],
        ("admin", "students"): ["add:enrollments"],
    }


def test_what_all_share_is_asked_once_and_the_rest_is_taken_from_each_row(app, finance, owed, form) -> None:
    asked = text(finance.get(form))
    sent = {**hidden_inputs(asked), **ADD, "new-payments.method": "cash", "new-payments.received_on": "2026-03-01"}
    review = text(post(finance, "/admin/invoices/action/", {**sent, "new-payments.reference": "Till 4"}))
    done = post(finance, "/admin/invoices/action/", {**hidden_inputs(review), "action": "apply"})
    told = text(finance.get(done.location))
    page = text(finance.get("/admin/find/last/", follow_redirects=True))

    assert "Add payments to 3 invoices" in asked
    assert "Taken from each invoice: student, currency, amount (balance)." in asked
    assert re.findall(r'name="new-payments\.(\w+)"', asked) == ["method", "received_on", "kind", "reference", "note"]
    assert "Apply to 2" in review
    assert (
        "Add a payment of the balance, method cash, received on 2026-03-01, reference Till 4, status succeeded, to 2"
        in review
    )
    assert re.search(r"1[^<]*already so", review)
    assert ledger(app, *owed[:2]) == [
        (owed[0], "cash", "Till 4", "succeeded", 10_000),
        (owed[1], "cash", "Till 4", "succeeded", 5_000),
    ]
    assert "2 invoices changed</p><p>The ledger is kept: refund or void the payment.</p>" in told
    assert "There is no undo of this" in page
    assert "The ledger is kept: refund or void the payment." in page
    assert re.findall(r">(?:Undo|Redo)</button>", told + page + text(finance.get("/admin/operations/"))) == []


def test_what_is_wrong_is_said_at_its_field_and_nothing_that_was_typed_is_lost(app, finance, owed, form) -> None:
    sent = {**hidden_inputs(text(finance.get(form))), **ADD, "new-payments.reference": "Till 4"}

    refused = post(finance, "/admin/invoices/action/", {**sent, "new-payments.received_on": "soon"})
    review = text(post(finance, "/admin/invoices/action/", {**sent, "new-payments.received_on": "2026-03-01"}))
    other = re.search(r'href="([^"]+)">Other values', review)[1].replace("&amp;", "&")

    assert refused.status_code == 422
    assert 'id="new-payments.received_on-error"' in text(refused)
    assert 'value="Till 4"' in text(refused)
    assert 'value="Till 4"' in text(finance.get(other))
    assert ledger(app, *owed[:2]) == []


def test_a_cohort_is_enrolled_into_a_section_that_the_form_looks_up(app, sign_in) -> None:
    registrar = sign_in("registrar")
    with app.app_context():
        section = factories.section(code="BIO-1")
        students, number = [factories.student().id for _ in range(5)], section.id

    form = post(
        registrar, "/admin/students/action/", {"action": "add:enrollments", "rowid": students}
    ).request.full_path
    found = registrar.get("/admin/students/ajax/lookup/?name=enrollments.section&query=BIO-1").json
    sent = {
        **hidden_inputs(asked := text(registrar.get(form))),
        "action": "added:enrollments",
        "new-enrollments.section": number,
    }
    review = text(post(registrar, "/admin/students/action/", {**sent, "new-enrollments.status": "active"}))
    post(registrar, "/admin/students/action/", {**hidden_inputs(review), "action": "apply"})

    assert [row_id for row_id, _ in found] == [number]
    assert re.findall(r'<option selected value="(\w+)"', asked) == ["active"]  # as the model says, at every door
    with app.app_context():
        seats = select(Enrollment.student_id).where(Enrollment.section_id == number, Enrollment.status == "active")
        assert sorted(db.session.scalars(seats)) == students


def test_who_may_not_add_and_what_is_not_added_is_refused(app, finance, sign_in, owed, form) -> None:
    registrar = sign_in("registrar")

    assert post(registrar, "/admin/invoices/action/", {"action": "add:payments", "rowid": owed}).status_code == 403
    assert post(finance, "/admin/invoices/action/", {"action": "add:lines", "rowid": owed}).status_code == 403
    assert finance.get(form.replace("to=payments", "to=lines")).status_code == 404
    assert registrar.get(form).status_code == 403


@pytest.mark.parametrize("gets", [{"bills": ()}, {"payments": ("colour",)}, {"payments": ("amount",)}])
def test_a_grid_that_adds_what_cannot_be_added_does_not_start(gets) -> None:
    grid = type("Broken", (InvoiceGrid,), {"each_gets": gets})

    with pytest.raises(Misdeclared):
        checks.check(grid)
