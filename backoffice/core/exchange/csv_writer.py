"""Rows out as CSV: RFC 4180, UTF-8, one batch in memory at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from backoffice.core.exchange.cells import Columns, Row, batches, csv_converter

BATCH = 500


def write_csv(rows: Iterable[Row], columns: Columns, *, bom: bool = False) -> Iterator[bytes]:
    """Yields a CSV file: the header of field names, then `rows`; `bom` marks it as UTF-8 for Excel."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    yield (b"\xef\xbb\xbf" if bom else b"") + _drained(buffer)
    for batch in batches(rows, BATCH):
        writer.writerows(zip(*_cells(batch, columns), strict=True))
        yield _drained(buffer)


def _cells(batch: list[Row], columns: Columns) -> list[list[Any]]:
    """Returns the batch column by column: one converter runs over many cells, which is what makes a row cheap."""
    return [list(map(csv_converter(field), [row[name] for row in batch])) for name, field in columns.items()]


def _drained(buffer: io.StringIO) -> bytes:
    # A lone surrogate cannot be told in UTF-8; it becomes a question mark rather than the end of the export.
    data = buffer.getvalue().encode("utf-8", errors="replace")
    buffer.seek(0)
    buffer.truncate()
    return data
