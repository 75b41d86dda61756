"""Saved views."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
ROLES = "'admin', 'registrar', 'finance', 'course_editor', 'support', 'read_only'"
ICONS = (
    "'view', 'flag', 'search', 'filter', 'table', 'students', 'courses', 'terms', 'sections', 'enrollments', "
    "'invoices', 'payments', 'warning', 'success', 'lock'"
)
SORTED = ("name", "entity_type", "visibility", "default_for", "owner_name", "updated_at")


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=320), nullable=False),
        sa.Column("entity_type", sa.String(length=40), nullable=False),
        sa.Column("icon", sa.String(length=11), nullable=False),
        sa.Column("search", sa.String(length=5000), nullable=True),
        sa.Column("sort", sa.String(length=400), nullable=True),
        sa.Column("columns", sa.String(length=2000), nullable=True),
        sa.Column("density", sa.String(length=11), nullable=False),
        sa.Column("visibility", sa.String(length=8), nullable=False),
        sa.Column("team", sa.String(length=13), nullable=True),
        sa.Column("default_for", sa.String(length=13), nullable=True),
        sa.Column("opens_first", sa.Boolean(), nullable=False),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("owner_name", sa.String(length=200), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.CheckConstraint("trim(name) <> ''", name=op.f("ck_saved_view_name_filled")),
        sa.CheckConstraint(f"icon IN ({ICONS})", name=op.f("ck_saved_view_icon_known")),
        sa.CheckConstraint("density IN ('comfortable', 'compact')", name=op.f("ck_saved_view_density_known")),
        sa.CheckConstraint("visibility IN ('mine', 'team', 'everyone')", name=op.f("ck_saved_view_visibility_known")),
        sa.CheckConstraint(f"team IN ({ROLES})", name=op.f("ck_saved_view_team_known")),
        sa.CheckConstraint(f"default_for IN ({ROLES})", name=op.f("ck_saved_view_default_for_known")),
        sa.CheckConstraint("visibility <> 'team' OR team IS NOT NULL", name=op.f("ck_saved_view_team_of_role")),
        sa.CheckConstraint(
            "default_for IS NULL OR visibility = 'everyone' OR (visibility = 'team' AND default_for = team)",
            name=op.f("ck_saved_view_default_for_users"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["staff_user.id"], name=op.f("fk_saved_view_owner_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint(
            "owner_id", "entity_type", "name_key", name=op.f("uq_saved_view_owner_id_entity_type_name_key")
        ),
        sa.UniqueConstraint("entity_type", "default_for", name=op.f("uq_saved_view_entity_type_default_for")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_saved_view_opens_first",
        "saved_view",
        ["owner_id", "entity_type"],
        unique=True,
        sqlite_where=sa.text("opens_first"),
        postgresql_where=sa.text("opens_first"),
    )
    for column in SORTED:
        op.create_index(f"ix_saved_view_{column}_id", "saved_view", [column, "id"])
    index_text("saved_view")


def index_text(table: str) -> None:
    """Makes the index of trigrams of the new table, as 0011 did for those before it."""
    if op.get_context().dialect.name != "sqlite":
        op.create_index(
            f"ix_{table}_search_text",
            table,
            ["search_text"],
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        )
        return
    old, new = (f"'  ' || replace({row}.search_text, ' ', '  ')" for row in ("old", "new"))
    take_out = f"INSERT INTO {table}_text({table}_text, rowid, text) VALUES ('delete', old.id, {old});"  # noqa: S608
    put_in = f"INSERT INTO {table}_text(rowid, text) VALUES (new.id, {new});"  # noqa: S608
    changed = "WHEN old.search_text IS NOT new.search_text OR old.id <> new.id"
    for statement in (
        f"CREATE VIRTUAL TABLE {table}_text USING fts5"
        "(text, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1')",
        f"CREATE TRIGGER {table}_text_put_in AFTER INSERT ON {table} BEGIN {put_in} END",
        f"CREATE TRIGGER {table}_text_take_out AFTER DELETE ON {table} BEGIN {take_out} END",
        f"CREATE TRIGGER {table}_text_replace AFTER UPDATE OF id, search_text ON {table} {changed} "
        f"BEGIN {take_out} {put_in} END",
    ):
        op.execute(statement)


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        op.drop_table("saved_view_text")
    op.drop_table("saved_view")
