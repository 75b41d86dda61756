"""Finds fragments by an index in every searched table: trigrams by FTS5 on SQLite, by pg_trgm on PostgreSQL."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SEARCHED = (
    *("staff_user", "student", "contact", "term", "course", "lesson", "section", "invoice", "payment"),
    *("operation", "job"),
)
INDEXED_BEFORE = "student"  # on PostgreSQL


def upgrade() -> None:
    for table in SEARCHED:
        if op.get_context().dialect.name == "sqlite":
            index_on_sqlite(table)
        elif table != INDEXED_BEFORE:
            op.create_index(
                f"ix_{table}_search_text",
                table,
                ["search_text"],
                postgresql_using="gin",
                postgresql_ops={"search_text": "gin_trgm_ops"},
            )


def index_on_sqlite(table: str) -> None:
    """Makes the table of trigrams beside `table`, the triggers that keep it, and its first content."""
    text = "'  ' || replace({row}.search_text, ' ', '  ')"  # each word begins with two blanks
    old, new, now = (text.format(row=row) for row in ("old", "new", table))
    take_out = f"INSERT INTO {table}_text({table}_text, rowid, text) VALUES ('delete', old.id, {old});"  # noqa: S608
    put_in = f"INSERT INTO {table}_text(rowid, text) VALUES (new.id, {new});"  # noqa: S608
    changed = "WHEN old.search_text IS NOT new.search_text OR old.id <> new.id"
    for statement in (
        f"CREATE VIRTUAL TABLE {table}_text USING fts5"
        "(text, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1')",
        f"INSERT INTO {table}_text(rowid, text) SELECT id, {now} FROM {table}",  # noqa: S608
        f"CREATE TRIGGER {table}_text_put_in AFTER INSERT ON {table} BEGIN {put_in} END",
        f"CREATE TRIGGER {table}_text_take_out AFTER DELETE ON {table} BEGIN {take_out} END",
        f"CREATE TRIGGER {table}_text_replace AFTER UPDATE OF id, search_text ON {table} {changed} "
        f"BEGIN {take_out} {put_in} END",
    ):
        op.execute(statement)


def downgrade() -> None:
    for table in SEARCHED:
        if op.get_context().dialect.name == "sqlite":
            for trigger in ("put_in", "take_out", "replace"):
                op.execute(f"DROP TRIGGER {table}_text_{trigger}")
            op.execute(f"DROP TABLE {table}_text")
        elif table != INDEXED_BEFORE:
            op.drop_index(f"ix_{table}_search_text", table)
