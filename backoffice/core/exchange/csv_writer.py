"""Rows out as CSV: RFC 4180, UTF-8, one batch in memory at a time.

A row comes as one text, its cells with a mark between them. Few cells want quotes: so whole batches are looked through for what
does, which costs next to nothing, and taken apart only where there is something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

END = "\r\n"
MARK = "\x1f"  # between two cells
ESCAPE = "\x1e"  # begins a cell that holds a mark, or begins like this: what follows are the numbers of its bytes
_QUOTED = ('"', ",", "\n", "\r")
_HARD = (*_QUOTED, ESCAPE)


def write_csv(batches: Iterable[Sequence[str]], columns: Iterable[str], *, bom: bool = False) -> Iterator[bytes]:
    """Yields a CSV file: the header of field names, then the rows as `csv_line` made them; `bom` marks it as UTF-8 for Excel."""
    yield (b"\xef\xbb\xbf" if bom else b"") + (",".join(columns) + END).encode()
    for rows in batches:
        yield _lines(rows).encode()


def _lines(rows: Sequence[str]) -> str:
    if _is_hard("\0".join(rows)):
        return "".join([_line(row) + END for row in rows])
    return END.join(rows).replace(MARK, ",") + END


def _line(row: str) -> str:
    return ",".join(map(_cell, row.split(MARK))) if _is_hard(row) else row.replace(MARK, ",")


def _cell(cell: str) -> str:
    if cell.startswith(ESCAPE):
        cell = bytes.fromhex(cell.removeprefix(ESCAPE)).decode()
    return '"' + cell.replace('"', '""') + '"' if any(letter in cell for letter in _QUOTED) else cell


def _is_hard(text: str) -> bool:
    return any(letter in text for letter in _HARD)
