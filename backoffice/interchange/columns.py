"""The columns of a file, matched with the fields of a model."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any

from backoffice.core import access
from backoffice.core.access import Person
from backoffice.core.exchange import Line, Reader, Table, Unreadable, reader_of
from backoffice.core.model import Record
from backoffice.core.selection import Field, Kind, visible_fields

_STAMPS = frozenset({"id", "version", "created_at", "updated_at"})  # whoever writes a row never chooses them


class Blank(dict[str, Any]):
    """A row without values, to ask a model which columns it derives."""

    def __missing__(self, name: str) -> str:
        return ""


@dataclass(frozen=True)
class Incoming:
    """A column of the file that says something about rows. `writes` is the column of the table, "" if it only finds rows."""

    name: str
    field: Field
    read: Reader
    writes: str


@dataclass(frozen=True)
class FileColumns:
    """What the columns of a file are: to be read, or left aside because nobody can write them (computed, of another row)."""

    header: tuple[str, ...]
    incoming: tuple[Incoming, ...]
    left_aside: tuple[str, ...]

    def __contains__(self, name: str) -> bool:
        return any(each.name == name for each in self.incoming)

    @property
    def written(self) -> dict[str, Incoming]:
        """Returns the columns of the table that the file sets."""
        return {each.writes: each for each in self.incoming if each.writes}


def derived_columns(model: type[Record]) -> frozenset[str]:
    """Returns the columns that follow from others."""
    return frozenset(model.derive(Blank()))


def columns_of(model: type[Record], person: Person, table: Table) -> tuple[FileColumns, Table]:
    """Returns what the columns of `table` are, and the table to read on.

    Raises Unreadable for a column that is no field of `model`, or none that `person` may see.
    """
    header, table = _header(table)
    fields = visible_fields(person, model)
    unknown = [name for name in header if name.split(".")[0] not in fields]
    if unknown:
        known = ", ".join(name for name, field in fields.items() if field.kind is not Kind.COLLECTION)
        raise Unreadable(f"There is no field {', '.join(unknown[:5])}. The fields are {known}.")
    derived = derived_columns(model)
    keys = {"id", getattr(model, "__key__", "id")}
    incoming, aside = [], []
    for name in header:
        field = fields.get(name)
        writable = field is not None and _is_writable(field, person, derived)
        if field is not None and (writable or name in keys):
            read = reader_of(field, guarded=table.guarded)
            incoming.append(Incoming(name, field, read, (field.column or "") if writable else ""))
        else:
            aside.append(name)
    _check_currencies(incoming, header)
    return FileColumns(header, tuple(incoming), tuple(aside)), table


def _check_currencies(incoming: list[Incoming], header: tuple[str, ...]) -> None:
    for each in incoming:
        if each.writes and each.field.kind is Kind.MONEY and each.field.currency not in header:
            raise Unreadable(f"The column {each.name} needs the column {each.field.currency} beside it.")


def _is_writable(field: Field, person: Person, derived: frozenset[str]) -> bool:
    free = field.column is not None and field.column not in derived and field.name not in _STAMPS
    return free and field.kind is not Kind.COLLECTION and access.editable(person, field.model, field.name)


def _header(table: Table) -> tuple[tuple[str, ...], Table]:
    """Returns the column names; where rows name their own cells, the first row's."""
    if table.header:
        return table.header, table
    first = next(table.lines, None)
    if first is None:
        raise Unreadable("The file is empty.")
    return tuple(first.values), Table(tuple(first.values), chain([first], table.lines), table.guarded)


def cells_of(columns: FileColumns, line: Line) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Returns the values of a line by column name, and (column, reason) of each cell that is none."""
    if line.problem:
        return {}, [("", line.problem)]
    if line.values.keys() != set(columns.header):
        return {}, [("", "has other fields than the first row")]
    values: dict[str, Any] = {}
    problems = []
    for each in columns.incoming:
        try:
            values[each.name] = each.read(line.values[each.name])
        except ValueError as error:
            problems.append((each.name, f"“{_short(line.values[each.name])}” {error}"))
    return values, problems


def _short(cell: Any) -> str:
    words = str(cell)
    return words if len(words) <= 60 else words[:59] + "…"
