"""Payments in the order of who recorded them: PostgreSQL sorted all that the first of them ever recorded."""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

BEFORE, AFTER = "ix_payment_recorded_by_id", "ix_payment_recorded_by_id_id"


def upgrade() -> None:
    op.create_index(AFTER, "payment", ["recorded_by_id", "id"])
    op.drop_index(BEFORE, "payment")


def downgrade() -> None:
    op.create_index(BEFORE, "payment", ["recorded_by_id"])
    op.drop_index(AFTER, "payment")
