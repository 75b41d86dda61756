"""Big changes need two: policies, requests for approval, who approved an operation; jobs that begin later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "approval_policy",
        sa.Column("entity_type", sa.String(length=40), nullable=False),
        sa.Column("verb", sa.String(length=6), nullable=False),
        sa.Column("rows_above", sa.Integer(), nullable=True),
        sa.Column("amount_above_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint("verb IN ('update', 'delete', 'undo')", name=op.f("ck_approval_policy_verb_known")),
        sa.CheckConstraint(
            "rows_above IS NOT NULL OR amount_above_minor IS NOT NULL", name=op.f("ck_approval_policy_limit_given")
        ),
        sa.CheckConstraint(
            "(amount_above_minor IS NULL) = (currency IS NULL)", name=op.f("ck_approval_policy_amount_with_currency")
        ),
        sa.CheckConstraint("rows_above >= 0", name=op.f("ck_approval_policy_rows_above_not_negative")),
        sa.CheckConstraint("amount_above_minor >= 0", name=op.f("ck_approval_policy_amount_above_not_negative")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_approval_policy_currency_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_policy")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_approval_policy_entity_type_verb",
        "approval_policy",
        ["entity_type", "verb"],
        unique=True,
        sqlite_where=sa.text("is_active"),
        postgresql_where=sa.text("is_active"),
    )
    op.create_table(
        "approval",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("entity_type", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("needs", sa.String(length=8), nullable=False),
        sa.Column("plan_token", sa.String(length=64), nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("approver_id", ID, nullable=True),
        sa.Column("approver_name", sa.String(length=200), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("operation_id", ID, nullable=True),
        sa.Column("notice_seen", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('update', 'delete', 'undo')", name=op.f("ck_approval_kind_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'approved', 'declined', 'withdrawn', 'moved', 'done')",
            name=op.f("ck_approval_state_known"),
        ),
        sa.CheckConstraint("approver_id <> author_id", name=op.f("ck_approval_two_people")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["staff_user.id"], name=op.f("fk_approval_author_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["staff_user.id"], name=op.f("fk_approval_approver_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_approval_operation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint("plan_token", name=op.f("uq_approval_plan_token")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_approval_state_notice_seen"), "approval", ["state", "notice_seen"])
    for column in ("author_id", "approver_id", "operation_id"):
        op.create_index(op.f(f"ix_approval_{column}"), "approval", [column])
    index_text("approval")
    op.add_column("operation", sa.Column("approver_id", sa.BigInteger(), nullable=True))
    op.add_column("operation", sa.Column("approver_name", sa.String(length=200), nullable=True))
    op.add_column("operation", sa.Column("approval", sa.Text(), nullable=True))
    op.add_column("plan", sa.Column("kept_until", INSTANT, nullable=True))
    op.add_column("job", sa.Column("run_at", INSTANT, nullable=True))


def index_text(table: str) -> None:
    """Makes the index of trigrams of the new table, as 0011 did for those before it."""
    if op.get_context().dialect.name != "sqlite":
        op.create_index(
            f"ix_{table}_search_text",
            table,
            ["search_text"],
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        )
        return
    old, new = (f"'  ' || replace({row}.search_text, ' ', '  ')" for row in ("old", "new"))
    take_out = f"INSERT INTO {table}_text({table}_text, rowid, text) VALUES ('delete', old.id, {old});"  # noqa: S608
    put_in = f"INSERT INTO {table}_text(rowid, text) VALUES (new.id, {new});"  # noqa: S608
    changed = "WHEN old.search_text IS NOT new.search_text OR old.id <> new.id"
    for statement in (
        f"CREATE VIRTUAL TABLE {table}_text USING fts5"
        "(text, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1')",
        f"CREATE TRIGGER {table}_text_put_in AFTER INSERT ON {table} BEGIN {put_in} END",
        f"CREATE TRIGGER {table}_text_take_out AFTER DELETE ON {table} BEGIN {take_out} END",
        f"CREATE TRIGGER {table}_text_replace AFTER UPDATE OF id, search_text ON {table} {changed} "
        f"BEGIN {take_out} {put_in} END",
    ):
        op.execute(statement)


def downgrade() -> None:
    op.drop_column("job", "run_at")
    op.drop_column("plan", "kept_until")
    for column in ("approval", "approver_name", "approver_id"):
        op.drop_column("operation", column)
    if op.get_context().dialect.name == "sqlite":
        op.drop_table("approval_text")
    op.drop_table("approval")
    op.drop_table("approval_policy")
