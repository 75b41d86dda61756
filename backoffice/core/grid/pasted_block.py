"""A block of cells out of a spreadsheet: which row each of its lines is about, and what it says of which fields."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from backoffice.core import lists, reader
from backoffice.core.exchange import Line, Table, Unreadable, read_table
from backoffice.core.grid.catalog import field_at
from backoffice.core.grid.declaration import Declaration
from backoffice.core.selection import Field, visible_fields
from backoffice.core.text import fold
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext

MOST = 500  # rows
LISTED = 20  # problems that are told
VERSION = "version"


class Unusable(ValueError):
    """Nothing of the block can be used as it is; `problems` are sentences that say where and why."""

    def __init__(self, *problems: str) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Asked:
    """One line of the block: the row that it is about, what it says of which fields, and the version that was seen, if any."""

    row_id: int
    cells: Mapping[str, str]
    version: str


@dataclass(frozen=True)
class Block:
    """What a block says: the fields that it names, and its lines."""

    fields: Mapping[str, Field]
    lines: Sequence[Asked]


def with_head(block: str, rows: str, fields: str) -> str:
    """Returns a block without names as one with them: `rows` are "id:version" of those that a page shows, `fields` its columns,
    from the cell on at which the block was pasted. Raises Unusable where it reaches beyond them."""
    cells = _cells(block)
    known, names = [row.split(":") for row in rows.split(",") if row], [name for name in fields.split(",") if name]
    width = max(map(len, cells), default=0)
    if len(cells) > len(known) or width > len(names):
        pasted, shown = (
            f"{reader.number(len(cells))} × {reader.number(width)}",
            f"{reader.number(len(known))} × {reader.number(len(names))}",
        )
        raise Unusable(
            gettext(
                "This is a block of %(pasted)s cells, but from that cell on the page shows %(shown)s.",
                pasted=pasted,
                shown=shown,
            )
        )
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter="\t", lineterminator="\n")
    lines.writerow(("id", VERSION, *names[:width]))
    lines.writerows((*row[:2], *line) for row, line in zip(known, cells, strict=False))
    return text.getvalue()


def understood(grid: Declaration, text: str) -> Block:
    """Returns what a block with a head says. Raises Unusable where it cannot be told which rows or fields are meant."""
    try:
        table = read_table(io.BytesIO(text.encode("utf-8", "replace")))
        fields = _fields(grid, table)
        return Block(fields, _asked(grid, table, fields))
    except Unreadable as error:
        raise Unusable(str(error)) from error


def _cells(block: str) -> list[list[str]]:
    """Returns the cells of a block as a spreadsheet copies it; of a single column an empty cell is an empty line."""
    try:
        return [line or [""] for line in csv.reader(io.StringIO(block, newline=""), delimiter="\t")]
    except csv.Error as error:
        raise Unusable(gettext("One of the cells is too long.")) from error


def _fields(grid: Declaration, table: Table) -> dict[str, Field]:
    """Returns the fields that the head names behind the key, as they are called in files or on the screen."""
    person = current_person()
    found: dict[str, Field] = {}
    shown = {**visible_fields(person, grid.model), **grid.columns_for(person)}
    called = {fold(field.label): name for name, field in shown.items()}
    for title in _titles(table):
        name = title if field_at(person, grid.model, title) else called.get(fold(title), "")
        field = field_at(person, grid.model, name) if name else None
        if field is None:
            raise Unusable(
                gettext(
                    "“%(title)s” is no field of %(nouns)s. Write field names into the first row.",
                    title=title,
                    nouns=grid.noun(2),
                )
            )
        if name in found:
            raise Unusable(gettext("“%(title)s” is named twice. Remove one of the columns.", title=title))
        found[name] = field
    if not found:
        raise Unusable(
            gettext("There is nothing to change. The first column names the rows, those behind it their fields.")
        )
    return found


def _titles(table: Table) -> Iterator[str]:
    return (title for title in table.header[1:] if title != VERSION)


def _asked(grid: Declaration, table: Table, fields: Mapping[str, Field]) -> list[Asked]:
    """Returns what each line of the block is about. Raises Unusable where that cannot be told."""
    key, titles, lines = table.header[0], list(_titles(table)), _lines(table)
    keys = [str(line.values[key]).strip() for line in lines]
    known = lists.named_by(current_person(), grid.model, keys, ids_only=key == "id")
    found: dict[int, Asked] = {}
    problems: list[str] = []
    for line, text in zip(lines, keys, strict=True):
        mine = [row_id for row_id, permitted in known.get(text, {}).items() if permitted]
        if len(mine) == 1 and mine[0] not in found:
            cells = {name: str(line.values[title]).strip() for name, title in zip(fields, titles, strict=True)}
            found[mine[0]] = Asked(mine[0], cells, str(line.values.get(VERSION) or "").strip())
            continue
        problems.append(_unclear(line.number, text[:80], len(mine)))
    _refuse(problems)
    return list(found.values())


def _unclear(number: int, text: str, named: int) -> str:
    if named > 1:
        return gettext("Row %(number)s: “%(text)s” names several.", number=number, text=text)
    if named:
        return gettext("Row %(number)s: “%(text)s” is there twice.", number=number, text=text)
    return gettext("Row %(number)s: “%(text)s” names none that you may see.", number=number, text=text)


def _lines(table: Table) -> list[Line]:
    lines = list(islice(table.lines, MOST + 1))
    if len(lines) > MOST:
        raise Unusable(gettext("At most %(most)s rows can be pasted at once.", most=reader.number(MOST)))
    _refuse(
        [
            gettext("Row %(number)s %(problem)s.", number=line.number, problem=line.problem)
            for line in lines
            if line.problem
        ]
    )
    if not lines:
        raise Unusable(gettext("There is no row below the names."))
    return lines


def _refuse(problems: Sequence[str]) -> None:
    """Raises Unusable where there are any problems; of many, only the first are told."""
    if problems:
        more = (
            [gettext("And %(number)s more.", number=reader.number(len(problems) - LISTED))]
            if len(problems) > LISTED
            else []
        )
        raise Unusable(*problems[:LISTED], *more)
