"""Operations with their changes, and plans with their rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "operation",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("door", sa.String(7), nullable=False),
        sa.Column("verb", sa.String(10), nullable=False),
        sa.Column("entity_type", sa.String(length=40), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("selection", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("counts", DOCUMENT, nullable=False),
        sa.Column("columns", DOCUMENT, nullable=False),
        sa.Column("undoes_id", ID, nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "door IN ('form', 'cell', 'bulk', 'import', 'command', 'undo', 'system')",
            name=op.f("ck_operation_door_known"),
        ),
        sa.CheckConstraint(
            "verb IN ('create', 'update', 'delete', 'transition', 'merge', 'import', 'export', 'login', 'undo')",
            name=op.f("ck_operation_verb_known"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["staff_user.id"], name=op.f("fk_operation_actor_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["undoes_id"], ["operation.id"], name=op.f("fk_operation_undoes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_operation_actor_id"), "operation", ["actor_id"])
    op.create_index(op.f("ix_operation_at"), "operation", ["at"])
    op.create_index(op.f("ix_operation_undoes_id"), "operation", ["undoes_id"])
    op.create_table(
        "change",
        sa.Column("id", ID, nullable=False),
        sa.Column("operation_id", ID, nullable=False),
        sa.Column("entity_type", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(6), nullable=False),
        sa.Column("version_before", sa.BigInteger(), nullable=True),
        sa.Column("version_after", sa.BigInteger(), nullable=True),
        sa.Column("before", DOCUMENT, nullable=True),
        sa.Column("after", DOCUMENT, nullable=True),
        sa.CheckConstraint("action IN ('create', 'update', 'delete')", name=op.f("ck_change_action_known")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_change_operation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sa.UniqueConstraint(
            "operation_id", "entity_type", "entity_id", name=op.f("uq_change_operation_id_entity_type_entity_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_change_entity_type_entity_id_id"), "change", ["entity_type", "entity_id", "id"])
    op.create_table(
        "plan",
        sa.Column("id", ID, nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("author_id", ID, nullable=True),
        sa.Column("door", sa.String(7), nullable=False),
        sa.Column("verb", sa.String(10), nullable=False),
        sa.Column("entity_type", sa.String(length=40), nullable=False),
        sa.Column("values", DOCUMENT, nullable=False),
        sa.Column("selection", DOCUMENT, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("selection_words", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undoes_id", ID, nullable=True),
        sa.Column("counts", DOCUMENT, nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("operation_id", ID, nullable=True),
        sa.CheckConstraint(
            "door IN ('form', 'cell', 'bulk', 'import', 'command', 'undo', 'system')", name=op.f("ck_plan_door_known")
        ),
        sa.CheckConstraint(
            "verb IN ('create', 'update', 'delete', 'transition', 'merge', 'import', 'export', 'login', 'undo')",
            name=op.f("ck_plan_verb_known"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["staff_user.id"], name=op.f("fk_plan_author_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_plan_operation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["undoes_id"], ["operation.id"], name=op.f("fk_plan_undoes_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("token", name=op.f("uq_plan_token")),
    )
    op.create_index(op.f("ix_plan_created_at"), "plan", ["created_at"])
    op.create_table(
        "plan_row",
        sa.Column("plan_id", ID, nullable=False),
        sa.Column("entity_type", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(7), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('change', 'same', 'refused', 'cascade', 'unlink')", name=op.f("ck_plan_row_outcome_known")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_row_plan_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("plan_id", "entity_type", "entity_id", name=op.f("pk_plan_row")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("plan_row")
    op.drop_table("plan")
    op.drop_table("change")
    op.drop_table("operation")
