"""A new row for each of many rows: payments of what invoices are short of, seats for those who are enrolled together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from backoffice.billing.models import Invoice, Payment
from backoffice.core.access import SYSTEM, Refused
from backoffice.core.operations import (
    Addition,
    AlreadyApplied,
    Invalid,
    NeedsApproval,
    PlanMoved,
    apply,
    create,
    plan_edit,
    plan_undo,
)
from backoffice.core.selection import Selection
from backoffice.enrollments.models import Enrollment
from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories
from tests.core.operations.tables import stored_rows
from tests.core.operations.test_approvals import policy

DAY = "2026-03-01"
OF_INVOICE = {"student": "student", "currency": "currency", "amount": "balance"}
PAID = Addition({"method": "cash", "status": "succeeded", "received_on": DAY}, OF_INVOICE)


def pay(person, invoices=None, addition=PAID):
    ids = None if invoices is None else [invoice.id for invoice in invoices]
    return plan_edit(Selection.parse(Invoice, person, ids=ids), {"payments": addition}, person)


def ledger() -> list[tuple]:
    columns = (Payment.invoice_id, Payment.student_id, Payment.amount_minor, Payment.currency, Payment.recorded_by_id)
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(Payment.id))]


def balances() -> list[int]:
    db.session.expire_all()
    return list(db.session.scalars(select(Invoice.balance_minor).order_by(Invoice.id)))


def test_each_open_invoice_gets_a_payment_of_its_balance_and_the_others_are_left(session) -> None:
    person = factories.staff("finance")
    short, yen = factories.invoice(10_000), factories.invoice(900, currency="JPY")
    partly, paid = factories.invoice(10_000, paid=4_000), factories.invoice(500, paid=500)
    factories.invoice(700, state="draft")
    before = ledger()

    plan = pay(person)
    shown = [{change.label: str(change.after) for change in sample.changes} for sample in plan.samples]
    done = apply(plan, person)

    assert (
        plan.words == f"Add a payment of the balance, method cash, status succeeded, received on {DAY}, to 3 invoices"
    )
    assert (plan.will_change, plan.already_so, plan.refused) == (3, 1, 1)
    assert [(told.count, told.message) for told in plan.refusals] == [(1, "Only an issued invoice is paid.")]
    assert shown == [
        {"Student": str(invoice.student), "Amount": amount, "Currency": invoice.currency}
        for invoice, amount in ((short, "100.00"), (yen, "900"), (partly, "60.00"))
    ]
    assert ledger() == [
        *before,
        (short.id, short.student_id, 10_000, "EUR", person.id),
        (yen.id, yen.student_id, 900, "JPY", person.id),
        (partly.id, partly.student_id, 6_000, "EUR", person.id),
    ]
    assert (done.entity_type, done.counts["payment"], paid.id) == ("payment", {"create": 3}, paid.id)
    assert balances() == [0, 0, 0, 0, 700]


def test_the_same_review_pays_once_and_a_second_one_finds_nothing_to_pay(session) -> None:
    person, invoices = factories.staff("finance"), [factories.invoice(10_000), factories.invoice(5_000)]
    plan = pay(person, invoices)
    apply(plan, person)

    with pytest.raises(AlreadyApplied):
        apply(plan, person)

    again = pay(person, invoices)
    assert (again.will_change, again.already_so) == (0, 2)
    assert balances() == [0, 0]


def test_what_is_paid_meanwhile_is_not_paid_twice(session) -> None:
    person, invoices = factories.staff("finance"), [factories.invoice(10_000), factories.invoice(5_000)]
    plan = pay(person, invoices)
    apply(pay(person, invoices[:1]), person)

    with pytest.raises(PlanMoved):
        apply(plan, person)

    assert balances() == [0, 5_000]


def test_those_who_are_enrolled_together_get_a_seat_each_and_all_of_it_goes_back(session) -> None:
    section = factories.section()
    students = [factories.student(full_name=name) for name in ("Ann Lee", "Bo Ray", "Cy Fox")]
    factories.enrollment(student=students[0], section=section)
    before = stored_rows()

    seat = Addition({"section": section.id, "status": "active", "start_date": date(2026, 3, 1).isoformat()})
    plan = plan_edit(Selection.parse(Student, SYSTEM), {"enrollments": seat}, SYSTEM)
    done = apply(plan, SYSTEM)
    seated = list(db.session.scalars(select(Enrollment.student_id).order_by(Enrollment.id)))
    apply(plan_undo(done, SYSTEM), SYSTEM)

    assert plan.words == (f"Add an enrollment, section {section}, status active, start date 2026-03-01, to 2 students")
    assert (plan.will_change, plan.refused) == (2, 1)
    assert seated == [student.id for student in students]
    assert stored_rows() == before


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"payments": Addition({"status": "succeeded"}, OF_INVOICE)}, "Received on is needed."),
        ({"payments": Addition({**PAID.values, "method": "shells"}, OF_INVOICE)}, "Method: choose one of"),
        ({"payments": Addition({**PAID.values, "received_on": "soon"}, OF_INVOICE)}, "Received on"),
        ({"payments": Addition(PAID.values, {**OF_INVOICE, "amount": "settled"})}, None),
        ({"payments": PAID, "due_date": "2026-01-01"}, "Change the payments in an edit of their own."),
        ({"reminders": PAID}, "Nothing can be added here."),
        ({"student": PAID}, "Nothing can be added here."),
    ],
)
def test_what_cannot_be_added_is_said(session, wanted, message) -> None:
    factories.invoice(10_000)
    selection = Selection.parse(Invoice, SYSTEM)

    if message is None:  # nothing is settled, so there is nothing to take
        plan = plan_edit(selection, wanted, SYSTEM)
        assert (plan.will_change, plan.already_so) == (0, 1)
        return
    with pytest.raises(Invalid, match=message):
        plan_edit(selection, wanted, SYSTEM)


def test_payments_are_added_by_those_who_may_enter_them(session) -> None:
    factories.invoice(10_000)
    registrar = factories.staff("registrar")

    with pytest.raises(Refused):
        pay(registrar)

    assert ledger() == []


def test_many_invoices_need_a_second_person_to_be_paid_as_to_be_edited(session) -> None:
    policy(entity_type="invoice", rows_above=None, amount_above_minor=10_000, currency="EUR")
    person = factories.staff("finance")
    few = pay(person, [factories.invoice(10_000)])

    with pytest.raises(NeedsApproval, match=r"150\.00 EUR in 2 invoices; above 100\.00 EUR a second person approves\."):
        apply(pay(person, [factories.invoice(10_000), factories.invoice(5_000)]), person)

    assert apply(few, person).counts["payment"] == {"create": 1}


def test_a_payment_that_was_added_is_kept_by_the_ledger_as_any_other(session) -> None:
    person = factories.staff("finance")
    done = apply(pay(person, [factories.invoice(10_000)]), person)

    undo = plan_undo(done, person)

    assert (undo.will_change, [(told.count, told.message) for told in undo.refusals]) == (
        0,
        [(1, "The ledger is kept: refund or void the payment.")],
    )


def test_one_by_one_or_all_at_once_makes_the_same_ledger(session) -> None:
    person = factories.staff("finance")
    alone, among = factories.invoice(10_000), factories.invoice(10_000)
    values = {**PAID.values, "student": alone.student_id, "invoice": alone.id, "currency": "EUR"}
    create(Payment, {**values, "amount": Decimal(100)}, person, "form")

    apply(pay(person, [among]), person)

    one, other = (
        {
            name: value
            for name, value in row.items()
            if name not in ("id", "version", "student_id", "invoice_id", "created_at", "updated_at")
        }
        for row in db.session.execute(select(Payment.__table__).order_by(Payment.id)).mappings()
    )
    assert one == other
