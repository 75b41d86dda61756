"""Deletions are found by the student whom the deleted row belonged to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

STUDENT = {
    "sqlite": "json_extract(before, '$.' || 'student_id')",
    "postgresql": "((before ->> 'student_id')::BIGINT)",
}


def upgrade() -> None:
    deleted = sa.text("action = 'delete'")
    op.create_index(
        "ix_change_deleted_student_id",
        "change",
        ["entity_type", sa.text(STUDENT[op.get_context().dialect.name])],
        sqlite_where=deleted,
        postgresql_where=deleted,
    )


def downgrade() -> None:
    op.drop_index("ix_change_deleted_student_id", "change")
