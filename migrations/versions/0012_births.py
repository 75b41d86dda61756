"""Runs of rows that one operation loaded, whose creations are not written down one by one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "birth",
        sa.Column("entity_type", sa.String(length=40), nullable=False),
        sa.Column("first_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("operation_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_birth_operation_id")),
        sa.PrimaryKeyConstraint("entity_type", "first_id", name=op.f("pk_birth")),
    )
    op.create_index(op.f("ix_birth_operation_id"), "birth", ["operation_id"])


def downgrade() -> None:
    op.drop_table("birth")
