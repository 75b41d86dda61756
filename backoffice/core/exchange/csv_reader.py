"""Rows in from CSV as it is found: with or without BOM, comma, semicolon or tab, any line ends, Excel's `sep=` line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from backoffice.core import reader
from backoffice.core.exchange.table import LONGEST_ROW, Line, Table, Unreadable, checked_header, line
from backoffice.core.wording import gettext

DELIMITERS = ",;\t"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATOR = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


def read_csv(file: BinaryIO) -> Table:
    """Returns the rows of a CSV file, read as they are asked for.

    Raises Unreadable, with the row, for what is not UTF-8, for NUL, for a quote that is never closed and for a row
    of absurd length; while the header is read, or later from `lines`.
    """
    found = _Reader(file)
    return Table(found.header, found.lines(), guarded=True)


class _Borrowed(io.TextIOWrapper):
    """Text over a file that stays the caller's: it is not closed along with the text."""

    def __del__(self) -> None:
        with suppress(ValueError):  # the caller has closed it
            self.detach()


class _Reader:
    """The state of reading: which record is being put together when something is wrong."""

    def __init__(self, file: BinaryIO) -> None:
        csv.field_size_limit(LONGEST_ROW)
        start = file.read(2)
        file.seek(0)
        if start in _UTF16:
            raise Unreadable(gettext("The file is UTF-16. Save it as “CSV UTF-8” and try again."))
        # Bytes that are no UTF-8 come through as lone surrogates, so that the row that holds one can be named.
        self._text = _Borrowed(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
        self._number = 1
        first = self._checked_line()
        separator = _SEPARATOR.fullmatch(first)
        if separator:
            self._number, first = 2, ""
        elif not first.strip():
            raise Unreadable(gettext("The file is empty. The first row must name the columns."))
        delimiter = separator[1] if separator else max(DELIMITERS, key=first.count)
        self._records = csv.reader(self._physical_lines(first), delimiter=delimiter, strict=True)
        self.header = checked_header(self._next_record() or [])

    def lines(self) -> Iterator[Line]:
        """Yields the records below the header; a line without any cell is none."""
        while (cells := self._next_record()) is not None:
            if cells:
                yield line(self._number - 1, self.header, cells)

    def _next_record(self) -> list[str] | None:
        try:
            record = next(self._records, None)
        except csv.Error as error:
            raise Unreadable(self._explained(str(error))) from error
        self._number += 1
        return record

    def _explained(self, error: str) -> str:
        if "unexpected end" in error:
            return gettext(
                "Row %(number)s opens a quote that is never closed. Close it, or double a quote that is meant as such.",
                number=self._number,
            )
        if "limit" in error:
            return gettext(
                "Row %(number)s has a cell of more than %(most)s characters.",
                number=self._number,
                most=reader.number(LONGEST_ROW),
            )
        return gettext(
            "Row %(number)s has text behind a closing quote. Double a quote that is meant as such.", number=self._number
        )

    def _physical_lines(self, first: str) -> Iterator[str]:
        if first:
            yield first
        while text := self._checked_line():
            yield text

    def _checked_line(self) -> str:
        text = self._text.readline(LONGEST_ROW + 1)
        if len(text) > LONGEST_ROW:
            raise Unreadable(
                gettext(
                    "Row %(number)s has more than %(most)s characters.",
                    number=self._number,
                    most=reader.number(LONGEST_ROW),
                )
            )
        if not text.isascii() and (found := re.search("[\udc80-\udcff]", text)):
            byte = ord(found.group()) - 0xDC00
            raise Unreadable(
                gettext(
                    "Row %(number)s holds the byte %(byte)s, which is not UTF-8. Save it as “CSV UTF-8” and try again.",
                    number=self._number,
                    byte=format(byte, "#04x"),
                )
            )
        if "\0" in text:
            raise Unreadable(
                gettext(
                    "Row %(number)s holds a NUL character. Save it as “CSV UTF-8” and try again.", number=self._number
                )
            )
        return text
