"""Who is told each day which rows entered or left a saved view."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "view_watch",
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("view_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("ids", sa.LargeBinary(), nullable=True),
        sa.Column("entered", sa.LargeBinary(), nullable=True),
        sa.Column("gone", sa.LargeBinary(), nullable=True),
        sa.Column("untold", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["staff_user.id"], name=op.f("fk_view_watch_owner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("owner_id", "view_id", name=op.f("pk_view_watch")),
    )
    op.create_index("ix_view_watch_looked_at", "view_watch", ["looked_at"])


def downgrade() -> None:
    op.drop_table("view_watch")
