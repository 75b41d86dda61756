"""Students and their contacts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
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
        "student",
        sa.Column("student_number", sa.String(length=40), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("given_name", sa.String(length=200), nullable=True),
        sa.Column("family_name", sa.String(length=200), nullable=True),
        sa.Column("preferred_name", sa.String(length=200), nullable=True),
        sa.Column("sort_name", sa.String(length=402), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_key", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("city", sa.String(length=120), nullable=True),
        sa.Column("country_code", sa.String(length=2), nullable=True),
        sa.Column("locale", sa.String(length=35), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("bio", sa.Text(), nullable=True),
        sa.Column("status", sa.String(9), nullable=False),
        sa.Column("financial_hold", sa.Boolean(), nullable=False),
        sa.Column("hold_reason", sa.String(length=500), nullable=True),
        sa.Column("sourced_id", sa.String(length=255), nullable=True),
        sa.Column("merged_into_id", ID, nullable=True),
        sa.Column("archived_at", INSTANT, nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        *record(),
        sa.CheckConstraint(
            "NOT financial_hold OR (hold_reason IS NOT NULL AND trim(hold_reason) <> '')",
            name=op.f("ck_student_hold_with_reason"),
        ),
        sa.CheckConstraint(
            "status IN ('applicant', 'active', 'on_leave', 'withdrawn', 'graduated')",
            name=op.f("ck_student_status_known"),
        ),
        sa.CheckConstraint("trim(full_name) <> ''", name=op.f("ck_student_full_name_filled")),
        sa.CheckConstraint("trim(student_number) <> ''", name=op.f("ck_student_student_number_filled")),
        sa.CheckConstraint("(email IS NULL) = (email_key IS NULL)", name=op.f("ck_student_email_with_key")),
        sa.CheckConstraint("length(country_code) = 2", name=op.f("ck_student_country_code_length")),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_student_merged_into_another")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["student.id"], name=op.f("fk_student_merged_into_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student")),
        sa.UniqueConstraint("email_key", name=op.f("uq_student_email_key")),
        sa.UniqueConstraint("sourced_id", name=op.f("uq_student_sourced_id")),
        sa.UniqueConstraint("student_number", name=op.f("uq_student_student_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_student_created_at"), "student", ["created_at"])
    op.create_index(op.f("ix_student_merged_into_id"), "student", ["merged_into_id"])
    if op.get_context().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.create_index(
            "ix_student_search_text",
            "student",
            ["search_text"],
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        )
    op.create_index(op.f("ix_student_sort_name_id"), "student", ["sort_name", "id"])
    op.create_index(op.f("ix_student_status_sort_name"), "student", ["status", "sort_name"])
    op.create_table(
        "contact",
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("address_line1", sa.String(length=200), nullable=True),
        sa.Column("address_line2", sa.String(length=200), nullable=True),
        sa.Column("city", sa.String(length=120), nullable=True),
        sa.Column("region", sa.String(length=120), nullable=True),
        sa.Column("postcode", sa.String(length=20), nullable=True),
        sa.Column("country_code", sa.String(length=2), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        *record(),
        sa.CheckConstraint("kind IN ('person', 'organization')", name=op.f("ck_contact_kind_known")),
        sa.CheckConstraint("trim(full_name) <> ''", name=op.f("ck_contact_full_name_filled")),
        sa.CheckConstraint("length(country_code) = 2", name=op.f("ck_contact_country_code_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contact_full_name_id"), "contact", ["full_name", "id"])
    op.create_table(
        "student_contact",
        sa.Column("student_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("relationship", sa.String(8), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("is_payer", sa.Boolean(), nullable=False),
        sa.Column("is_emergency", sa.Boolean(), nullable=False),
        sa.Column("may_view_records", sa.Boolean(), nullable=False),
        *record(),
        sa.CheckConstraint(
            "relationship IN ('mother', 'father', 'guardian', 'spouse', 'sibling', 'relative', 'employer', 'sponsor', 'other')",
            name=op.f("ck_student_contact_relationship_known"),
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_student_contact_contact_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_student_contact_student_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_contact")),
        sa.UniqueConstraint("student_id", "contact_id", name=op.f("uq_student_contact_student_id_contact_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_student_contact_contact_id"), "student_contact", ["contact_id"])
    op.create_index(
        "uq_student_contact_student_id",
        "student_contact",
        ["student_id"],
        unique=True,
        sqlite_where=sa.text("is_primary"),
        postgresql_where=sa.text("is_primary"),
    )


def downgrade() -> None:
    op.drop_table("student_contact")
    op.drop_table("contact")
    op.drop_table("student")
