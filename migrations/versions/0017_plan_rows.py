"""Rows of a plan no longer refer to it by a foreign key, which PostgreSQL asked about once for each of 100,000 rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = "fk_plan_row_plan_id"


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        build_anew()
    else:
        op.drop_constraint(op.f(KEY), "plan_row", type_="foreignkey")


def downgrade() -> None:
    op.execute("DELETE FROM plan_row WHERE plan_id NOT IN (SELECT id FROM plan)")
    if op.get_context().dialect.name == "sqlite":
        build_anew(sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f(KEY), ondelete="CASCADE"))
    else:
        op.create_foreign_key(op.f(KEY), "plan_row", "plan", ["plan_id"], ["id"], ondelete="CASCADE")


def build_anew(*keys: sa.ForeignKeyConstraint) -> None:
    """SQLite takes no constraint away from a table that is there."""
    op.create_table(
        "plan_row_anew",
        sa.Column("plan_id", ID, autoincrement=False, nullable=False),
        sa.Column("entity_type", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(7), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('change', 'same', 'refused', 'cascade', 'unlink')", name=op.f("ck_plan_row_outcome_known")
        ),
        sa.PrimaryKeyConstraint("plan_id", "entity_type", "entity_id", name=op.f("pk_plan_row")),
        *keys,
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO plan_row_anew SELECT plan_id, entity_type, entity_id, version, outcome, rule FROM plan_row")
    op.drop_table("plan_row")
    op.rename_table("plan_row_anew", "plan_row")
