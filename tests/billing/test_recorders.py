"""Who records a payment stands in it, without being asked."""

from __future__ import annotations

import re

from backoffice.billing.models import Payment
from backoffice.core.clock import today
from backoffice.extensions import db
from tests import factories
from tests.contracts.grids import post


def test_whoever_records_a_payment_is_named_in_it(app, sign_in) -> None:
    with app.app_context():
        student = factories.student(student_number="S-1").student_number
    finance = sign_in("finance", full_name="Fay Nance")
    payment = {"student": student, "kind": "payment", "method": "cash", "status": "succeeded"}

    answer = post(
        finance, "/admin/payments/new/", payment | {"amount": "12.50", "currency": "EUR", "received_on": "2026-11-02"}
    )

    assert answer.status_code == 302, answer.get_data(as_text=True)
    with app.app_context():
        made = db.session.query(Payment).one()
        assert (made.recorded_by.full_name, made.amount_minor) == ("Fay Nance", 1250)


def test_a_payment_recorded_beside_an_invoice_begins_with_its_student_currency_balance_and_today(app, sign_in) -> None:
    with app.app_context():
        student = factories.student(student_number="S-1")
        invoice = factories.invoice(1250, student=student).id
        day = today().isoformat()

    page = sign_in("finance").get(f"/admin/payments/new/?invoice={invoice}").get_data(as_text=True)

    held = dict(re.findall(r'<input [^>]*name="(student|currency|amount|received_on)"[^>]*value="([^"]*)"', page))
    assert held["student"].startswith("S-1")
    assert (held["currency"], held["amount"], held["received_on"]) == ("EUR", "12.50", day)
    assert '<option selected value="succeeded">' in page
