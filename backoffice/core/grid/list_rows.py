"""The rows of a list's page. Their cells are made here, not by the template: a page has hundreds of them.

They are made column by column: what is the same in a column is made once, and its texts become HTML all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup, escape

from backoffice.core.grid import formats
from backoffice.core.grid.catalog import label_name
from backoffice.core.grid.doors import at_row
from backoffice.core.grid.list_page import ListRow
from backoffice.core.grid.state import ListState
from backoffice.core.selection import Field, Page
from backoffice.core.wording import gettext

Draw = Callable[[Sequence[formats.Row]], list[str]]  # the cells of a column, as HTML


def list_rows(state: ListState, columns: dict[str, Field], page: Page, ticked: frozenset[int]) -> list[ListRow]:
    """Returns the rows of `page`; of those that the basket holds, `ticked` are on it."""
    drawn = [_ticks(state, ticked), *_columns(state, columns)]
    cells = zip(*(draw(page.rows) for draw in drawn), strict=True)
    buttons = state.grid.row_buttons(page.rows, state.here())
    return [
        ListRow(row["id"], Markup("".join(begin)), buttons.get(row["id"]))  # noqa: S704  each has escaped what it shows
        for row, begin in zip(page.rows, cells, strict=True)
    ]


def _ticks(state: ListState, ticked: frozenset[int]) -> Draw:
    """Returns what begins the rows: what the script of the list knows of each, and its tick."""
    label, unpicked = label_name(state.person, state.grid.model), set(state.without)
    before, _, after = gettext("Select %(name)s", name="\0").partition("\0")

    def draw(rows: Sequence[formats.Row]) -> list[str]:
        names = formats.html([f"{before}{row.get(label) or row['id']}{after}" for row in rows])
        numbers = [row["id"] for row in rows]
        picked = [number not in unpicked if state.everything else number in ticked for number in numbers]
        return [
            f'<tr data-id="{number}" data-version="{row.get("version")}">\n    <td class="pick"><input class="form-check-input"'
            f' type="checkbox" form="selection" name="rowid" value="{number}" aria-label="{name}" data-pick'
            f"{' checked' * tick}></td>\n    "
            for number, row, name, tick in zip(numbers, rows, names, picked, strict=True)
        ]

    return draw


def _columns(state: ListState, columns: dict[str, Field]) -> list[Draw]:
    """Returns what draws each column; the cells of the first one are the links to the rows."""
    show = formats.formatters(state.person, columns)
    show |= {path: formats.said(own, path) for path, own in state.grid.shows.items() if path in columns}
    editable, first = state.grid.form_for(state.person), next(iter(columns), "")
    drawn = []
    for number, (path, field) in enumerate(columns.items()):
        tag = _Tag("th" if path == first else "td", classes_of(state, number, path, field), path, path in editable)
        if path == first:
            drawn.append(_heads(tag, field, formats.bare(path, field, show[path]), _address(state)))
        else:
            drawn.append(_cells(tag, field, show[path]))
    return drawn


def classes_of(state: ListState, number: int, path: str, field: Field) -> str:
    """Returns the classes of the cells of the column at this place."""
    return " ".join(filter(None, ("number" * (field.kind in formats.NUMERIC), state.fit.classes(number, path))))


@dataclass(frozen=True)
class _Tag:
    """How the cells of a column begin, with what they need to be edited in place if they may be."""

    name: str
    styled: str
    path: str
    editable: bool

    def begins(self, field: Field, rows: Sequence[formats.Row]) -> list[str]:
        begin = f"<{self.name}" + f' class="{self.styled}"' * bool(self.styled) + ' scope="row"' * (self.name == "th")
        if not self.editable:
            return [f"{begin}>"] * len(rows)
        begin += f' data-field="{escape(self.path)}" data-value="'
        typed = formats.typist(self.path, field)
        return [f'{begin}{text}">' for text in formats.html([typed(row) for row in rows])]


def _heads(tag: _Tag, field: Field, show: formats.Formatter, address: Callable[[formats.Row], str]) -> Draw:
    def draw(rows: Sequence[formats.Row]) -> list[str]:
        names = formats.html([show(row) or "–" for row in rows])
        return [
            f'{begin}<a id="row-{row["id"]}" href="{address(row)}">{name}</a></th>'
            for begin, row, name in zip(tag.begins(field, rows), rows, names, strict=True)
        ]

    return draw


def _cells(tag: _Tag, field: Field, show: formats.Formatter) -> Draw:
    def draw(rows: Sequence[formats.Row]) -> list[str]:
        shown = formats.html([show(row) for row in rows])
        return [f"{begin}{text}</td>" for begin, text in zip(tag.begins(field, rows), shown, strict=True)]

    return draw


def _address(state: ListState) -> Callable[[formats.Row], str]:
    """Returns where a row leads, as HTML: to its page; while a row is read beside the list, to this one there."""
    if state.peek:
        return lambda row: str(escape(at_row(state.here(peek=row["id"]), row["id"])))
    details, back = state.grid.address("details_view"), quote(state.here(), safe="")
    return lambda row: f"{details}?id={row['id']}&amp;url={back}"
