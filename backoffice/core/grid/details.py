"""The page of one row: its fields, what belongs to it, and what happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from backoffice.core.access import Person, Verb
from backoffice.core.grid import formats, neighbours
from backoffice.core.grid.catalog import label_name
from backoffice.core.grid.copying import LIKE
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import back_at, is_list, list_left, requested_id, row_of, way_back
from backoffice.core.grid.neighbours import Beside
from backoffice.core.grid.panels import PanelPage, panel_pages
from backoffice.core.grid.timeline import Stories, Story, Timeline
from backoffice.core.grid.timeline import told as told_of
from backoffice.core.operations.rights import may_change
from backoffice.core.selection import Field
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ShownField:
    """One field of the row, with who last changed it where that is known."""

    name: str
    label: str
    value: str
    story: Story | None


@dataclass(frozen=True)
class DetailsPage:
    """What admin/model/details.html shows."""

    heading: str
    grid_heading: str
    return_url: str
    edit_url: str
    delete_url: str
    links: Pairs
    sections: Sequence[tuple[str, Sequence[ShownField]]]
    panels: Sequence[PanelPage]
    timeline: Timeline
    beside: Beside


def show(grid: Declaration) -> ResponseReturnValue:
    """Answers the row's page."""
    person, row_id = current_person(), requested_id()
    sections = grid.sections_for(person)
    columns: dict[str, Field] = {name: field for fields in sections.values() for name, field in fields.items()}
    row = row_of(grid, row_id, columns)
    back = way_back(grid)
    theirs = may_change(person, grid.model, row_id)
    came_from = list_left(grid)
    from_list = is_list(grid, came_from)
    here = grid.address("details_view", id=row_id, url=came_from if from_list else None)
    beside = neighbours.beside(grid, person, row_id, came_from)
    timeline, stories = told_of(grid, person, row_id, came_from)
    page = DetailsPage(
        heading=str(row.get(label_name(person, grid.model)) or row_id),
        grid_heading=grid.heading(),
        return_url=back_at(grid, row_id) if from_list else grid.address(),
        edit_url=grid.address("edit_view", id=row_id, url=back) if theirs and grid.has_form(person) else "",
        delete_url=grid.address("delete_view", id=row_id, url=back) if theirs and grid.may(person, Verb.DELETE) else "",
        links=[*grid.links(row_id), *_duplicate(grid, person, row_id, back)],
        sections=_with_stories(sections, shown(person, sections, columns, row), stories),
        panels=panel_pages(grid, person, row_id, here),
        timeline=timeline,
        beside=beside,
    )
    return grid.render("admin/model/details.html", page=page)


def _duplicate(grid: Declaration, person: Person, row_id: int, back: str) -> Pairs:
    if not grid.may(person, Verb.CREATE):
        return []
    return [(gettext("Duplicate"), grid.address("create_view", **{LIKE: row_id}, url=back))]


def told(sections: dict[str, dict[str, Field]], row: dict[str, Any]) -> dict[str, dict[str, Field]]:
    """Returns the sections of which the row says something."""
    return {title: fields for title, fields in sections.items() if any(row.get(name) is not None for name in fields)}


def filled(sections: dict[str, dict[str, Field]], row: dict[str, Any]) -> dict[str, dict[str, Field]]:
    """Returns the sections with those fields of which the row says something: no reason of a failure where nothing failed."""
    said = {
        title: {name: field for name, field in fields.items() if row.get(name) not in (None, "")}
        for title, fields in sections.items()
    }
    return {title: fields for title, fields in said.items() if fields}


def shown(
    person: Person, sections: dict[str, dict[str, Field]], columns: dict[str, Field], row: dict[str, Any]
) -> list[tuple[str, Pairs]]:
    """Returns each section's title as the reader reads it, with its labels and values."""
    show_value = formats.formatters(person, columns, brief=False)
    return [
        (gettext(title), [(field.label, show_value[name](row)) for name, field in fields.items()])
        for title, fields in sections.items()
    ]


def _with_stories(
    sections: dict[str, dict[str, Field]], values: Sequence[tuple[str, Pairs]], stories: Stories
) -> list[tuple[str, list[ShownField]]]:
    """Returns the sections with who last changed each field of the row itself."""
    return [
        (
            title,
            [
                ShownField(name.replace(".", "-"), label, value, stories.get(name))
                for name, (label, value) in zip(fields, pairs, strict=True)
            ],
        )
        for fields, (title, pairs) in zip(sections.values(), values, strict=True)
    ]
