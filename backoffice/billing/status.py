"""The billing status of an invoice and what it sums: it always follows from the money."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import column_property

from backoffice.billing.models import OPEN, OVERPAID, Invoice, InvoiceLine, Payment
from backoffice.core.civil import TODAY
from backoffice.core.model import Choice
from backoffice.core.selection.candidates import holding
from backoffice.core.text import fold, whole_number

INVOICE_BILLING = ("draft", "void", "credit", "paid", "overdue", "partially_paid", "unpaid")


def lines_total() -> ColumnElement[int]:
    """Returns the sum of an invoice's lines, correlated to Invoice."""
    lines = select(func.coalesce(func.sum(InvoiceLine.amount_minor), 0))
    return lines.where(InvoiceLine.invoice_id == Invoice.id).correlate(Invoice).scalar_subquery()


def ledger_total() -> ColumnElement[int]:
    """Returns what the ledger has settled of an invoice, refunds taken off, correlated to Invoice."""
    signed = case((Payment.kind == "refund", -Payment.amount_minor), else_=Payment.amount_minor)
    rows = select(func.coalesce(func.sum(signed), 0))
    return (
        rows.where(Payment.invoice_id == Invoice.id, Payment.status == "succeeded").correlate(Invoice).scalar_subquery()
    )


def _invoice_status() -> ColumnElement[str]:
    balance = Invoice.balance_minor
    return case(
        (Invoice.state != "issued", Invoice.state),
        (balance < 0, "credit"),
        (balance == 0, "paid"),
        (Invoice.due_date < TODAY, "overdue"),
        (Invoice.settled_minor > 0, "partially_paid"),
        else_="unpaid",
    )


def computed(model: Any, name: str, expression: ColumnElement[Any], **info: object) -> None:
    """Makes an expression a field of `model`; `info` is what the field catalog reads."""
    setattr(model, name, column_property(expression, deferred=True, info=info))
    model.__computed__ += (name,)


def candidates() -> dict[str, Select[Any]]:
    """Returns by status the invoices that may have it, as an index has them together."""
    invoices, unpaid = select(Invoice.id), select(Invoice.id).where(*OPEN)
    ahead = unpaid.where(Invoice.due_date >= TODAY)
    return {
        "draft": invoices.where(Invoice.state == "draft"),
        "void": invoices.where(Invoice.state == "void"),
        "credit": invoices.where(*OVERPAID),
        "paid": invoices.where(Invoice.state == "issued"),
        "overdue": unpaid.where(Invoice.due_date < TODAY),
        "partially_paid": ahead,
        "unpaid": ahead,
    }


computed(
    Invoice,
    "billing_status",
    type_coerce(_invoice_status(), Choice(*INVOICE_BILLING)),
    kind="choice",
    choices=INVOICE_BILLING,
    label="Billing status",
    candidates=candidates(),
)
computed(
    Invoice,
    "disagrees",
    and_(Invoice.state != "void", or_(Invoice.total_minor != lines_total(), Invoice.settled_minor != ledger_total())),
    kind="boolean",
    label="Disagrees with its lines or ledger",
)


def _referred_to(text: str) -> CompoundSelect[Any]:
    """Returns the invoices that may go by a text: by their number, or by their id as drafts do."""
    draft = select(Invoice.id).where(Invoice.id == (whole_number(text.strip().rpartition(" ")[2]) or 0))
    return union_all(holding(Invoice, fold(text)), draft)


computed(
    Invoice,
    "reference",
    func.coalesce(Invoice.number, literal("Draft ") + cast(Invoice.id, String)),
    kind="text",
    label="Invoice",
    sorted_by="number",
    among=_referred_to,
)
Payment.label = column_property(Payment.kind + " " + cast(Payment.id, String), deferred=True)
