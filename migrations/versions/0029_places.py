"""How people want dates and numbers written, in which time zone, and in which language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

ADDED = {"locale": 20, "timezone": 64, "language": 20}


def upgrade() -> None:
    for name, length in ADDED.items():
        op.add_column("staff_preference", sa.Column(name, sa.String(length=length), nullable=True))


def downgrade() -> None:
    for name in reversed(ADDED):
        op.drop_column("staff_preference", name)
