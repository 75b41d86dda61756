"""Rows out and in: CSV, XLSX and JSON Lines, streamed both ways.

A Format reads the rows of a Selection as it needs them and writes them as bytes. Readers return a Table of lines; `reader_of()`
turns their cells into the values of the catalog.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from backoffice.core.exchange.cells import Columns, Row, in_batches, with_currencies
from backoffice.core.exchange.csv_lines import csv_line
from backoffice.core.exchange.csv_writer import write_csv
from backoffice.core.exchange.guard import guard, unguard
from backoffice.core.exchange.jsonl_writer import write_jsonl
from backoffice.core.exchange.names import file_name
from backoffice.core.exchange.reading import read_table
from backoffice.core.exchange.table import Line, Table, Unreadable
from backoffice.core.exchange.values import Reader, reader_of
from backoffice.core.exchange.xlsx_writer import write_xlsx
from backoffice.core.selection import Selection

Batch = list[Any]  # of rows: their values by field name, or whatever else a format makes files of


@dataclass(frozen=True)
class Format:
    """A file format that rows leave in. `batches` reads the rows of a selection, as `write` takes them to yield the file's bytes."""

    suffix: str
    media_type: str
    batches: Callable[[Selection, Columns], Iterator[Batch]]
    write: Callable[[Iterable[Batch], Columns], Iterator[bytes]]


def _values(selection: Selection, columns: Columns) -> Iterator[Batch]:
    return in_batches(selection.stream(tuple(columns)))


def _lines(selection: Selection, columns: Columns) -> Iterator[Batch]:
    return selection.stream_texts(tuple(columns), csv_line)


FORMATS = {
    "csv": Format("csv", "text/csv; charset=utf-8", _lines, write_csv),
    "xlsx": Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _values, write_xlsx),
    "jsonl": Format("jsonl", "application/jsonl; charset=utf-8", _values, write_jsonl),
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
