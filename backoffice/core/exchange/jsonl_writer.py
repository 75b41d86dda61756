"""Rows out as JSON Lines: one object a line, the field names its keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from backoffice.core.exchange.cells import Columns, Row, json_line, json_value
from backoffice.core.selection import Kind


def write_jsonl(batches: Iterable[list[Row]], columns: Columns) -> Iterator[bytes]:
    """Yields a JSON Lines file; money and other decimals are texts, so that no reader rounds them."""
    relations = [name for name, field in columns.items() if field.kind is Kind.RELATION]
    for batch in batches:
        lines = (json_line(_values(row, columns, relations)) for row in batch)
        yield "".join(lines).encode("utf-8", errors="replace")


def _values(row: Row, columns: Columns, relations: list[str]) -> dict[str, Any]:
    values = {name: row[name] for name in columns}
    values.update({name: ref.key for name in relations if (ref := row[name]) is not None})
    return {name: json_value(value) for name, value in values.items()}
