"""Rows out and in: CSV, XLSX and JSON Lines, streamed both ways.

Writers take the rows of `Selection.stream()` and the columns as `{name: Field}`, and yield bytes. Readers return a Table of
lines; `reader_of()` turns their cells into the values of the catalog.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from backoffice.core.exchange.cells import Columns, Row, with_currencies
from backoffice.core.exchange.csv_writer import write_csv
from backoffice.core.exchange.guard import guard, unguard
from backoffice.core.exchange.jsonl_writer import write_jsonl
from backoffice.core.exchange.names import file_name
from backoffice.core.exchange.reading import read_table
from backoffice.core.exchange.table import Line, Table, Unreadable
from backoffice.core.exchange.values import Reader, reader_of
from backoffice.core.exchange.xlsx_writer import write_xlsx


@dataclass(frozen=True)
class Format:
    """A file format that rows leave in. `write(rows, columns)` yields the bytes of the file."""

    suffix: str
    media_type: str
    write: Callable[[Iterable[Row], Columns], Iterator[bytes]]


FORMATS = {
    "csv": Format("csv", "text/csv; charset=utf-8", write_csv),
    "xlsx": Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
    "jsonl": Format("jsonl", "application/jsonl; charset=utf-8", write_jsonl),
}

__all__ = [
    "FORMATS",
    "Columns",
    "Format",
    "Line",
    "Reader",
    "Row",
    "Table",
    "Unreadable",
    "file_name",
    "guard",
    "read_table",
    "reader_of",
    "unguard",
    "with_currencies",
    "write_csv",
    "write_jsonl",
    "write_xlsx",
]
