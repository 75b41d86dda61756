"""Indexes that hold all that the computed columns of students read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OPEN = "state = 'issued' AND balance_minor > 0"
OVERPAID = "state = 'issued' AND balance_minor < 0"
ON_ACCOUNT = "invoice_id IS NULL AND status = 'succeeded' AND kind IN ('payment', 'credit')"
PARTIAL = (
    ("ix_invoice_open", "invoice", "student_id state due_date balance_minor", OPEN),
    ("ix_invoice_open_due", "invoice", "state due_date student_id balance_minor", OPEN),
    ("ix_invoice_overpaid", "invoice", "student_id state balance_minor", OVERPAID),
    ("ix_invoice_overpaid_balance", "invoice", "state balance_minor student_id", OVERPAID),
    ("ix_payment_on_account", "payment", "student_id invoice_id status", ON_ACCOUNT),
)
WHOLE = (
    ("enrollment", ("student_id", "status", "section_id")),
    ("invoice", ("student_id", "state", "currency", "balance_minor")),
)


def upgrade() -> None:
    op.drop_index("ix_enrollment_student_id_status", "enrollment")
    for table, columns in WHOLE:
        op.create_index("_".join(("ix", table, *columns)), table, columns)
    for name, table, columns, rows in PARTIAL:
        where = sa.text(rows)
        op.create_index(name, table, columns.split(), sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _columns, _rows in PARTIAL:
        op.drop_index(name, table)
    for table, columns in WHOLE:
        op.drop_index("_".join(("ix", table, *columns)), table)
    op.create_index("ix_enrollment_student_id_status", "enrollment", ["student_id", "status"])
