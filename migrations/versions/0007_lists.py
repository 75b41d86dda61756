"""Baskets and named lists of rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "row_list",
        sa.Column("id", ID, nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("owner_name", sa.String(length=200), nullable=False),
        sa.Column("entity_type", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=320), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.CheckConstraint("NOT shared OR name_key <> ''", name=op.f("ck_row_list_shared_by_name")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff_user.id"], name=op.f("fk_row_list_owner_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_list")),
        sa.UniqueConstraint(
            "owner_id", "entity_type", "name_key", name=op.f("uq_row_list_owner_id_entity_type_name_key")
        ),
    )
    op.create_index(
        "uq_row_list_shared",
        "row_list",
        ["entity_type", "name_key"],
        unique=True,
        sqlite_where=sa.text("shared"),
        postgresql_where=sa.text("shared"),
    )
    op.create_table(
        "row_list_item",
        sa.Column("list_id", ID, nullable=False),
        sa.Column("entity_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["row_list.id"], name=op.f("fk_row_list_item_list_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("list_id", "entity_id", name=op.f("pk_row_list_item")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("row_list_item")
    op.drop_table("row_list")
