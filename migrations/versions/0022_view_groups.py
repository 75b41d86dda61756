"""A view keeps by which field its rows are grouped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("saved_view", sa.Column("group", sa.String(length=200), nullable=True))


def downgrade() -> None:
    op.drop_column("saved_view", "group")
