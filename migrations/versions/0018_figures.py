"""Indexes that hold all that a figure reads: seats by section, amounts by day, open balances."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ADDED = {
    "ix_enrollment_section_id_status_final_result_student_id": "enrollment section_id status final_result student_id",
    "ix_enrollment_student_id_applied_on_start_date": "enrollment student_id applied_on start_date",
    "ix_invoice_billed": "invoice state issue_date currency total_minor",
    "ix_invoice_line_total": "invoice_line invoice_id kind amount_minor",
    "ix_payment_settled": "payment invoice_id status kind currency amount_minor",
    "ix_payment_collected": "payment status received_on currency kind amount_minor",
}
REPLACED = {
    "ix_enrollment_section_id_status": "enrollment section_id status",
    "ix_payment_invoice_id_status": "payment invoice_id status",
}


OPEN = sa.text("state = 'issued' AND balance_minor > 0")


def upgrade() -> None:
    _create(ADDED)
    op.create_index(
        "ix_invoice_open_balance",
        "invoice",
        ["state", "balance_minor", "currency", "due_date", "student_id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    _drop(REPLACED)


def downgrade() -> None:
    _create(REPLACED)
    op.drop_index("ix_invoice_open_balance", "invoice")
    _drop(ADDED)


def _create(indexes: dict[str, str]) -> None:
    for name, parts in indexes.items():
        table, *columns = parts.split()
        op.create_index(name, table, columns)


def _drop(indexes: dict[str, str]) -> None:
    for name, parts in indexes.items():
        op.drop_index(name, parts.split()[0])
