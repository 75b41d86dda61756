"""Staff's notes about students."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "note",
        sa.Column("student_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", ID, nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.CheckConstraint("trim(text) <> ''", name=op.f("ck_note_text_filled")),
        sa.ForeignKeyConstraint(["author_id"], ["staff_user.id"], name=op.f("fk_note_author_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_note_student_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sqlite_autoincrement=True,
    )
    for column in ("student_id", "author_id", "created_at"):
        op.create_index(f"ix_note_{column}_id", "note", [column, "id"])
    index_text("note")


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
        op.drop_table("note_text")
    op.drop_table("note")
