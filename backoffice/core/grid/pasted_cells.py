"""A block of cells out of a spreadsheet as a plan: what its cells mean by the rules of the form, and why some cannot be had."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from werkzeug.datastructures import MultiDict

from backoffice.core import operations, reader
from backoffice.core.exchange import unguard
from backoffice.core.grid import formats
from backoffice.core.grid.catalog import currency_beside
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.forms import form_class
from backoffice.core.grid.pasted_block import MOST, VERSION, Asked, Unusable, understood
from backoffice.core.operations import Plan
from backoffice.core.selection import Field, Kind, QueryError, Selection
from backoffice.core.selection.values import typed
from backoffice.core.text import fold
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext, later

STALE = later("Changed since it was shown here. Look at it again before you paste.")
_TEXTS = (Kind.TEXT, Kind.LONG_TEXT)
_TRUTHS = ("true", "false")

Row = Mapping[str, Any]
Fields = Mapping[str, Field]
Read = Callable[[str, str], tuple[Any, str]]


def plan(grid: Declaration, text: str) -> Plan:
    """Returns the plan of what a block with a head says. Raises Unusable, and operations.Invalid for the fields together."""
    person, block = current_person(), understood(grid, text)
    offered = grid.form_for(person)
    editable = {name: field for name, field in block.fields.items() if name in offered}
    if not editable:
        raise Unusable(gettext("None of these columns can be changed here. Name at least one that can."))
    selection = Selection.parse(grid.model, person, ids=[asked.row_id for asked in block.lines])
    rows = {row["id"]: row for row in selection.page(tuple(block.fields), MOST).rows}
    if len(rows) < len(block.lines):
        raise Unusable(gettext("Some of these rows were deleted just now. Try again."))
    read = _reader(editable)
    wanted: dict[int, Row] = {}
    refused: dict[int, str] = {}
    for asked in block.lines:
        values, problems = _judged(read, editable, block.fields, asked, rows[asked.row_id])
        if problems:
            refused[asked.row_id] = " ".join(problems)
        else:
            wanted[asked.row_id] = values
    made = operations.each(grid.model, list(editable), wanted, refused, person)
    return operations.plan_edit(selection, made, person, form=[("text", text)])


def _judged(read: Read, editable: Fields, fields: Fields, asked: Asked, row: Row) -> tuple[Row, list[str]]:
    """Returns the values that a line of the block wants its row to have, and why it cannot have them.

    A cell that says what the row holds, as the list or a file shows it, means that; however it would be read.
    """
    if asked.version not in ("", str(row[VERSION])):
        return {}, [gettext(STALE)]
    values: dict[str, Any] = {}
    problems: list[str] = []
    for name, field in fields.items():
        cell, shown = asked.cells[name], _shown(name, field, row)
        if name not in editable:
            same = fold(unguard(cell)) in map(fold, shown)
            problems += [] if same else [gettext("%(label)s cannot be changed here.", label=field.label)]
        elif cell in shown:
            values[name] = row[name]
        else:
            values[name], problem = read(name, cell)
            problems += [f"{field.label}: {problem}"] if problem else []
    return values, problems


def _reader(fields: Fields) -> Read:
    """Returns the function from a field's name and a cell to the value that the cell means by the rules of the form, and what is
    wrong with it. The same cell of many rows is read once: a related row is looked for."""
    forms = {name: form_class({name: field}) for name, field in fields.items()}

    @cache
    def read(name: str, cell: str) -> tuple[Any, str]:
        text = _as_typed(fields[name], cell)
        if fields[name].kind is Kind.BOOLEAN and text not in _TRUTHS:
            return None, gettext("write yes or no.")
        form = forms[name](MultiDict({name: text}))
        form.validate()
        return form.held()[name], " ".join(form[name].errors)

    return read


def _as_typed(field: Field, cell: str) -> str:
    """Returns a cell as somebody would type it into the form, where it can be: a spreadsheet says "On leave" and "TRUE"."""
    if field.kind is Kind.BOOLEAN or (field.kind is Kind.CHOICE and cell):
        try:
            value = typed(field, cell, field.name)
        except QueryError:
            return cell
        return str(value).lower() if field.kind is Kind.BOOLEAN else str(value)
    return unguard(cell) if field.kind in _TEXTS else cell


def _shown(name: str, field: Field, row: Row) -> list[str]:
    """Returns what the list, a form or a file shows of the row."""
    value = row[name]
    if value is None:
        return ["", "–"]
    shown = [formats.typed(name, field, row), str(value), *_written(name, field, row)]
    with reader.kept():  # as a colleague's list shows it
        shown += _written(name, field, row)
    if field.kind is Kind.RELATION:
        shown += [value.key, value.label]
    return shown


def _written(name: str, field: Field, row: Row) -> list[str]:
    if field.kind is Kind.MONEY:
        amount = formats.money(row[name], row.get(currency_beside(name, field)))
        return [formats.in_text(field, row[name]), amount]
    return [formats.in_text(field, row[name])]
