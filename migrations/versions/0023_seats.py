"""Indexes of seats by status and date, by their section, and by the day on which a student came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

DATES = ("applied_on", "start_date", "end_date")
SEAT = ("section_id", "status", "final_result", "student_id")
BEFORE = f"ix_enrollment_{'_'.join(SEAT)}"


def upgrade() -> None:
    for name in DATES:
        op.create_index(f"ix_enrollment_status_{name}", "enrollment", ["status", name])
    op.create_index("ix_enrollment_came_on", "enrollment", [sa.text("coalesce(applied_on, start_date)"), "student_id"])
    op.create_index("ix_enrollment_seat", "enrollment", [*SEAT, "start_date", "end_date"])
    op.drop_index(BEFORE, "enrollment")


def downgrade() -> None:
    op.create_index(BEFORE, "enrollment", SEAT)
    op.drop_index("ix_enrollment_seat", "enrollment")
    op.drop_index("ix_enrollment_came_on", "enrollment")
    for name in DATES:
        op.drop_index(f"ix_enrollment_status_{name}", "enrollment")
