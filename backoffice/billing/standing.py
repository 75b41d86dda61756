"""Where a student stands with their money: it follows from invoices and payments, by indexes that hold all it reads."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, CompoundSelect, Select, String, bindparam, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from backoffice.billing.models import ISSUED, ON_ACCOUNT, OPEN, OVERPAID, Invoice, Payment
from backoffice.billing.status import computed
from backoffice.core.civil import TODAY
from backoffice.core.model import Choice
from backoffice.students.models import Student

STUDENT_BILLING = ("none", "overdue", "owing", "credit", "clear")

# Asked anew at each execution, as the setting is the running application's.
ORGANISATION_CURRENCY: ColumnElement[str] = bindparam(
    "organisation_currency", callable_=lambda: current_app.config["CURRENCY"], type_=String(3)
)


def _has_invoice(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(Invoice.id).where(Invoice.student_id == Student.id, *conditions).correlate(Student).exists()


def _credit_on_account() -> ColumnElement[bool]:
    refund = aliased(Payment)
    returned = select(func.coalesce(func.sum(refund.amount_minor), 0)).where(
        refund.refund_of_id == Payment.id, refund.status == "succeeded"
    )
    left = Payment.amount_minor > returned.correlate(Payment).scalar_subquery()
    own = select(Payment.id).where(Payment.student_id == Student.id, *ON_ACCOUNT, left)
    return own.correlate(Student).exists()


def _status() -> ColumnElement[str]:
    """Returns the status by as few looks into the indexes as it takes: an export asks it of every student."""
    settled = case(
        (or_(_has_invoice(*OVERPAID), _credit_on_account()), "credit"),
        (_has_invoice(ISSUED), "clear"),
        else_="none",
    )
    return func.coalesce(_of_open_invoices(), settled)


def _of_open_invoices() -> ColumnElement[str]:
    """Returns what the earliest open invoice says; NULL where there is none."""
    earliest = func.min(Invoice.due_date)
    said = select(case((earliest < TODAY, "overdue"), (earliest >= TODAY, "owing")))
    return said.where(Invoice.student_id == Student.id, *OPEN).correlate(Student).scalar_subquery()


def _candidates() -> dict[str, Select[Any] | CompoundSelect[Any]]:
    """Returns by status the students who may have it; any student may have none."""
    students = select(Invoice.student_id)
    return {
        "overdue": students.where(*OPEN, Invoice.due_date < TODAY),
        "owing": students.where(*OPEN, Invoice.due_date >= TODAY),
        "credit": students.where(*OVERPAID).union_all(select(Payment.student_id).where(*ON_ACCOUNT)),
        "clear": students.where(ISSUED),
    }


def _balance() -> ColumnElement[int]:
    """Returns what a student owes in the organisation's currency: two currencies are never added."""
    rows = select(func.coalesce(func.sum(Invoice.balance_minor), 0)).where(
        Invoice.student_id == Student.id, ISSUED, Invoice.currency == ORGANISATION_CURRENCY
    )
    return rows.correlate(Student).scalar_subquery()


computed(
    Student,
    "billing_status",
    type_coerce(_status(), Choice(*STUDENT_BILLING)),
    kind="choice",
    choices=STUDENT_BILLING,
    label="Billing status",
    candidates=_candidates(),
)
computed(Student, "balance_currency", ORGANISATION_CURRENCY, kind="text", label="Balance currency")
computed(Student, "balance", _balance(), kind="money", currency="balance_currency", label="Balance")
