"""Seals of operations, and what is kept of rows whose old history is pruned."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column("operation_id", ID, autoincrement=False, nullable=False),
        sa.Column("parts", DOCUMENT, nullable=False),
        sa.Column("through", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("link", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_seal_operation_id")),
        sa.PrimaryKeyConstraint("operation_id", name=op.f("pk_seal")),
        sa.UniqueConstraint("position", name=op.f("uq_seal_position")),
    )
    op.create_table(
        "baseline",
        sa.Column("entity_type", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("operation_id", ID, nullable=False),
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("state", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_baseline_operation_id")),
        sa.PrimaryKeyConstraint("entity_type", "entity_id", name=op.f("pk_baseline")),
    )
    op.create_index(op.f("ix_baseline_operation_id"), "baseline", ["operation_id"])


def downgrade() -> None:
    op.drop_table("baseline")
    op.drop_table("seal")
