"""Digests of runs of births: what a seal says of rows that were loaded, whether their creations are settled or not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection, Dialect, text

from backoffice.core.operations import snapshot
from backoffice.core.operations.births import Run
from backoffice.core.operations.tables import model_named, table_of

PART = 256  # rows whose changes share a digest
BATCH = 64 * PART

# The lines of one stretch of a run: of rows as they were born, and of settled creations. {document} is the row as JSON text.
_LINES = """
SELECT id AS n, id || ' create 0 ' || version || '  ' || {document} AS line FROM "{table}" AS born
WHERE id BETWEEN :from AND :to AND version = :operation AND NOT EXISTS
    (SELECT 1 FROM change WHERE operation_id = :operation AND entity_type = '{table}' AND entity_id = born.id)
UNION ALL
SELECT entity_id, entity_id || ' ' || action || ' ' || coalesce(version_before, 0) || ' ' || coalesce(version_after, 0)
    || ' ' || coalesce(CAST("before" AS TEXT), '') || ' ' || coalesce(CAST("after" AS TEXT), '') FROM change
WHERE operation_id = :operation AND entity_type = '{table}' AND entity_id BETWEEN :start AND :end
"""


def of_run(connection: Connection, run: Run) -> dict[str, str]:
    """Returns the digests of a run's creations by part, such as "student/3"."""
    lines = _lines(connection.dialect, run.entity_type)
    return {
        f"{run.entity_type}/{number}": digest
        for start in range(run.first_id // PART * PART, run.last_id + 1, BATCH)
        for number, digest in _of_stretch(connection, run, lines, start)
    }


def _of_stretch(connection: Connection, run: Run, lines: str, start: int) -> Iterator[tuple[int, str]]:
    end = start + BATCH - 1
    within = {"from": max(start, run.first_id), "to": min(end, run.last_id), "start": start, "end": end}
    within |= {"operation": run.operation_id}
    if connection.dialect.name == "postgresql":
        joined = "string_agg(line, chr(10) ORDER BY n)"
        digest = f"encode(sha256(convert_to({joined}, 'UTF8')), 'hex')"
        parts = text(f"SELECT n / {PART}, {digest} FROM ({lines}) AS lines GROUP BY 1")  # noqa: S608  names are ours
        yield from ((row[0], row[1]) for row in connection.execute(parts, within))
        return
    joined = f"SELECT n / {PART}, group_concat(line, char(10)) FROM ({lines} ORDER BY 1) GROUP BY 1"  # noqa: S608
    for number, same in connection.execute(text(joined), within):
        yield number, hashlib.sha256(same.encode()).hexdigest()


def _lines(dialect: Dialect, entity_type: str) -> str:
    table = table_of(model_named(entity_type)).alias("born")
    columns = snapshot.columns_of(table_of(model_named(entity_type)))
    document = snapshot.take_text(dialect.name, [table.c[name] for name in columns])
    return _LINES.format(
        document=document.compile(dialect=dialect, compile_kwargs={"literal_binds": True}), table=entity_type
    )
