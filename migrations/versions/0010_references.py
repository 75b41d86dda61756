"""An index on each column that refers to another table: deleting a row must not read the others to find who refers to it."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INDEXES = (
    ("job", "operation_id"),
    ("lesson_progress", "graded_by_id"),
    ("plan", "author_id"),
    ("plan", "operation_id"),
    ("plan", "undoes_id"),
)


def upgrade() -> None:
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table, column in INDEXES:
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
