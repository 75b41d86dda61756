"""What a new row must have, and what no two new rows of a file may share."""

from __future__ import annotations

from typing import Any

from backoffice.core.model import Record
from backoffice.core.operations.constraints import field_of, uniques_of
from backoffice.core.operations.tables import table_of
from backoffice.core.operations.writes import with_defaults
from backoffice.interchange.columns import FileColumns, derived_columns
from backoffice.interchange.matching import Parsed

Problem = tuple[str, str]  # column of the file, reason


class Needs:
    """What the rows of one file lack or share."""

    def __init__(self, model: type[Record], columns: FileColumns) -> None:
        self._model = model
        table, derived = table_of(model), derived_columns(model)
        stamped = derived | {"id", "version", "created_at", "updated_at"}
        self._filled = [column.name for column in table.columns if not column.nullable and column.name not in stamped]
        self._uniques = [unique for unique in uniques_of(table) if unique.condition is None]
        self._names = {column: each.name for column, each in columns.written.items()}
        self._first: dict[tuple[Any, ...], int] = {}

    def missing(self, row: Parsed) -> list[Problem]:
        """Returns each value that may not be empty."""
        return self._missing(row.values)

    def problems(self, row: Parsed) -> list[Problem]:
        """Returns everything that keeps a new row from being one."""
        whole = with_defaults(self._model, row.values)
        found = self._missing(whole)
        return found or list(self._shared(row, whole | self._model.derive(whole)))

    def _missing(self, values: dict[str, Any]) -> list[Problem]:
        empty = (name for name in self._filled if name in values and values[name] is None)
        return [(self._named(name), "must not be empty") for name in empty]

    def _shared(self, row: Parsed, whole: dict[str, Any]) -> list[Problem]:
        found = []
        for unique in self._uniques:
            key = (unique.name, *(whole.get(name) for name in unique.columns))
            first = row.number if None in key else self._first.setdefault(key, row.number)
            if first != row.number:
                found.append((self._named(unique.columns[-1]), f"is the same as in row {first}"))
        return found

    def _named(self, column: str) -> str:
        return self._names.get(column) or field_of(self._model, column) or column
