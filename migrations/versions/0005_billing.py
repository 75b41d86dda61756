"""Invoices with their lines, and payments."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite numbers rows by itself only for INTEGER
INSTANT = sa.DateTime(timezone=True)


def record() -> list[sa.Column[Any]]:
    """Returns the columns that every business table begins with."""
    return [
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "invoice",
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("student_id", ID, nullable=False),
        sa.Column("bill_to_id", ID, nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(6), nullable=False),
        sa.Column("issue_date", sa.Date(), nullable=True),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("settled_minor", sa.BigInteger(), nullable=False),
        sa.Column(
            "balance_minor", sa.BigInteger(), sa.Computed("total_minor - settled_minor", persisted=True), nullable=False
        ),
        sa.Column("reminder_count", sa.Integer(), nullable=False),
        sa.Column("last_reminder_at", INSTANT, nullable=True),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        *record(),
        sa.CheckConstraint("state <> 'draft' OR number IS NULL", name=op.f("ck_invoice_draft_without_number")),
        sa.CheckConstraint(
            "state <> 'issued' OR (number IS NOT NULL AND issue_date IS NOT NULL AND due_date IS NOT NULL)",
            name=op.f("ck_invoice_issued_with_number_and_dates"),
        ),
        sa.CheckConstraint("state <> 'void' OR void_reason IS NOT NULL", name=op.f("ck_invoice_void_with_reason")),
        sa.CheckConstraint("state = 'issued' OR settled_minor = 0", name=op.f("ck_invoice_settled_only_if_issued")),
        sa.CheckConstraint("state IN ('draft', 'issued', 'void')", name=op.f("ck_invoice_state_known")),
        sa.CheckConstraint("due_date >= issue_date", name=op.f("ck_invoice_due_after_issue")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_invoice_currency_length")),
        sa.CheckConstraint("reminder_count >= 0", name=op.f("ck_invoice_reminder_count_not_negative")),
        sa.CheckConstraint("total_minor >= 0", name=op.f("ck_invoice_total_not_negative")),
        sa.ForeignKeyConstraint(
            ["bill_to_id"], ["contact.id"], name=op.f("fk_invoice_bill_to_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_invoice_student_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("id", "currency", name=op.f("uq_invoice_id_currency")),
        sa.UniqueConstraint("number", name=op.f("uq_invoice_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_invoice_bill_to_id"), "invoice", ["bill_to_id"])
    op.create_index(
        "ix_invoice_due_date",
        "invoice",
        ["due_date"],
        sqlite_where=sa.text("state = 'issued' AND balance_minor > 0"),
        postgresql_where=sa.text("state = 'issued' AND balance_minor > 0"),
    )
    op.create_index(op.f("ix_invoice_student_id_issue_date"), "invoice", ["student_id", "issue_date"])
    op.create_table(
        "invoice_line",
        sa.Column("invoice_id", ID, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("enrollment_id", ID, nullable=True),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("discount_code", sa.String(length=40), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_minor", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        *record(),
        sa.CheckConstraint(
            "(kind = 'discount' AND amount_minor <= 0) OR (kind <> 'discount' AND amount_minor >= 0)",
            name=op.f("ck_invoice_line_amount_sign"),
        ),
        sa.CheckConstraint(
            "kind IN ('tuition', 'fee', 'material', 'discount', 'tax')", name=op.f("ck_invoice_line_kind_known")
        ),
        sa.CheckConstraint("line_no >= 1", name=op.f("ck_invoice_line_line_no_positive")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_invoice_line_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.id"], name=op.f("fk_invoice_line_enrollment_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id", "currency"],
            ["invoice.id", "invoice.currency"],
            name=op.f("fk_invoice_line_invoice_id_currency"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_line")),
        sa.UniqueConstraint("invoice_id", "line_no", name=op.f("uq_invoice_line_invoice_id_line_no")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_invoice_line_enrollment_id"), "invoice_line", ["enrollment_id"])
    op.create_table(
        "payment",
        sa.Column("student_id", ID, nullable=False),
        sa.Column("invoice_id", ID, nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("kind", sa.String(9), nullable=False),
        sa.Column("method", sa.String(13), nullable=False),
        sa.Column("status", sa.String(9), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=True),
        sa.Column("gateway", sa.String(length=40), nullable=True),
        sa.Column("gateway_ref", sa.String(length=120), nullable=True),
        sa.Column("idempotency_key", sa.String(length=120), nullable=True),
        sa.Column("refund_of_id", ID, nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("recorded_by_id", ID, nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        *record(),
        sa.CheckConstraint("(kind = 'refund') = (refund_of_id IS NOT NULL)", name=op.f("ck_payment_refund_of_payment")),
        sa.CheckConstraint("kind IN ('payment', 'refund', 'credit', 'write_off')", name=op.f("ck_payment_kind_known")),
        sa.CheckConstraint(
            "kind NOT IN ('credit', 'write_off') OR (note IS NOT NULL AND trim(note) <> '')",
            name=op.f("ck_payment_credit_with_note"),
        ),
        sa.CheckConstraint(
            "method IN ('bank_transfer', 'card', 'cash', 'cheque', 'direct_debit', 'internal')",
            name=op.f("ck_payment_method_known"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'succeeded', 'failed', 'void')", name=op.f("ck_payment_status_known")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_amount_positive")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_payment_currency_length")),
        sa.CheckConstraint("refund_of_id <> id", name=op.f("ck_payment_refund_of_another")),
        sa.ForeignKeyConstraint(
            ["invoice_id", "currency"],
            ["invoice.id", "invoice.currency"],
            name=op.f("fk_payment_invoice_id_currency"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["staff_user.id"], name=op.f("fk_payment_recorded_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["refund_of_id"], ["payment.id"], name=op.f("fk_payment_refund_of_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_payment_student_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("gateway", "gateway_ref", name=op.f("uq_payment_gateway_gateway_ref")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_payment_idempotency_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_payment_invoice_id_status"), "payment", ["invoice_id", "status"])
    op.create_index(op.f("ix_payment_received_on"), "payment", ["received_on"])
    op.create_index(op.f("ix_payment_recorded_by_id"), "payment", ["recorded_by_id"])
    op.create_index(op.f("ix_payment_refund_of_id"), "payment", ["refund_of_id"])
    op.create_index(op.f("ix_payment_student_id"), "payment", ["student_id"])


def downgrade() -> None:
    op.drop_table("payment")
    op.drop_table("invoice_line")
    op.drop_table("invoice")
