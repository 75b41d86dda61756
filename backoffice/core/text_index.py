"""The text index: it finds the rows whose folded `search_text` holds a fragment without reading the others.

PostgreSQL has one in pg_trgm (GIN). SQLite gets a table `<table>_text` beside each searched table: FTS5 by trigrams, without
content of its own, kept by triggers, so that every way of writing a row keeps it. It names candidates; whether a candidate
really holds the fragment is still asked of its `search_text`.

Blanks are indexed doubled, one pair in front of each word: so the beginning of a word is a trigram even of one letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import DDL, ColumnElement, Index, Table, TableClause, column, event, or_, table

SHORTEST = 3  # letters of a fragment that may begin anywhere; shorter ones begin a word
HASH_BYTES = 1 << 20  # that SQLite's index collects before it writes: its own default
HASH_BYTES_OF_MANY = 1 << 25  # while many rows are put in: fewer pieces, which are merged less often

_INDEXED = "'  ' || replace({row}.search_text, ' ', '  ')"
_TAKE_OUT = "INSERT INTO {name}_text({name}_text, rowid, text) VALUES ('delete', old.id, " + _INDEXED + ");"  # noqa: S608  names are ours
_PUT_IN = "INSERT INTO {name}_text(rowid, text) VALUES (new.id, " + _INDEXED + ");"  # noqa: S608


def attach(to: Table) -> None:
    """Makes the index part of a table with the column `search_text`: it is created and dropped along with it."""
    index = Index(
        f"ix_{to.name}_search_text",
        to.c.search_text,
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    index.ddl_if(dialect="postgresql")
    extension = DDL("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    event.listen(to, "before_create", extension.execute_if(dialect="postgresql"))
    for statement in sqlite_statements(to.name):
        event.listen(to, "after_create", DDL(statement).execute_if(dialect="sqlite"))
    event.listen(to, "after_drop", DDL(f"DROP TABLE IF EXISTS {to.name}_text").execute_if(dialect="sqlite"))


def sqlite_statements(name: str) -> list[str]:
    """Returns what makes the index of the table `name` on SQLite."""
    put_in, take_out = _PUT_IN.format(name=name, row="new"), _TAKE_OUT.format(name=name, row="old")
    changed = "WHEN old.search_text IS NOT new.search_text OR old.id <> new.id"
    return [
        f"CREATE VIRTUAL TABLE {name}_text USING fts5"
        "(text, content='', columnsize=0, detail=none, tokenize='trigram case_sensitive 1')",
        f"CREATE TRIGGER {sqlite_trigger(name)} AFTER INSERT ON {name} BEGIN {put_in} END",
        f"CREATE TRIGGER {name}_text_take_out AFTER DELETE ON {name} BEGIN {take_out} END",
        f"CREATE TRIGGER {name}_text_replace AFTER UPDATE OF id, search_text ON {name} {changed} BEGIN {take_out} {put_in} END",
    ]


def sqlite_trigger(name: str) -> str:
    """Returns the name of the trigger that puts each new row of the table `name` into its index on SQLite."""
    return f"{name}_text_put_in"


def sqlite_filling(name: str, first_id: int) -> list[str]:
    """Returns what puts the rows of the table `name` from a number on into its index on SQLite, all at once."""
    size = "INSERT INTO {name}_text({name}_text, rank) VALUES ('hashsize', {bytes})"
    put_in = f"INSERT INTO {name}_text(rowid, text) SELECT id, {_INDEXED.format(row=name)} FROM {name}"  # noqa: S608  names are ours
    return [
        size.format(name=name, bytes=HASH_BYTES_OF_MANY),
        f"{put_in} WHERE id >= {first_id}",
        size.format(name=name, bytes=HASH_BYTES),
    ]


def index_of(model: Any) -> TableClause:
    """Returns, on SQLite, the table of trigrams of `model`; its `rowid` is the id of the row."""
    return table(f"{model.__tablename__}_text", column("rowid"))


def may_hold(index: TableClause, texts: Iterable[str]) -> ColumnElement[bool]:
    """Returns, on SQLite, the condition that a row may hold all of these folded texts."""
    grams = dict.fromkeys(gram for text in texts for gram in _trigrams(text))
    asked = " AND ".join('"' + gram.replace('"', '""') + '"' for gram in grams)
    return column(index.name, is_literal=True).op("MATCH", is_comparison=True)(asked)


def is_exact(text: str) -> bool:
    """Says whether `may_hold` is true, on SQLite, of those rows alone that hold the folded text: a single trigram has no order."""
    return len(list(_trigrams(text))) == 1


def holds(column: ColumnElement[str], folded: str) -> ColumnElement[bool]:
    """Returns the condition that a folded column holds the text: anywhere, a short one at the beginning of a word."""
    if len(folded) >= SHORTEST:
        return column.contains(folded, autoescape=True)
    return or_(column.startswith(folded, autoescape=True), column.contains(f" {folded}", autoescape=True))


def _trigrams(folded: str) -> Iterator[str]:
    text = folded.replace(" ", "  ")
    text = text if len(folded) >= SHORTEST else f"  {text}"
    return (text[start : start + 3] for start in range(len(text) - 2))
