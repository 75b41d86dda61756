"""The rows of a list's page. Their cells are made here, not by the template: a page has hundreds of them.

What is the same in a column is made once, before the first row.
"""

from __future__ import annotations

from urllib.parse import quote

from markupsafe import Markup, escape

from backoffice.core.grid import formats
from backoffice.core.grid.catalog import label_name
from backoffice.core.grid.doors import at_row
from backoffice.core.grid.formats import html
from backoffice.core.grid.list_page import ListRow
from backoffice.core.grid.state import ListState
from backoffice.core.selection import Field, Page

Draw = formats.Formatter  # here: what is shown of a row, as HTML


def list_rows(state: ListState, columns: dict[str, Field], page: Page, ticked: frozenset[int]) -> list[ListRow]:
    """Returns the rows of `page`; of those that the basket holds, `ticked` are on it."""
    grid = state.grid
    cells = _cells(state, columns, _link(state))
    label = label_name(state.person, grid.model)
    unpicked = set(state.without)
    return [
        ListRow(
            row["id"],
            row.get("version"),
            str(row.get(label) or row["id"]),
            row["id"] not in unpicked if state.everything else row["id"] in ticked,
            Markup("".join([cell(row) for cell in cells])),  # noqa: S704  each has escaped what it shows
            grid.row_button(row),
        )
        for row in page.rows
    ]


def _link(state: ListState) -> Draw:
    """Returns what leads on from a row: to its page; while a row is read beside the list, to this one there."""
    if state.peek:
        return lambda row: str(escape(at_row(state.here(peek=row["id"]), row["id"])))
    details, back = state.grid.address("details_view"), quote(state.here(), safe="")
    return lambda row: f"{details}?id={row['id']}&amp;url={back}"


def _cells(state: ListState, columns: dict[str, Field], link: Draw) -> list[Draw]:
    """Returns for each column what draws its cell of a row; the first cell is the link to the row."""
    show = formats.formatters(state.person, columns)
    show |= {path: formats.said(own, path) for path, own in state.grid.shows.items() if path in columns}
    editable, first = state.grid.form_for(state.person), next(iter(columns), "")
    cells = []
    for number, (path, field) in enumerate(columns.items()):
        styled = classes_of(state, number, path, field)
        if path == first:
            cells.append(_head(path, field, show[path], link, path in editable, styled))
        else:
            cells.append(_cell(path, field, show[path], path in editable, path in state.grid.shows, styled))
    return cells


def classes_of(state: ListState, number: int, path: str, field: Field) -> str:
    """Returns the classes of the cells of the column at this place."""
    return " ".join(filter(None, ("number" * (field.kind in formats.NUMERIC), state.fit.classes(number, path))))


def _tag(name: str, styled: str) -> str:
    return f'<{name} class="{styled}"' if styled else f"<{name}"


def _head(path: str, field: Field, show: Draw, link: Draw, editable: bool, styled: str) -> Draw:
    bare, typed = formats.bare(path, field, show), formats.typist(path, field)
    begin = f'{_tag("th", styled)} scope="row"'
    if not editable:
        return lambda row: f'{begin}><a id="row-{row["id"]}" href="{link(row)}">{html(bare(row) or "–")}</a></th>'
    begin += _begin(path)
    return lambda row: (
        f'{begin}{escape(typed(row))}"><a id="row-{row["id"]}" href="{link(row)}">{html(bare(row) or "–")}</a></th>'
    )


def _cell(path: str, field: Field, show: Draw, editable: bool, own: bool, styled: str) -> Draw:
    """Returns what draws a cell, with what it needs to be edited in place if it may be; `own`: the grid shows it in its way."""
    begin, typed = _tag("td", styled), formats.typist(path, field)
    if not editable:
        return lambda row: f"{begin}>{html(show(row))}</td>"
    begin += _begin(path)
    if not own and formats.reads_as_typed(field):
        return lambda row: f'{begin}{(text := escape(typed(row)))}">{text}</td>'
    return lambda row: f'{begin}{escape(typed(row))}">{html(show(row))}</td>'


def _begin(path: str) -> str:
    return f' data-field="{escape(path)}" data-value="'
