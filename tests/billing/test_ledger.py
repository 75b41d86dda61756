"""The ledger: entered once, never rewritten; what is settled and a student's standing follow from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backoffice.billing.models import Invoice, Payment
from backoffice.core import clock
from backoffice.core.access import SYSTEM
from backoffice.core.operations import Invalid, Operation, apply, create, plan_delete, plan_edit, plan_undo
from backoffice.core.selection import Selection
from backoffice.students.models import Student
from tests import factories as make

NO_FIT = "A refund returns a payment or credit that succeeded, of the same student, invoice and currency."
REWRITTEN = "The ledger is not rewritten: refund or void the payment."


def chosen(row: Any) -> Selection:
    return Selection.parse(type(row), SYSTEM, ids=[row.id])


def edit(row: Any, **values: Any) -> Any:
    return plan_edit(chosen(row), values, SYSTEM, door="form")


def enter(invoice: Invoice | None, amount: Any, **values: Any) -> Payment:
    """Returns a new entry made at the form's door; an amount is in euros."""
    made = {"student": invoice.student_id, "invoice": invoice.id} if invoice else {}
    defaults = {"kind": "payment", "status": "succeeded", "currency": "EUR", "received_on": clock.today()}
    by = {"recorded_by": values.pop("recorded_by", None) or make.staff("finance").id}
    return create(Payment, {"amount": amount, **defaults, **made, **by, **values}, SYSTEM, "form")  # type: ignore[return-value]


def refusal(plan: Any) -> str:
    assert plan.will_change == 0
    return plan.refusals[0].message


def settled(session: Any, invoice: Invoice) -> tuple[int, int]:
    session.refresh(invoice)
    return invoice.settled_minor, invoice.balance_minor


def test_what_is_settled_follows_payments_credits_write_offs_and_refunds(session: Any) -> None:
    invoice = make.invoice(10_000)
    seen = []

    paid = enter(invoice, 50)
    seen.append(settled(session, invoice))
    enter(invoice, 20, kind="credit", method="internal", note="Scholarship")
    seen.append(settled(session, invoice))
    enter(invoice, 10, kind="refund", refund_of=paid.id)
    seen.append(settled(session, invoice))
    enter(invoice, 40, kind="write_off", method="internal", note="Small rest")
    seen.append(settled(session, invoice))
    enter(invoice, 5, status="pending")
    seen.append(settled(session, invoice))

    assert seen == [(5_000, 5_000), (7_000, 3_000), (6_000, 4_000), (10_000, 0), (10_000, 0)]
    assert session.scalars(select(Invoice.id).where(Invoice.disagrees)).all() == []


def test_a_payment_counts_when_it_succeeds_and_not_when_it_is_void(session: Any) -> None:
    invoice = make.invoice(10_000)
    payment = enter(invoice, 30, status="pending")

    apply(edit(payment, status="succeeded"), SYSTEM)
    counted = settled(session, invoice)
    apply(edit(payment, status="void", note="Typed twice"), SYSTEM)

    assert (counted, settled(session, invoice)) == ((3_000, 7_000), (0, 10_000))


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ("pending", "succeeded", True),
        ("pending", "failed", True),
        ("pending", "void", False),
        ("succeeded", "void", True),
        ("succeeded", "pending", False),
        ("succeeded", "failed", False),
        ("failed", "succeeded", False),
        ("void", "succeeded", False),
    ],
)
def test_only_these_ways_lead_from_one_payment_status_to_another(
    session: Any, old: str, new: str, allowed: bool
) -> None:
    payment = make.payment(status=old)

    plan = edit(payment, status=new, note="As agreed")

    assert plan.will_change == int(allowed)


@pytest.mark.parametrize(
    ("days", "note", "allowed"), [(0, "Typed twice", True), (0, None, False), (1, "Typed twice", False)]
)
def test_a_payment_is_voided_on_its_day_and_with_a_word_why(
    session: Any, days: int, note: str | None, allowed: bool
) -> None:
    payment = make.payment(received_on=clock.today() - timedelta(days=days))

    assert edit(payment, status="void", note=note).will_change == int(allowed)


@pytest.mark.parametrize(
    "values", [{"amount": 1}, {"kind": "write_off", "note": "x"}, {"method": "cash"}, {"currency": "USD"}]
)
def test_what_was_entered_is_not_rewritten(session: Any, values: dict[str, Any]) -> None:
    assert refusal(edit(make.payment(), **values)) == REWRITTEN


def test_even_a_pending_amount_is_not_edited(session: Any) -> None:
    assert refusal(edit(make.payment(status="pending"), amount=1)) == REWRITTEN


