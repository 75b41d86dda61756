"""Who records a payment stands in it, without being asked."""

from __future__ import annotations

from backoffice.billing.models import Payment
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
