"""What the sweeps over all grids share: rows for each grid, and what may be typed into each kind of field."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from weakref import WeakKeyDictionary

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, TextClause, event, text

from backoffice.app import GRIDS
from backoffice.core.access import Role, Verb
from backoffice.core.grid import Grid
from backoffice.core.selection import Field, Kind
from backoffice.extensions import db
from tests import factories

ALL = {grid.name: grid for grid in GRIDS}
FORMS = "/admin/account/"  # everybody has it; the dashboard would count its figures beside the tests that follow
RECORDS = {name: grid for name, grid in ALL.items() if name not in ("operations", "jobs", "approvals")}

_FACTORIES: dict[str, Callable[..., Any]] = {
    "staff_user": factories.staff,
    "lesson_progress": factories.progress,
    "invoice_line": lambda: factories.invoice(state="draft").lines[0],
    "operation": factories.student,  # whatever is made is an operation
}

_tokens: WeakKeyDictionary[FlaskClient, str] = WeakKeyDictionary()


def make_row(grid: type[Grid]) -> int:
    """Makes a row that the grid shows and returns its number."""
    return make_rows(grid, 1)[0]


def make_rows(grid: type[Grid], count: int) -> list[int]:
    """Makes rows that the grid shows, by one operation where they are no such themselves, and returns their numbers."""
    table = grid.model.__tablename__
    make = _FACTORIES.get(table) or getattr(factories, table)
    with factories.together(grid.model) if grid.name in RECORDS else nullcontext():
        made = [make() for _ in range(count)]
    return [int(row.id) for row in made]


def roles_with(grid: type[Grid], verb: Verb) -> list[str]:
    """Returns the roles that may do `verb`."""
    return [role.value for role in Role if verb.value in grid.rights.get(role, NOTHING).verbs]


def roles_without(grid: type[Grid], verb: Verb) -> list[str]:
    """Returns the roles that may not do `verb`."""
    return [role.value for role in Role if role.value not in roles_with(grid, verb)]


class _Nothing:
    verbs = ""


NOTHING = _Nothing()

_TYPED = {
    Kind.TEXT: "a",
    Kind.LONG_TEXT: "a",
    Kind.INTEGER: "1",
    Kind.DECIMAL: "1.5",
    Kind.MONEY: "10.50",
    Kind.DATE: "2026-01-31",
    Kind.DATETIME: "2026-01-31",
    Kind.BOOLEAN: "yes",
    Kind.RELATION: "1",
}


def typed(field: Field) -> str:
    """Returns something that may be asked of the field."""
    return field.choices[0] if field.choices else _TYPED[field.kind]


def token(client: FlaskClient, address: str) -> str:
    """Returns the token of the forms on a page."""
    return factories.csrf_token(client.get(address).get_data(as_text=True))


def post(client: FlaskClient, address: str, data: dict[str, Any]) -> Any:
    """Sends a form as a person would, with the token of a form that everybody has; to a page that it leads on to (303), as a browser."""
    if client not in _tokens:
        _tokens[client] = token(client, FORMS)  # good for as long as the session is
    answer = client.post(address, data={**data, "csrf_token": _tokens[client]})
    return client.get(answer.location) if answer.status_code == 303 else answer


def hidden_inputs(page: str, marker: str = 'class="record-form') -> dict[str, str]:
    """Returns the hidden fields of the form with this mark, as a browser would send them."""
    place = page.index(marker)
    form = page[page.rindex("<form", 0, place) : page.index("</form>", place)]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: _plain(value) for name, value in found}


def _plain(value: str) -> str:
    return (
        value.replace("&#34;", '"')
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
    )


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collects the SQL that this thread sends meanwhile; another one may be counting figures."""
    found: list[str] = []
    mine = threading.get_ident()
    with app.app_context():
        engine = db.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if threading.get_ident() == mine:
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def rows_of(app: Flask, tables: Iterator[str] | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Returns every business row as it is stored, to be compared byte for byte."""
    kept = {"operation", "change", "seal", "plan", "plan_row", "job", "approval", "staff_password", "staff_session"}
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(_in_order(table))]
            for table in db.metadata.sorted_tables
            if table.name not in kept
        }


def _in_order(table: Table) -> TextClause:
    """Returns the statement for all of a table as it is stored; its first column may be empty, so that is no order."""
    return text(f"SELECT * FROM {table.name} ORDER BY {', '.join(column.name for column in table.primary_key)}")
