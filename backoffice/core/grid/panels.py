"""Panels of a details page: rows of other grids that lead to this row, each a selection with its link to that grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from backoffice.core.access import Person, Verb
from backoffice.core.grid import formats
from backoffice.core.grid.catalog import label_name, with_helpers
from backoffice.core.grid.declaration import Declaration, Panel, RowButton, grids
from backoffice.core.grid.formats import Formatter
from backoffice.core.grid.once import new_token
from backoffice.core.selection import Count, Field, Kind, Selection, equals, fields_of, printed
from backoffice.core.wording import gettext

SHOWN = 10  # rows
SHOWN_LINES = 100  # of what is part of the row itself, as the lines of an invoice: it is looked at, and printed, whole
COUNTED = 10_000


@dataclass(frozen=True)
class NewRow:
    """A form of one field that adds a row to a panel."""

    field: str
    action: str
    token: str


@dataclass(frozen=True)
class PanelPage:
    """One panel as admin/model/details.html shows it."""

    title: str
    noun: str
    noun_one: str
    total: str
    url: str
    new_url: str
    print_url: str
    new_row: NewRow | None
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def panel_pages(grid: Declaration, person: Person, row_id: int, here: str) -> list[PanelPage]:
    """Returns the panels that `person` may see; `here` is the page to which their forms lead back."""
    found = []
    for panel in grid.panels:
        other = grids().get(panel.grid)
        if other is not None and other.may(person, Verb.VIEW):
            page = _panel_page(grid, panel, other, person, row_id, here)
            found += [page] if page else []
    return found


def print_buttons(
    grid: Declaration, person: Person, rows: Sequence[Mapping[str, Any]], here: str
) -> dict[int, RowButton]:
    """Returns what prints, from the list of the grid, the rows of the panel that says so: the roster of each section."""
    panel = next((panel for panel in grid.panels if panel.in_list), None)
    other = grids().get(panel.grid) if panel else None
    if panel is None or other is None or not other.may(person, Verb.VIEW, Verb.EXPORT):
        return {}
    path, label = relation_of(panel, grid.model, other), label_name(person, grid.model)
    if other.known_field(person, path) is None:
        return {}
    return {
        row["id"]: RowButton(
            gettext("Print"),
            gettext("Print %(noun)s: %(row)s", noun=other.noun(2), row=row[label]),
            other.address("print_view", search=printed((equals(f"{path}.id", str(row["id"])),)), url=here),
            icon="print",
        )
        for row in rows
    }


def relation_of(panel: Panel, model: type, other: Declaration) -> str:
    """Returns the path by which rows of the other grid lead to a row of `model`; "" where there is none or several."""
    if panel.by:
        return panel.by
    names = [f.name for f in fields_of(other.model).values() if f.kind is Kind.RELATION and f.target is model]
    return names[0] if len(names) == 1 else ""


def _panel_page(
    grid: Declaration, panel: Panel, other: Declaration, person: Person, row_id: int, here: str
) -> PanelPage | None:
    path = relation_of(panel, grid.model, other)
    columns = {name: field for name in panel.columns if (field := other.known_field(person, name))}
    if not columns or other.known_field(person, path) is None:
        return None
    term = equals(f"{path}.id", str(row_id))
    selection = Selection.parse(other.model, person, filters=(term,), sort=(panel.sort or other.default_sort,))
    new_url = _new_url(other, person, path, row_id, here)
    shown = SHOWN_LINES if other.model in {lines.model for lines in grid.lines} else SHOWN
    page = selection.page(with_helpers(person, other.model, columns), shown)
    return PanelPage(
        title=gettext(panel.title),
        noun=other.noun(2),
        noun_one=other.noun(1),
        total=(selection.count(COUNTED) if page.next else Count(len(page.rows))).shown,
        url=other.address(**selection.params()),
        new_url="" if panel.adds else new_url,
        new_row=NewRow(panel.adds, new_url, new_token()) if panel.adds and new_url else None,
        print_url=other.address("print_view", **selection.params(), url=other.address(**selection.params()))
        if page.rows and other.may(person, Verb.EXPORT)
        else "",
        columns=[field.label for field in columns.values()],
        rows=_rows(other, columns, page.rows, formats.formatters(person, columns, brief=not panel.adds), here),
    )


def _new_url(other: Declaration, person: Person, path: str, row_id: int, here: str) -> str:
    """Returns the address of the form of a new row that leads to this one, "" where the person may make none."""
    fills = other.may(person, Verb.CREATE) and path in other.create_form_for(person)
    return other.address("create_view", **{path: row_id}, url=here) if fills else ""


def _rows(
    other: Declaration, columns: dict[str, Field], rows: Sequence[formats.Row], show: dict[str, Formatter], here: str
) -> list[list[str]]:
    page = other.address("details_view", url=here)
    first, *rest = columns
    name = formats.bare(first, columns[first], show[first])
    return [
        [
            Markup('<a href="{}&id={}">{}</a>').format(page, row["id"], name(row) or "–"),
            *(show[path](row) for path in rest),
        ]
        for row in rows
    ]
