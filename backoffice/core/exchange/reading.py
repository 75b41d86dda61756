"""One door for every file that comes in: its content decides how it is read, not its name."""

from __future__ import annotations

from typing import BinaryIO

from backoffice.core.exchange.csv_reader import read_csv
from backoffice.core.exchange.jsonl_reader import read_jsonl
from backoffice.core.exchange.table import Table
from backoffice.core.exchange.xlsx_reader import read_xlsx


def read_table(file: BinaryIO) -> Table:
    """Returns the rows of a seekable CSV, XLSX or JSON Lines file. Raises Unreadable for anything else."""
    start = file.read(64)
    file.seek(0)
    if start.startswith(b"PK"):
        return read_xlsx(file)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return read_jsonl(file)
    return read_csv(file)
