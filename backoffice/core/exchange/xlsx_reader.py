"""Rows in from XLSX, with limits on what the archive may unpack to. openpyxl refuses entities by defusedxml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from backoffice.core.exchange.table import MOST_COLUMNS, Line, Table, Unreadable, checked_header, line
from backoffice.core.wording import gettext

MOST_ENTRIES = 1_000
MOST_UNPACKED = 300 * 2**20  # bytes of all entries together
MOST_SHARED_TEXT = 60 * 2**20  # bytes; the shared strings are the one part that has to be held in memory
MOST_RATIO = 150  # of unpacked to packed; a real sheet stays below 50
_SMALL = 2**20  # an entry below it may have any ratio

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# What openpyxl lets through of a file that is no workbook; defusedxml refuses entities by a ValueError.
_DAMAGED = (
    BadZipFile,
    InvalidFileException,
    KeyError,
    ValueError,
    ParseError,
    EOFError,
    OSError,
    TypeError,
    AttributeError,
    IndexError,
)


def read_xlsx(file: BinaryIO) -> Table:
    """Returns the rows of the first sheet, and of every further sheet under the same header, read as they are asked for.

    Raises Unreadable for what is no workbook, and for an archive that unpacks to more than a workbook would.
    """
    _check_archive(file)
    try:
        sheets = load_workbook(file, read_only=True, data_only=True, keep_links=False).worksheets
        header = checked_header([_name(value) for value in _first_row(sheets[0], MOST_COLUMNS + 1)])
    except Unreadable:
        raise
    except _DAMAGED as error:
        raise Unreadable(
            gettext("The workbook is damaged or not XLSX. Save it anew as “Excel Workbook (.xlsx)”.")
        ) from error
    return Table(header, _lines(sheets, header), guarded=False)


def _check_archive(file: BinaryIO) -> None:
    try:
        entries = ZipFile(file).infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable(
            gettext("The file is not an XLSX workbook. Save it anew as “Excel Workbook (.xlsx)”.")
        ) from error
    finally:
        file.seek(0)
    unpacked = sum(entry.file_size for entry in entries)
    shared = sum(entry.file_size for entry in entries if entry.filename.lower().endswith("sharedstrings.xml"))
    dense = any(entry.file_size > max(_SMALL, MOST_RATIO * entry.compress_size) for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or shared > MOST_SHARED_TEXT or dense:
        raise Unreadable(
            gettext("The workbook unpacks to more than a workbook of its size would. Save it as CSV instead.")
        )


def _first_row(sheet: ReadOnlyWorksheet, columns: int) -> tuple[Any, ...]:
    sheet.reset_dimensions()  # a file may claim any size
    return next(sheet.iter_rows(max_row=1, max_col=columns, values_only=True), ())


def _lines(sheets: list[ReadOnlyWorksheet], header: tuple[str, ...]) -> Iterator[Line]:
    before = 0
    for position, sheet in enumerate(sheets):
        names = _first_row(sheet, len(header) + 1)
        if position and tuple(map(_name, names))[: len(header)] != header:
            continue
        number = before + 1
        rows = islice(sheet.iter_rows(max_col=len(header) + 1, values_only=True), 1, None)
        for number, cells in enumerate(_safely(rows, before), before + 2):
            if any(cell is not None for cell in cells):
                yield line(number, header, _within(cells, len(header)))
        before = number


def _safely(rows: Iterator[tuple[Any, ...]], before: int) -> Iterator[tuple[Any, ...]]:
    number = before + 1
    try:
        for cells in rows:
            number += 1
            yield cells
    except _DAMAGED as error:
        raise Unreadable(
            gettext("The workbook cannot be read after row %(number)s. Save it anew.", number=number)
        ) from error


def _within(cells: tuple[Any, ...], width: int) -> list[Any]:
    """Returns the cells of a row under the header; a row that ends early has empty cells there."""
    values = [_unescaped(cell) if isinstance(cell, str) else cell for cell in cells]
    while len(values) > width and values[-1] is None:
        values.pop()
    return values + [None] * (width - len(values))


def _name(value: Any) -> str:
    return "" if value is None else str(value)


def _unescaped(words: str) -> str:
    """Returns a text with the characters that XML cannot hold, which a workbook writes as _x0007_ (ECMA-376 22.9.2.19)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), words) if "_x" in words else words
