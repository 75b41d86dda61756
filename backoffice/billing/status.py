"""The billing status, the third axis beside a student's and an enrollment's: it always follows from the money."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased, column_property

from backoffice.billing.models import Invoice, InvoiceLine, Payment
from backoffice.core.civil import TODAY
from backoffice.core.model import Choice
from backoffice.students.models import Student

INVOICE_BILLING = ("draft", "void", "credit", "paid", "overdue", "partially_paid", "unpaid")
STUDENT_BILLING = ("none", "overdue", "owing", "credit", "clear")

# Asked anew at each execution, as the setting is the running application's.
ORGANISATION_CURRENCY: ColumnElement[str] = bindparam(
    "organisation_currency", callable_=lambda: current_app.config["CURRENCY"], type_=String(3)
)


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


def _issued(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Invoice.student_id == Student.id, Invoice.state == "issued", *conditions).correlate(Student)


def _credit_on_account() -> ColumnElement[bool]:
    refund = aliased(Payment)
    returned = select(func.coalesce(func.sum(refund.amount_minor), 0)).where(
        refund.refund_of_id == Payment.id, refund.status == "succeeded"
    )
    return (
        exists()
        .where(
            Payment.student_id == Student.id,
            Payment.invoice_id.is_(None),
            Payment.status == "succeeded",
            Payment.kind.in_(("payment", "credit")),
            Payment.amount_minor > returned.correlate(Payment).scalar_subquery(),
        )
        .correlate(Student)
    )


def _student_status() -> ColumnElement[str]:
    owing = Invoice.balance_minor > 0
    return case(
        (_issued(owing, Invoice.due_date < TODAY), "overdue"),
        (_issued(owing), "owing"),
        (or_(_issued(Invoice.balance_minor < 0), _credit_on_account()), "credit"),
        (_issued(), "clear"),
        else_="none",
    )


def _student_balance() -> ColumnElement[int]:
    """Returns what a student owes in the organisation's currency: two currencies are never added."""
    rows = select(func.coalesce(func.sum(Invoice.balance_minor), 0)).where(
        Invoice.student_id == Student.id, Invoice.state == "issued", Invoice.currency == ORGANISATION_CURRENCY
    )
    return rows.correlate(Student).scalar_subquery()


def _computed(model: Any, name: str, expression: ColumnElement[Any], **info: object) -> None:
    setattr(model, name, column_property(expression, deferred=True, info=info))
    model.__computed__ += (name,)


_computed(
    Invoice,
    "billing_status",
    type_coerce(_invoice_status(), Choice(*INVOICE_BILLING)),
    kind="choice",
    choices=INVOICE_BILLING,
    label="Billing status",
)
_computed(
    Invoice,
    "disagrees",
    and_(Invoice.state != "void", or_(Invoice.total_minor != lines_total(), Invoice.settled_minor != ledger_total())),
    kind="boolean",
    label="Disagrees with its lines or ledger",
)
_computed(
    Student,
    "billing_status",
    type_coerce(_student_status(), Choice(*STUDENT_BILLING)),
    kind="choice",
    choices=STUDENT_BILLING,
    label="Billing status",
)
_computed(
    Student,
    "balance_currency",
    ORGANISATION_CURRENCY,
    kind="text",
    label="Balance currency",
)
_computed(Student, "balance", _student_balance(), kind="money", currency="balance_currency", label="Balance")
_computed(
    Invoice,
    "reference",
    func.coalesce(Invoice.number, literal("Draft ") + cast(Invoice.id, String)),
    kind="text",
    label="Invoice",
)
Payment.label = column_property(Payment.kind + " " + cast(Payment.id, String), deferred=True)
