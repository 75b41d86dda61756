"""A view keeps how its columns stand: how many are pinned, and which are narrower or wider."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("saved_view", sa.Column("fit", sa.String(length=2000), nullable=True))


def downgrade() -> None:
    op.drop_column("saved_view", "fit")
