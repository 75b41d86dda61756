"""Invoices: drafts are written, issued ones are kept, sums follow."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backoffice.billing.models import Invoice, InvoiceLine
from backoffice.core import clock
from backoffice.core.access import SYSTEM
from backoffice.core.operations import Invalid, Operation, apply, create, plan_delete, plan_edit, plan_undo
from backoffice.core.selection import Selection
from tests import factories as make

FROZEN = "The invoice is issued: correct it by a credit, or void it."


def chosen(model: Any, rows: list[Any]) -> Selection:
    return Selection.parse(model, SYSTEM, ids=[row.id for row in rows])


def edit(rows: list[Any], **values: Any) -> Any:
    return plan_edit(chosen(type(rows[0]), rows), values, SYSTEM, door="bulk")


def refusal(plan: Any) -> tuple[str, str]:
    assert plan.will_change == 0
    return plan.refusals[0].field, plan.refusals[0].message


def draft(*amounts: int, **values: Any) -> Invoice:
    return make.invoice(*amounts, state="draft", **values)


def test_issuing_many_gives_numbers_without_a_gap_and_dates(session: Any) -> None:
    drafts = [draft() for _ in range(3)]
    today = clock.today()

    apply(edit(drafts, state="issued"), SYSTEM)
    apply(edit([draft()], state="issued"), SYSTEM)

    found = session.execute(select(Invoice.number, Invoice.issue_date, Invoice.due_date).order_by(Invoice.id)).all()
    assert [tuple(row) for row in found] == [
        (f"INV-{number:07}", today, today + timedelta(days=30)) for number in (1, 2, 3, 4)
    ]


def test_a_number_is_searched_like_any_text(session: Any) -> None:
    row = draft()

    apply(edit([row], state="issued"), SYSTEM)

    assert Selection.parse(Invoice, SYSTEM, search="inv-0000001").count().number == 1


def test_dates_that_are_given_stay(session: Any) -> None:
    row, today = draft(), clock.today()

    apply(edit([row], state="issued", issue_date=today, due_date=today + timedelta(days=7)), SYSTEM)

    session.refresh(row)
    assert (row.issue_date, row.due_date) == (today, today + timedelta(days=7))


def test_an_invoice_without_lines_or_past_its_due_date_is_not_issued(session: Any) -> None:
    empty = create(Invoice, {"student": make.student().id, "currency": "EUR"}, SYSTEM, "form")
    late = draft(due_date=clock.today() - timedelta(days=1))

    assert refusal(edit([empty], state="issued")) == ("state", "An invoice without lines cannot be issued.")
    assert refusal(edit([late], state="issued")) == ("due_date", "The due date is over: give a later one first.")


def test_issuing_is_not_taken_back_but_voided(session: Any) -> None:
    row = draft()
    issued = apply(edit([row], state="issued"), SYSTEM)

    plan = plan_undo(session.get(Operation, issued.id), SYSTEM)
    apply(edit([row], state="void", void_reason="Billed twice"), SYSTEM)

    session.refresh(row)
    assert refusal(plan) == ("state", "An issued invoice is not taken back: void it.")
    assert (row.state, row.number) == ("void", "INV-0000001")


@pytest.mark.parametrize(
    ("state", "values", "message"),
    [
        ("issued", {"state": "draft"}, "A draft is issued, an issued invoice is voided; nothing else."),
        ("void", {"state": "issued"}, "A draft is issued, an issued invoice is voided; nothing else."),
        ("draft", {"state": "void"}, "A draft is issued, an issued invoice is voided; nothing else."),
        ("issued", {"state": "void"}, "Who voids an invoice says why."),
        ("issued", {"due_date": clock.utcnow().date() + timedelta(days=90)}, FROZEN),
        ("issued", {"state": "issued", "due_date": clock.utcnow().date() + timedelta(days=90)}, FROZEN),
        ("issued", {"currency": "USD"}, FROZEN),
        ("draft", {"total": 5}, "Totals follow from the lines and the ledger."),
        ("issued", {"settled": 5}, "Totals follow from the lines and the ledger."),
    ],
)
def test_what_an_invoice_cannot_become(session: Any, state: str, values: dict[str, Any], message: str) -> None:
    row = make.invoice(state=state)

    assert refusal(edit([row], **values))[1] == message


def test_a_settled_invoice_is_not_voided(session: Any) -> None:
    row = make.invoice(10_000, paid=2_000)

    assert refusal(edit([row], state="void", void_reason="x")) == (
        "state",
        "Something of this invoice is settled. Refund it first.",
    )


def test_a_reminder_may_be_counted_after_issue(session: Any) -> None:
    assert edit([make.invoice()], reminder_count=2).will_change == 1


def test_drafts_are_deleted_with_their_lines_and_issued_invoices_are_kept(session: Any) -> None:
    row, kept = draft(1_000, 2_000), make.invoice()

    gone = plan_delete(chosen(Invoice, [row, kept]), SYSTEM)
    lines = [(dependent.label, dependent.count) for dependent in gone.dependents]
    apply(gone, SYSTEM)

    assert lines == [("invoice lines", 2)]
    assert [refused.message for refused in gone.refusals] == ["An issued invoice is kept: void it instead."]
    assert session.scalars(select(Invoice.id)).all() == [kept.id]


def test_the_total_follows_the_lines_as_they_come_change_and_go(session: Any) -> None:
    row = create(Invoice, {"student": make.student().id, "currency": "EUR"}, SYSTEM, "form")
    line = {"invoice": row.id, "currency": "EUR", "description": "Tuition", "kind": "tuition"}

    first = create(InvoiceLine, line | {"line_no": 1, "unit": "100.50", "quantity": 2}, SYSTEM, "form")
    create(InvoiceLine, line | {"line_no": 2, "unit": "-1", "kind": "discount"}, SYSTEM, "form")
    session.refresh(row)
    added = row.total_minor
    apply(edit([first], quantity=3), SYSTEM)
    session.refresh(row)
    changed = row.total_minor
    discount = session.scalars(select(InvoiceLine).where(InvoiceLine.kind == "discount")).one()
    apply(plan_delete(chosen(InvoiceLine, [discount]), SYSTEM), SYSTEM)
    session.refresh(row)

    assert (added, changed, row.total_minor, row.balance_minor) == (20_000, 30_050, 30_150, 30_150)


def test_discounts_are_not_more_than_the_rest(session: Any) -> None:
    row = create(Invoice, {"student": make.student().id, "currency": "EUR"}, SYSTEM, "form")
    values = {"invoice": row.id, "currency": "EUR", "description": "x", "kind": "discount", "line_no": 1, "unit": -5}

    with pytest.raises(Invalid) as refused:
        create(InvoiceLine, values, SYSTEM, "form")

    assert refused.value.errors == {"unit": "An invoice's discounts are not more than the rest of it."}


def test_lines_of_an_issued_invoice_are_frozen(session: Any) -> None:
    row = make.invoice(1_000)
    line = session.scalars(select(InvoiceLine)).one()
    more = {"invoice": row.id, "currency": "EUR", "description": "x", "line_no": 2, "unit": 1}

    with pytest.raises(Invalid) as added:
        create(InvoiceLine, more, SYSTEM, "form")

    assert added.value.errors == {"invoice": FROZEN}
    assert refusal(edit([line], quantity=2))[1] == FROZEN
    assert plan_delete(chosen(InvoiceLine, [line]), SYSTEM).refusals[0].message == FROZEN


def test_undo_does_not_change_the_lines_of_what_was_issued_since(session: Any) -> None:
    row = draft(1_000)
    values = {"invoice": row.id, "currency": "EUR", "description": "x", "line_no": 2, "unit": 1, "kind": "fee"}
    create(InvoiceLine, values, SYSTEM, "form")
    added = session.scalars(select(Operation).order_by(Operation.id.desc()).limit(1)).one()
    apply(edit([row], state="issued"), SYSTEM)

    plan = plan_undo(added, SYSTEM)

    session.refresh(row)
    assert (plan.will_change, [told.message for told in plan.refusals if told.kind == "invoice_line"]) == (0, [FROZEN])
    assert (row.total_minor, len(row.lines)) == (1_100, 2)


def test_a_line_has_the_currency_of_its_invoice(session: Any) -> None:
    row = draft()
    values = {"invoice": row.id, "currency": "USD", "description": "x", "line_no": 2, "unit": 1}

    with pytest.raises(Invalid) as refused:
        create(InvoiceLine, values, SYSTEM, "form")

    assert refused.value.errors == {"invoice": "A line has its invoice's currency."}


BILLING = [
    ("draft", {"state": "draft"}, 0),
    ("void", {"state": "void"}, 0),
    ("credit", {}, 12_000),
    ("paid", {"due_date": clock.utcnow().date() - timedelta(days=9)}, 10_000),
    ("overdue", {"due_date": clock.utcnow().date() - timedelta(days=9)}, 4_000),
    ("overdue", {"due_date": clock.utcnow().date() - timedelta(days=9)}, 0),
    ("partially_paid", {"due_date": clock.utcnow().date() + timedelta(days=9)}, 4_000),
    ("unpaid", {"due_date": clock.utcnow().date() + timedelta(days=9)}, 0),
]


@pytest.mark.parametrize(("status", "values", "paid"), BILLING)
def test_the_billing_status_is_the_first_that_fits(
    session: Any, status: str, values: dict[str, Any], paid: int
) -> None:
    row = make.invoice(10_000, paid=paid, **values)

    found = session.execute(select(Invoice.id, Invoice.billing_status)).all()

    assert [tuple(each) for each in found] == [(row.id, status)]


def test_overdue_begins_the_day_after_the_due_date(session: Any) -> None:
    today = clock.today()
    due = make.invoice(due_date=today)
    over = make.invoice(due_date=today - timedelta(days=1))

    found = session.scalars(select(Invoice.id).where(Invoice.billing_status == "overdue")).all()

    assert found == [over.id]
    assert due.billing_status == "unpaid"
