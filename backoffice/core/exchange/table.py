"""A file as rows: what every reader returns, and what it says about a file that is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from backoffice.core import reader
from backoffice.core.wording import gettext, ngettext

LONGEST_ROW = 1_000_000  # characters; more than any record has, and little enough to hold in memory
MOST_COLUMNS = 1_000


class Unreadable(ValueError):
    """The file cannot be read any further. The text says where, why and what to do; nothing of the file may be used."""


@dataclass(frozen=True)
class Line:
    """One row of a file. `number` counts as a spreadsheet does: the header is row 1.

    `values` are the cells by column name, as the format has them. `problem` says why a row is none, such as a cell too many.
    """

    number: int
    values: dict[str, Any]
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """A file that is being read. `header` is empty for a format whose rows name their own cells."""

    header: tuple[str, ...]
    lines: Iterator[Line]
    guarded: bool  # text cells carry the apostrophe of `guard`


def checked_header(names: list[str]) -> tuple[str, ...]:
    """Returns the column names of a file without blanks around them. Raises Unreadable if they cannot name cells."""
    header = tuple(name.strip() for name in names)
    while header and not header[-1]:
        header = header[:-1]
    if not header:
        raise Unreadable(gettext("Row 1 is empty. Write the names of the columns into the first row."))
    if len(header) > MOST_COLUMNS:
        raise Unreadable(
            gettext(
                "Row 1 has more than %(most)s columns. Leave out what is not to be imported.",
                most=reader.number(MOST_COLUMNS),
            )
        )
    for position, name in enumerate(header, 1):
        if not name:
            raise Unreadable(
                gettext("Row 1, column %(position)s is empty. Name the column or remove it.", position=position)
            )
        if name in header[: position - 1]:
            raise Unreadable(gettext("Row 1 names the column “%(name)s” twice. Remove one of them.", name=name))
    return header


def line(number: int, header: tuple[str, ...], cells: list[Any]) -> Line:
    """Returns a row under `header`; cells too many or too few are its problem."""
    if len(cells) == len(header):
        return Line(number, dict(zip(header, cells, strict=True)))
    return Line(number, {}, _number_of_cells(len(cells), len(header)))


def _number_of_cells(number: int, named: int) -> str:
    return ngettext(
        "has %(num)s cell, but the header has %(named)s",
        "has %(num)s cells, but the header has %(named)s",
        number,
        num=reader.number(number),
        named=reader.number(named),
    )
