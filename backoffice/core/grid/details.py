"""The page of one row: its fields, what belongs to it, and what happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from backoffice.core import operations
from backoffice.core.access import Person, Verb
from backoffice.core.grid import formats
from backoffice.core.grid.catalog import label_name
from backoffice.core.grid.declaration import Declaration, grids
from backoffice.core.grid.doors import requested_id, row_of, way_back
from backoffice.core.grid.panels import PanelPage, panel_pages
from backoffice.core.selection import Field
from backoffice.core.web.gate import current_person

Pairs = Sequence[tuple[str, str]]
HISTORY_SHOWN = 50  # entries


@dataclass(frozen=True)
class HistoryEntry:
    """What one operation did to the row."""

    title: str
    url: str
    who: str
    when: str
    fields: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class DetailsPage:
    """What admin/model/details.html shows."""

    heading: str
    grid_heading: str
    return_url: str
    edit_url: str
    delete_url: str
    links: Pairs
    sections: Sequence[tuple[str, Pairs]]
    panels: Sequence[PanelPage]
    history: Sequence[HistoryEntry]


def show(grid: Declaration) -> ResponseReturnValue:
    """Answers the row's page."""
    person, row_id = current_person(), requested_id()
    sections = grid.sections_for(person)
    columns: dict[str, Field] = {name: field for fields in sections.values() for name, field in fields.items()}
    row = row_of(grid, row_id, columns)
    back = way_back(grid)
    page = DetailsPage(
        heading=str(row.get(label_name(person, grid.model)) or row_id),
        grid_heading=grid.heading(),
        return_url=back,
        edit_url=grid.address("edit_view", id=row_id, url=back) if _may(grid, person, Verb.EDIT) else "",
        delete_url=grid.address("delete_view", id=row_id, url=back) if _may(grid, person, Verb.DELETE) else "",
        links=grid.links(row_id),
        sections=shown(person, sections, columns, row),
        panels=panel_pages(grid, person, row_id),
        history=history(grid, person, row_id),
    )
    return grid.render("admin/model/details.html", page=page)


def _may(grid: Declaration, person: Person, verb: Verb) -> bool:
    return grid.may(person, verb) and (verb is not Verb.EDIT or bool(grid.form_for(person)))


def shown(
    person: Person, sections: dict[str, dict[str, Field]], columns: dict[str, Field], row: dict[str, Any]
) -> list[tuple[str, Pairs]]:
    """Returns each section's labels and values."""
    show_value = formats.formatters(person, columns, brief=False)
    return [
        (title, [(field.label, show_value[name](row)) for name, field in fields.items()])
        for title, fields in sections.items()
    ]


def history(grid: Declaration, person: Person, row_id: int) -> list[HistoryEntry]:
    """Returns what happened to the row, newest first, in fields that the person may see."""
    entries = operations.history(person, grid.model, row_id, HISTORY_SHOWN)
    return [_entry(entry) for entry in entries]


def _entry(entry: operations.Entry) -> HistoryEntry:
    linked = "operations" in grids() and entry.open
    return HistoryEntry(
        title=entry.title,
        url=url_for("operations.details_view", id=entry.operation_id) if linked else "",
        who=entry.who,
        when=formats.instant(entry.when),
        fields=[
            (c.label, formats.in_text(c.field, c.before), formats.in_text(c.field, c.after)) for c in entry.changes
        ],
    )