@pytest.mark.parametrize(
    ("status", "deleted"), [("succeeded", False), ("void", False), ("pending", True), ("failed", True)]
)
def test_what_was_money_is_not_deleted(session: Any, status: str, deleted: bool) -> None:
    plan = plan_delete(chosen(make.payment(status=status)), SYSTEM)

    assert plan.will_change == int(deleted)


def test_undo_takes_nothing_out_of_the_ledger(session: Any) -> None:
    enter(make.invoice(), 20)
    entered = session.scalars(select(Operation).order_by(Operation.id.desc()).limit(1)).one()

    plan = plan_undo(entered, SYSTEM)

    assert (plan.will_change, [refusal.message for refusal in plan.refusals]) == (
        0,
        ["The ledger is kept: refund or void the payment."],
    )


def test_refunds_together_are_not_more_than_the_payment(session: Any) -> None:
    invoice = make.invoice(10_000)
    paid = enter(invoice, 50)
    enter(invoice, 30, kind="refund", refund_of=paid.id)

    with pytest.raises(Invalid) as refused:
        enter(invoice, "20.01", kind="refund", refund_of=paid.id)
    enter(invoice, 20, kind="refund", refund_of=paid.id)

    assert refused.value.errors == {"amount": "Refunds are not more than the payment."}
    assert settled(session, invoice) == (0, 10_000)


def test_a_refund_fits_to_what_it_returns(session: Any) -> None:
    paid = enter(make.invoice(), 50)
    other = make.invoice()

    with pytest.raises(Invalid) as refused:
        enter(other, 10, kind="refund", refund_of=paid.id)

    assert refused.value.errors == {"refund_of": NO_FIT}


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"currency": "USD"}, "invoice", "A payment has its invoice's currency."),
        ({"amount": 0}, "amount", "An amount is more than 0; money that goes back is a refund."),
        ({"kind": "credit"}, "note", "A credit or a write-off needs a note that says why."),
        ({"kind": "refund"}, "refund_of", NO_FIT),
    ],
)
def test_what_cannot_be_entered(session: Any, values: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        enter(make.invoice(), **{"amount": 10} | values)

    assert refused.value.errors == {field: message}


def test_nobody_pays_a_draft_or_in_the_name_of_another(session: Any) -> None:
    draft, invoice = make.invoice(state="draft"), make.invoice()

    with pytest.raises(Invalid) as early:
        enter(draft, 10)
    with pytest.raises(Invalid) as other:
        enter(invoice, 10, student=make.student().id)

    assert early.value.errors == {"invoice": "Only an issued invoice is paid."}
    assert other.value.errors == {"invoice": "The invoice is another student's."}


def test_a_gateway_reports_a_payment_once(session: Any) -> None:
    invoice = make.invoice()
    enter(invoice, 10, gateway="stripe", gateway_ref="pi_1")

    with pytest.raises(Invalid) as twice:
        enter(invoice, 10, gateway="stripe", gateway_ref="pi_1")

    assert twice.value.errors == {"gateway_ref": "This payment of the gateway is recorded already."}


def test_a_students_standing_is_the_worst_that_is_true(session: Any) -> None:
    today = clock.today()
    late, soon = today - timedelta(days=1), today + timedelta(days=9)
    expected = {}
    for status, invoices in {
        "none": [],
        "overdue": [(0, soon), (10_000, late), (0, late)],
        "owing": [(0, soon), (10_000, late), (12_000, late)],
        "credit": [(10_000, late), (12_000, late)],
        "clear": [(10_000, late)],
    }.items():
        student = make.student()
        expected[student.id] = status
        for paid, due in invoices:
            make.invoice(10_000, paid=paid, due_date=due, student=student)

    found = dict(session.execute(select(Student.id, Student.billing_status)).all())

    assert found == expected


def test_money_on_account_is_a_credit_until_it_is_returned(session: Any) -> None:
    student = make.student()
    paid = make.payment(student=student, amount_minor=500)
    before = student.billing_status
    make.payment(student=student, kind="refund", refund_of=paid, amount_minor=500)
    session.expire_all()

    assert (before, student.billing_status) == ("credit", "none")


def test_a_students_balance_adds_up_one_currency_only(session: Any) -> None:
    student = make.student()
    make.invoice(10_000, paid=2_500, student=student)
    make.invoice(300, student=student)
    make.invoice(99_900, student=student, currency="USD")
    make.invoice(5_000, student=student, state="draft")

    assert (student.balance, student.balance_currency) == (7_800, "EUR")
