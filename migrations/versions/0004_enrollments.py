"""Enrollments and the progress through lessons."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite numbers rows by itself only for INTEGER
INSTANT = sa.DateTime(timezone=True)


def record() -> list[sa.Column[Any]]:
    """Returns the columns that every business table begins with."""
    return [
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "enrollment",
        sa.Column("student_id", ID, nullable=False),
        sa.Column("section_id", ID, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("attempt_no", sa.Integer(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(17), nullable=True),
        sa.Column("waitlist_position", sa.Integer(), nullable=True),
        sa.Column("progress_pct", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("final_result", sa.String(11), nullable=True),
        sa.Column("final_grade_pct", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("sourced_id", sa.String(length=255), nullable=True),
        *record(),
        sa.CheckConstraint(
            "(status = 'completed') = (final_result IS NOT NULL)", name=op.f("ck_enrollment_completed_with_result")
        ),
        sa.CheckConstraint(
            "(status = 'waitlisted') = (waitlist_position IS NOT NULL)",
            name=op.f("ck_enrollment_waitlisted_with_position"),
        ),
        sa.CheckConstraint(
            "end_reason IN ('academic', 'financial', 'health', 'personal', 'transfer', 'schedule', 'no_show', 'section_cancelled', 'error', 'other')",
            name=op.f("ck_enrollment_end_reason_known"),
        ),
        sa.CheckConstraint(
            "final_result IN ('distinction', 'pass', 'fail', 'incomplete')",
            name=op.f("ck_enrollment_final_result_known"),
        ),
        sa.CheckConstraint(
            "status IN ('applied', 'waitlisted', 'active', 'suspended', 'completed', 'withdrawn', 'dropped', 'rejected')",
            name=op.f("ck_enrollment_status_known"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('applied', 'waitlisted', 'active', 'suspended', 'completed') OR end_reason IS NULL",
            name=op.f("ck_enrollment_live_without_end_reason"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('withdrawn', 'dropped') OR (end_date IS NOT NULL AND end_reason IS NOT NULL)",
            name=op.f("ck_enrollment_left_with_date_and_reason"),
        ),
        sa.CheckConstraint("attempt_no >= 1", name=op.f("ck_enrollment_attempt_no_positive")),
        sa.CheckConstraint("end_date >= start_date", name=op.f("ck_enrollment_end_after_start")),
        sa.CheckConstraint("final_grade_pct BETWEEN 0 AND 100", name=op.f("ck_enrollment_final_grade_pct_percent")),
        sa.CheckConstraint("progress_pct BETWEEN 0 AND 100", name=op.f("ck_enrollment_progress_pct_percent")),
        sa.CheckConstraint("waitlist_position >= 1", name=op.f("ck_enrollment_waitlist_position_positive")),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name=op.f("fk_enrollment_section_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_enrollment_student_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollment")),
        sa.UniqueConstraint("sourced_id", name=op.f("uq_enrollment_sourced_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_enrollment_section_id_status"), "enrollment", ["section_id", "status"])
    op.create_index(op.f("ix_enrollment_start_date"), "enrollment", ["start_date"])
    op.create_index(op.f("ix_enrollment_student_id_status"), "enrollment", ["student_id", "status"])
    op.create_index(
        "uq_enrollment_section_id_waitlist_position",
        "enrollment",
        ["section_id", "waitlist_position"],
        unique=True,
        sqlite_where=sa.text("status = 'waitlisted'"),
        postgresql_where=sa.text("status = 'waitlisted'"),
    )
    op.create_index(
        "uq_enrollment_student_id_section_id",
        "enrollment",
        ["student_id", "section_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('applied', 'waitlisted', 'active', 'suspended', 'completed')"),
        postgresql_where=sa.text("status IN ('applied', 'waitlisted', 'active', 'suspended', 'completed')"),
    )
    op.create_table(
        "lesson_progress",
        sa.Column("enrollment_id", ID, nullable=False),
        sa.Column("lesson_id", ID, nullable=False),
        sa.Column("status", sa.String(11), nullable=False),
        sa.Column("score", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("completed_at", INSTANT, nullable=True),
        sa.Column("graded_by_id", ID, nullable=True),
        *record(),
        sa.CheckConstraint(
            "(status = 'completed') = (completed_at IS NOT NULL)",
            name=op.f("ck_lesson_progress_completed_with_instant"),
        ),
        sa.CheckConstraint(
            "status IN ('in_progress', 'submitted', 'completed', 'exempt')",
            name=op.f("ck_lesson_progress_status_known"),
        ),
        sa.CheckConstraint("score >= 0", name=op.f("ck_lesson_progress_score_not_negative")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.id"], name=op.f("fk_lesson_progress_enrollment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["graded_by_id"], ["staff_user.id"], name=op.f("fk_lesson_progress_graded_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lesson.id"], name=op.f("fk_lesson_progress_lesson_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_progress")),
        sa.UniqueConstraint("enrollment_id", "lesson_id", name=op.f("uq_lesson_progress_enrollment_id_lesson_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_lesson_progress_lesson_id"), "lesson_progress", ["lesson_id"])


def downgrade() -> None:
    op.drop_table("lesson_progress")
    op.drop_table("enrollment")
