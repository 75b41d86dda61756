"""A block of cells out of a spreadsheet as a plan: each of its rows names a row by a key, and says what its fields become."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from backoffice.core import lists, operations
from backoffice.core.exchange import Line, Table, Unreadable, read_table, unguard
from backoffice.core.grid import formats
from backoffice.core.grid.catalog import field_at
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.forms import RecordForm, form_class
from backoffice.core.operations import Plan
from backoffice.core.selection import Field, Kind, QueryError, Selection, visible_fields
from backoffice.core.selection.values import typed
from backoffice.core.text import fold
from backoffice.core.web.gate import current_person

MOST = 500  # rows
LISTED = 20  # problems that are told
VERSION = "version"
STALE = "Changed since it was shown here. Look at it again before you paste."
_TEXTS = (Kind.TEXT, Kind.LONG_TEXT)
_TRUTHS = ("true", "false")

Row = Mapping[str, Any]


class Unusable(ValueError):
    """Nothing of the block can be used as it is; `problems` are sentences that say where and why."""

    def __init__(self, *problems: str) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Asked:
    """One row of the block: the row that it is about, and what it says of which fields."""

    row_id: int
    cells: Mapping[str, str]
    version: str


def with_head(block: str, rows: str, fields: str) -> str:
    """Returns a block without names as one with them: `rows` are "id:version" of those that a page shows, `fields` its columns,
    from the cell on at which the block was pasted. Raises Unusable where it reaches beyond them."""
    cells = [line for line in csv.reader(io.StringIO(block, newline=""), delimiter="\t") if line]
    known, names = [row.split(":") for row in rows.split(",") if row], [name for name in fields.split(",") if name]
    width = max(map(len, cells), default=0)
    if len(cells) > len(known) or width > len(names):
        raise Unusable(
            f"From that cell on the page shows {len(known)} rows and {len(names)} columns, which is less than was pasted."
        )
    text = io.StringIO(newline="")
    lines = csv.writer(text, delimiter="\t", lineterminator="\n")
    lines.writerow(("id", VERSION, *names[:width]))
    lines.writerows((*row[:2], *line) for row, line in zip(known, cells, strict=False))
    return text.getvalue()


def plan(grid: Declaration, text: str) -> Plan:
    """Returns the plan of what a block with a head says. Raises Unusable, and operations.Invalid for the fields together."""
    person = current_person()
    fields, asked = _understood(grid, text)
    editable = {name: field for name, field in fields.items() if name in grid.form_for(person)}
    if not editable:
        raise Unusable("None of these columns can be changed here. Name at least one that can.")
    selection = Selection.parse(grid.model, person, ids=[each.row_id for each in asked])
    shown = [name for name, field in visible_fields(person, grid.model).items() if field.kind is not Kind.COLLECTION]
    rows = {row["id"]: row for row in selection.page((*dict.fromkeys((*fields, *shown)),), MOST).rows}
    form, others = form_class(editable), {name: field for name, field in fields.items() if name not in editable}
    wanted: dict[int, dict[str, Any]] = {}
    refused: dict[int, str] = {}
    for each in asked:
        row = rows[each.row_id]
        values, problems = _read(form, editable, each.cells)
        problems += _unchangeable(others, each.cells, row)
        if each.version not in ("", str(row[VERSION])):
            problems = [STALE]
        if problems:
            refused[each.row_id] = " ".join(problems)
        else:
            wanted[each.row_id] = values
    made = operations.each(grid.model, list(editable), wanted, refused, person)
    return operations.plan_edit(selection, made, person, form=[("text", text)])


def _understood(grid: Declaration, text: str) -> tuple[dict[str, Field], list[Asked]]:
    """Returns the fields that a block names, and what its rows say of them."""
    try:
        table = read_table(io.BytesIO(text.encode("utf-8", "replace")))
        fields = _fields(grid, table)
        return fields, _asked(grid, table, fields)
    except Unreadable as error:
        raise Unusable(str(error)) from error


def _fields(grid: Declaration, table: Table) -> dict[str, Field]:
    """Returns the fields that the head names behind the key, as they are called in files or on the screen."""
    person, found = current_person(), {}
    shown = {**visible_fields(person, grid.model), **grid.columns_for(person)}
    called = {fold(field.label): name for name, field in shown.items()}
    for title in _titles(table):
        name = title if field_at(person, grid.model, title) else called.get(fold(title), "")
        field = field_at(person, grid.model, name) if name else None
        if field is None:
            raise Unusable(f"“{title}” is no field of {grid.noun(2)}. Write field names into the first row.")
        found[name] = field
    if not found:
        raise Unusable("There is nothing to change. The first column names the rows, those behind it their fields.")
    return found


def _titles(table: Table) -> Iterator[str]:
    return (title for title in table.header[1:] if title != VERSION)


def _asked(grid: Declaration, table: Table, fields: Mapping[str, Field]) -> list[Asked]:
    """Returns what each row of the block is about. Raises Unusable where that cannot be told."""
    key, titles = table.header[0], list(_titles(table))
    lines: list[Line] = []
    problems: list[str] = []
    for line in table.lines:
        if len(lines) == MOST:
            raise Unusable(f"At most {MOST:,} rows can be pasted at once.")
        lines.append(line)
        problems += [f"Row {line.number} {line.problem}."] if line.problem else []
    if problems or not lines:
        raise Unusable(*(problems or ["There is no row below the names."]))
    keys = [str(line.values[key]).strip() for line in lines]
    known = lists.named_by(current_person(), grid.model, keys, ids_only=key == "id")
    found: dict[int, Asked] = {}
    for line, text in zip(lines, keys, strict=True):
        mine = [row_id for row_id, permitted in known.get(text, {}).items() if permitted]
        if len(mine) == 1 and mine[0] not in found:
            cells = {name: str(line.values[title]) for name, title in zip(fields, titles, strict=True)}
            found[mine[0]] = Asked(mine[0], cells, str(line.values.get(VERSION) or "").strip())
            continue
        what = "names several" if len(mine) > 1 else "is there twice" if mine else "names none that you may see"
        problems.append(f"Row {line.number}: “{text[:80]}” {what}.")
    if problems:
        raise Unusable(*problems[:LISTED], *([f"And {len(problems) - LISTED:,} more."] * (len(problems) > LISTED)))
    return list(found.values())


def _read(
    form: type[RecordForm], fields: Mapping[str, Field], cells: Mapping[str, str]
) -> tuple[dict[str, Any], list[str]]:
    """Returns the values that cells mean by the rules of the form, and what is wrong with the others."""
    texts = {name: _as_typed(field, cells[name].strip()) for name, field in fields.items()}
    held = form(MultiDict(texts))
    held.validate()
    problems = [f"{field.label}: {text}" for name, field in fields.items() for text in held[name].errors]
    unclear = [field for name, field in fields.items() if field.kind is Kind.BOOLEAN and texts[name] not in _TRUTHS]
    return held.held(), problems + [f"{field.label}: write yes or no." for field in unclear]


def _as_typed(field: Field, cell: str) -> str:
    """Returns a cell as somebody would type it into the form, where it can be: a spreadsheet says "On leave" and "TRUE"."""
    if field.kind is Kind.BOOLEAN or (field.kind is Kind.CHOICE and cell):
        try:
            value = typed(field, cell, field.name)
        except QueryError:
            return cell
        return str(value).lower() if field.kind is Kind.BOOLEAN else str(value)
    return unguard(cell) if field.kind in _TEXTS else cell


def _unchangeable(fields: Mapping[str, Field], cells: Mapping[str, str], row: Row) -> list[str]:
    """Returns what is wrong with cells that nobody can change here: they say something else than the row does."""
    return [
        f"{field.label} cannot be changed here."
        for name, field in fields.items()
        if not _says(name, field, cells[name], row)
    ]


def _says(name: str, field: Field, cell: str, row: Row) -> bool:
    """Says whether a cell is what the list or a file shows of the row."""
    value = row.get(name)
    shown: Sequence[str] = [
        formats.typed(name, field, row),
        formats.in_text(field, value),
        "" if value is None else str(value),
    ]
    if field.kind is Kind.RELATION and value is not None:
        shown = [*shown, value.key, value.label]
    if field.kind is Kind.MONEY and value is not None:
        shown = [*shown, f"{formats.in_text(field, value)} {row.get(formats.currency_beside(name, field))}"]
    return fold(unguard(cell.strip())) in map(fold, shown)
