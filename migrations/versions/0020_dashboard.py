"""How each person has arranged their overview."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dashboard_arrangement",
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("period", sa.String(length=12), nullable=True),
        sa.Column("against", sa.String(length=12), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=True),
        sa.Column("hidden", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["staff_user.id"], name=op.f("fk_dashboard_arrangement_owner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("owner_id", name=op.f("pk_dashboard_arrangement")),
    )


def downgrade() -> None:
    op.drop_table("dashboard_arrangement")
