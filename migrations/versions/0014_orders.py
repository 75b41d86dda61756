"""An index for each order of a list: the column, then the id. Amounts are ordered as people see them, by currency."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SORTED = {
    "staff_user": "email full_name role is_active created_at",
    "student": "full_name email city country_code date_of_birth status financial_hold created_at archived_at",
    "contact": "kind email phone city country_code created_at",
    "student_contact": "student_id contact_id relationship is_primary is_payer is_emergency may_view_records",
    "term": "name kind status start_date end_date add_drop_deadline withdraw_deadline",
    "course": "title status credits currency created_at",
    "lesson": "course_id position title kind is_required status max_score weight",
    "section": "course_id term_id status delivery start_date end_date capacity",
    "enrollment": "student_id section_id status attempt_no applied_on start_date end_date end_reason progress_pct final_result final_grade_pct",
    "lesson_progress": "enrollment_id lesson_id status score completed_at",
    "invoice": "student_id state currency issue_date due_date reminder_count",
    "invoice_line": "invoice_id line_no kind description discount_code quantity currency",
    "payment": "student_id kind method status currency received_on reference",
}
AMOUNTS = {
    "course": ("list_price",),
    "invoice": ("total", "settled", "balance"),
    "invoice_line": ("unit", "amount"),
    "payment": ("amount",),
}
REPLACED = (
    ("student", "created_at"),
    ("student_contact", "contact_id"),
    ("enrollment", "start_date"),
    ("lesson_progress", "lesson_id"),
    ("payment", "received_on"),
    ("payment", "student_id"),
)

UNITS = (
    "CASE WHEN (currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', "
    "'XAF', 'XOF', 'XPF')) THEN 1.0 WHEN (currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND')) THEN 1000.0 "
    "WHEN (currency IN ('CLF', 'UYW')) THEN 10000.0 ELSE 100.0 END"
)
AMOUNT = {
    "sqlite": "CAST({name}_minor AS DOUBLE) / ({units} + 0.0)",
    "postgresql": "(CAST({name}_minor AS DOUBLE PRECISION) / CAST({units} AS DOUBLE PRECISION))",
}


def upgrade() -> None:
    for table, column in REPLACED:
        op.drop_index(f"ix_{table}_{column}", table)
    for table, columns in SORTED.items():
        for column in columns.split():
            op.create_index(f"ix_{table}_{column}_id", table, [column, "id"])
    amount = AMOUNT[op.get_context().dialect.name]
    for table, names in AMOUNTS.items():
        for name in names:
            op.create_index(f"ix_{table}_{name}_amount", table, [sa.text(amount.format(name=name, units=UNITS)), "id"])


def downgrade() -> None:
    for table, names in AMOUNTS.items():
        for name in names:
            op.drop_index(f"ix_{table}_{name}_amount", table)
    for table, columns in SORTED.items():
        for column in columns.split():
            op.drop_index(f"ix_{table}_{column}_id", table)
    for table, column in REPLACED:
        op.create_index(f"ix_{table}_{column}", table, [column])
