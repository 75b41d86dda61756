"""Terms, courses with their lessons, and sections."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
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
    deferrable = op.get_context().dialect.name == "postgresql" or None
    op.create_table(
        "term",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_id", ID, nullable=True),
        sa.Column("kind", sa.String(14), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("add_drop_deadline", sa.Date(), nullable=True),
        sa.Column("withdraw_deadline", sa.Date(), nullable=True),
        sa.Column("status", sa.String(7), nullable=False),
        sa.Column("sourced_id", sa.String(length=255), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        *record(),
        sa.CheckConstraint(
            "kind IN ('school_year', 'semester', 'term', 'grading_period')", name=op.f("ck_term_kind_known")
        ),
        sa.CheckConstraint("status IN ('planned', 'open', 'closed')", name=op.f("ck_term_status_known")),
        sa.CheckConstraint("trim(code) <> ''", name=op.f("ck_term_code_filled")),
        sa.CheckConstraint("end_date > start_date", name=op.f("ck_term_end_after_start")),
        sa.CheckConstraint("withdraw_deadline >= add_drop_deadline", name=op.f("ck_term_withdraw_after_add_drop")),
        sa.ForeignKeyConstraint(["parent_id"], ["term.id"], name=op.f("fk_term_parent_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint("code", name=op.f("uq_term_code")),
        sa.UniqueConstraint("sourced_id", name=op.f("uq_term_sourced_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_term_parent_id"), "term", ["parent_id"])
    op.create_table(
        "course",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("status", sa.String(9), nullable=False),
        sa.Column("credits", sa.Numeric(precision=6, scale=2), nullable=True),
        sa.Column("list_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("sourced_id", sa.String(length=255), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        *record(),
        sa.CheckConstraint("status IN ('draft', 'published', 'archived')", name=op.f("ck_course_status_known")),
        sa.CheckConstraint("trim(code) <> ''", name=op.f("ck_course_code_filled")),
        sa.CheckConstraint("trim(title) <> ''", name=op.f("ck_course_title_filled")),
        sa.CheckConstraint(
            "(list_price_minor IS NULL) = (currency IS NULL)", name=op.f("ck_course_list_price_with_currency")
        ),
        sa.CheckConstraint("credits >= 0", name=op.f("ck_course_credits_not_negative")),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_course_currency_length")),
        sa.CheckConstraint("list_price_minor >= 0", name=op.f("ck_course_list_price_not_negative")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff_user.id"], name=op.f("fk_course_owner_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("code", name=op.f("uq_course_code")),
        sa.UniqueConstraint("sourced_id", name=op.f("uq_course_sourced_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_course_owner_id"), "course", ["owner_id"])
    op.create_table(
        "lesson",
        sa.Column("course_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(9), nullable=False),
        sa.Column("max_score", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("weight", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        *record(),
        sa.CheckConstraint(
            "kind IN ('content', 'video', 'quiz', 'assignment', 'exam', 'live')", name=op.f("ck_lesson_kind_known")
        ),
        sa.CheckConstraint("status IN ('draft', 'published', 'archived')", name=op.f("ck_lesson_status_known")),
        sa.CheckConstraint("trim(title) <> ''", name=op.f("ck_lesson_title_filled")),
        sa.CheckConstraint("max_score > 0", name=op.f("ck_lesson_max_score_positive")),
        sa.CheckConstraint("position > 0", name=op.f("ck_lesson_position_positive")),
        sa.CheckConstraint("weight BETWEEN 0 AND 100", name=op.f("ck_lesson_weight_percent")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_lesson_course_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.UniqueConstraint(
            "course_id",
            "position",
            deferrable=deferrable,
            initially=deferrable and "IMMEDIATE",
            name=op.f("uq_lesson_course_id_position"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "section",
        sa.Column("course_id", ID, nullable=False),
        sa.Column("term_id", ID, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("instructor_id", ID, nullable=True),
        sa.Column("delivery", sa.String(9), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("waitlist_capacity", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(11), nullable=False),
        sa.Column("sourced_id", sa.String(length=255), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        *record(),
        sa.CheckConstraint("delivery IN ('online', 'on_campus', 'blended')", name=op.f("ck_section_delivery_known")),
        sa.CheckConstraint(
            "status IN ('planned', 'open', 'in_progress', 'completed', 'cancelled')",
            name=op.f("ck_section_status_known"),
        ),
        sa.CheckConstraint("trim(code) <> ''", name=op.f("ck_section_code_filled")),
        sa.CheckConstraint("trim(name) <> ''", name=op.f("ck_section_name_filled")),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_section_capacity_not_negative")),
        sa.CheckConstraint("end_date >= start_date", name=op.f("ck_section_end_after_start")),
        sa.CheckConstraint("waitlist_capacity >= 0", name=op.f("ck_section_waitlist_capacity_not_negative")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_section_course_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["instructor_id"], ["staff_user.id"], name=op.f("fk_section_instructor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_section_term_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section")),
        sa.UniqueConstraint("code", name=op.f("uq_section_code")),
        sa.UniqueConstraint("course_id", "term_id", "code", name=op.f("uq_section_course_id_term_id_code")),
        sa.UniqueConstraint("sourced_id", name=op.f("uq_section_sourced_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_section_instructor_id"), "section", ["instructor_id"])
    op.create_index(op.f("ix_section_term_id_status"), "section", ["term_id", "status"])


def downgrade() -> None:
    op.drop_table("section")
    op.drop_table("lesson")
    op.drop_table("course")
    op.drop_table("term")
