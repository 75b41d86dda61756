"""A new row like one that is there: its form begins with what the other one has, and nothing is saved before the person does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from backoffice.core.grid.catalog import label_name
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import id_of, row_of
from backoffice.core.grid.forms import data_of
from backoffice.core.operations.constraints import field_of, uniques_of
from backoffice.core.operations.tables import table_of
from backoffice.core.selection import Field
from backoffice.core.web.gate import current_person

LIKE = "like"  # the parameter that names the other row


def own_fields(grid: Declaration) -> frozenset[str]:
    """Returns the fields that no two rows share, and those that the grid says are each row's own.

    Of what is unique together, the last one tells rows apart: the code of a section, not its course. What is unique among
    some rows only (one primary contact a student) depends on what makes a row one of them.
    """
    columns = {
        name
        for unique in uniques_of(table_of(grid.model))
        for name in (
            _named(grid, unique.condition) if unique.condition and len(unique.columns) == 1 else unique.columns[-1:]
        )
    }
    return frozenset(field_of(grid.model, name) for name in columns) | frozenset(grid.not_copied)


def _named(grid: Declaration, condition: str) -> list[str]:
    return [name for name in condition.split() if name in table_of(grid.model).columns]


def copied(grid: Declaration, fields: Mapping[str, Field]) -> tuple[str, dict[str, Any]]:
    """Returns what the row that the address names is called, and its values as a form takes them; nothing where it names none."""
    if LIKE not in request.args:
        return "", {}
    taken = {name: field for name, field in fields.items() if name not in own_fields(grid)}
    row = row_of(grid, id_of(request.args[LIKE]), taken)
    name = row.get(label_name(current_person(), grid.model))
    return str(name or row["id"]), data_of(taken, row)
