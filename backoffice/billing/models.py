"""Invoices with their lines, and payments: a ledger in minor units, one currency a row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    TextClause,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, backref, mapped_column, relationship

from backoffice.core.model import BigId, Choice, Money, Record, Searchable, UtcDateTime, one_of
from backoffice.enrollments.models import Enrollment
from backoffice.staff.models import StaffUser
from backoffice.students.models import Contact, Student

INVOICE_STATES = ("draft", "issued", "void")
LINE_KINDS = ("tuition", "fee", "material", "discount", "tax")
PAYMENT_KINDS = ("payment", "refund", "credit", "write_off")
PAYMENT_METHODS = ("bank_transfer", "card", "cash", "cheque", "direct_debit", "internal")
PAYMENT_STATUSES = ("pending", "succeeded", "failed", "void")

# Predicates of indexes. A condition must hold the same constants, as no database knows what a parameter will be.
_OPEN = text("state = 'issued' AND balance_minor > 0")
_OVERPAID = text("state = 'issued' AND balance_minor < 0")
_ON_ACCOUNT = text("invoice_id IS NULL AND status = 'succeeded' AND kind IN ('payment', 'credit')")


def _partial(name: str, where: TextClause, *columns: str) -> Index:
    """Returns an index of the rows that fulfil `where`."""
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class Invoice(Searchable, Record):
    """What a student is asked to pay. Once issued it is corrected by a credit or voided, never edited."""

    __key__ = "reference"
    __label__ = "reference"
    __search__ = ("number",)
    __amount__ = "total_minor"
    __search_through__ = ("student",)
    __sorted__ = (
        "student_id",
        "state",
        "currency",
        "issue_date",
        "due_date",
        "total_minor",
        "settled_minor",
        "balance_minor",
        "reminder_count",
    )

    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete="RESTRICT"))
    bill_to_id: Mapped[int | None] = mapped_column(
        ForeignKey("contact.id", ondelete="RESTRICT"),
        index=True,
        info={"reassign": True, "hint": "Empty where the student pays."},
    )
    currency: Mapped[str] = mapped_column(String(3), info={"hint": "Three letters, such as EUR."})
    state: Mapped[str] = mapped_column(Choice(*INVOICE_STATES), default="draft")
    issue_date: Mapped[date | None] = mapped_column(info={"hint": "Empty: the day on which it is issued."})
    due_date: Mapped[date | None] = mapped_column(info={"hint": "Empty: 30 days after it is issued."})
    total_minor: Mapped[int] = mapped_column(Money(), default=0)
    settled_minor: Mapped[int] = mapped_column(Money(), default=0)
    balance_minor: Mapped[int] = mapped_column(Money(), Computed("total_minor - settled_minor", persisted=True))
    reminder_count: Mapped[int] = mapped_column(default=0, info={"label": "Reminders"})
    last_reminder_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    void_reason: Mapped[str | None] = mapped_column(String(500), info={"hint": "Needed to void the invoice."})

    student: Mapped[Student] = relationship(backref=backref("invoices", passive_deletes="all"))
    bill_to: Mapped[Contact | None] = relationship(backref=backref("invoices", passive_deletes="all"))

    __table_args__ = (
        UniqueConstraint("id", "currency"),
        one_of("state", INVOICE_STATES),
        CheckConstraint("length(currency) = 3", name="currency_length"),
        CheckConstraint("total_minor >= 0", name="total_not_negative"),
        CheckConstraint("due_date >= issue_date", name="due_after_issue"),
        CheckConstraint(
            "state <> 'issued' OR (number IS NOT NULL AND issue_date IS NOT NULL AND due_date IS NOT NULL)",
            name="issued_with_number_and_dates",
        ),
        CheckConstraint("state <> 'draft' OR number IS NULL", name="draft_without_number"),
        CheckConstraint("state = 'issued' OR settled_minor = 0", name="settled_only_if_issued"),
        CheckConstraint("state <> 'void' OR void_reason IS NOT NULL", name="void_with_reason"),
        CheckConstraint("reminder_count >= 0", name="reminder_count_not_negative"),
        Index(None, "student_id", "issue_date"),
        _partial("ix_invoice_due_date", _OPEN, "due_date"),
        # SQLite takes the index with the most columns that are given, and reads no row where it has them all.
        _partial("ix_invoice_open", _OPEN, "student_id", "state", "due_date", "balance_minor"),
        _partial("ix_invoice_open_due", _OPEN, "state", "due_date", "student_id", "balance_minor"),
        _partial("ix_invoice_open_balance", _OPEN, "state", "balance_minor", "currency", "due_date", "student_id"),
        _partial("ix_invoice_overpaid", _OVERPAID, "student_id", "state", "balance_minor"),
        _partial("ix_invoice_overpaid_balance", _OVERPAID, "state", "balance_minor", "student_id"),
        Index(None, "student_id", "state", "currency", "balance_minor"),
        Index("ix_invoice_billed", "state", "issue_date", "currency", "total_minor"),
    )


class InvoiceLine(Record):
    """One line of an invoice; frozen once the invoice is issued. The amount follows from quantity and unit price."""

    __label__ = "description"
    __amount__ = "amount_minor"
    __order__ = "line_no"
    __search_through__ = ("invoice",)
    __sorted__ = (
        "invoice_id",
        "line_no",
        "kind",
        "description",
        "discount_code",
        "quantity",
        "unit_minor",
        "amount_minor",
        "currency",
    )

    invoice_id: Mapped[int] = mapped_column(BigId)
    currency: Mapped[str] = mapped_column(String(3), info={"hint": "That of the invoice."})
    line_no: Mapped[int] = mapped_column(info={"label": "Line"})
    kind: Mapped[str] = mapped_column(Choice(*LINE_KINDS), default="tuition")
    enrollment_id: Mapped[int | None] = mapped_column(ForeignKey("enrollment.id", ondelete="RESTRICT"), index=True)
    description: Mapped[str] = mapped_column(String(300))
    discount_code: Mapped[str | None] = mapped_column(String(40))
    quantity: Mapped[int] = mapped_column(default=1)
    unit_minor: Mapped[int] = mapped_column(Money(), info={"label": "Unit price", "hint": "Below 0 for a discount."})
    amount_minor: Mapped[int] = mapped_column(Money())

    invoice: Mapped[Invoice] = relationship(
        primaryjoin="InvoiceLine.invoice_id == Invoice.id",
        foreign_keys=invoice_id,
        backref=backref("lines", passive_deletes="all"),
    )
    enrollment: Mapped[Enrollment | None] = relationship(backref=backref("invoice_lines", passive_deletes="all"))

    __table_args__ = (
        ForeignKeyConstraint(["invoice_id", "currency"], ["invoice.id", "invoice.currency"], ondelete="CASCADE"),
        UniqueConstraint("invoice_id", "line_no"),
        Index("ix_invoice_line_total", "invoice_id", "kind", "amount_minor"),
        one_of("kind", LINE_KINDS),
        CheckConstraint("line_no >= 1", name="line_no_positive"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint(
            "(kind = 'discount' AND amount_minor <= 0) OR (kind <> 'discount' AND amount_minor >= 0)",
            name="amount_sign",
        ),
    )

    @classmethod
    def derive(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        return super().derive(row) | {"amount_minor": (row.get("quantity") or 1) * row["unit_minor"]}

    @classmethod
    def derived_from(cls) -> frozenset[str]:
        return super().derived_from() | {"quantity", "unit_minor"}


class Payment(Searchable, Record):
    """One entry of the ledger. A credit or a write-off settles as cash does, but is not cash; a refund points back."""

    __label__ = "label"
    __search__ = ("reference", "gateway_ref", "note")
    __amount__ = "amount_minor"
    __search_through__ = ("student", "invoice")
    __sorted__ = (
        "student_id",
        "kind",
        "method",
        "status",
        "amount_minor",
        "currency",
        "received_on",
        "reference",
        "recorded_by_id",
    )

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete="RESTRICT"))
    invoice_id: Mapped[int | None] = mapped_column(BigId)
    currency: Mapped[str] = mapped_column(String(3), info={"hint": "Three letters, such as EUR; that of the invoice."})
    kind: Mapped[str] = mapped_column(Choice(*PAYMENT_KINDS), default="payment")
    method: Mapped[str] = mapped_column(Choice(*PAYMENT_METHODS), default="bank_transfer")
    status: Mapped[str] = mapped_column(Choice(*PAYMENT_STATUSES), default="pending")
    amount_minor: Mapped[int] = mapped_column(Money(), info={"hint": "More than 0, for a refund too."})
    received_on: Mapped[date]
    reference: Mapped[str | None] = mapped_column(String(120))
    gateway: Mapped[str | None] = mapped_column(String(40))
    gateway_ref: Mapped[str | None] = mapped_column(String(120), info={"label": "Gateway reference"})
    idempotency_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    refund_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("payment.id", ondelete="RESTRICT"), index=True, info={"hint": "The payment that a refund returns."}
    )
    note: Mapped[str | None] = mapped_column(
        String(500), info={"hint": "Needed for a credit, a write-off, and to void."}
    )
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id", ondelete="RESTRICT"))

    student: Mapped[Student] = relationship(backref=backref("payments", passive_deletes="all"))
    invoice: Mapped[Invoice | None] = relationship(
        primaryjoin="Payment.invoice_id == Invoice.id",
        foreign_keys=invoice_id,
        backref=backref("payments", passive_deletes="all"),
    )
    refund_of: Mapped[Payment | None] = relationship(
        remote_side="Payment.id", backref=backref("refunds", passive_deletes="all")
    )
    recorded_by: Mapped[StaffUser] = relationship()

    __table_args__ = (
        ForeignKeyConstraint(["invoice_id", "currency"], ["invoice.id", "invoice.currency"], ondelete="RESTRICT"),
        UniqueConstraint("gateway", "gateway_ref"),
        one_of("kind", PAYMENT_KINDS),
        one_of("method", PAYMENT_METHODS),
        one_of("status", PAYMENT_STATUSES),
        CheckConstraint("length(currency) = 3", name="currency_length"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("(kind = 'refund') = (refund_of_id IS NOT NULL)", name="refund_of_payment"),
        CheckConstraint("refund_of_id <> id", name="refund_of_another"),
        CheckConstraint(
            "kind NOT IN ('credit', 'write_off') OR (note IS NOT NULL AND trim(note) <> '')", name="credit_with_note"
        ),
        _partial("ix_payment_on_account", _ON_ACCOUNT, "student_id", "invoice_id", "status"),
        Index("ix_payment_settled", "invoice_id", "status", "kind", "currency", "amount_minor"),
        Index("ix_payment_collected", "status", "received_on", "currency", "kind", "amount_minor"),
    )


_ZERO: ColumnElement[int] = literal_column("0")
ISSUED = Invoice.state == literal_column("'issued'")
OPEN = (ISSUED, Invoice.balance_minor > _ZERO)
OVERPAID = (ISSUED, Invoice.balance_minor < _ZERO)
ON_ACCOUNT = (
    Payment.invoice_id.is_(None),
    Payment.status == literal_column("'succeeded'"),
    Payment.kind.in_([literal_column("'payment'"), literal_column("'credit'")]),
)
