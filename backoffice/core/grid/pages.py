"""The list page of a grid."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from flask import redirect, request
from flask.typing import ResponseReturnValue

from backoffice.core.access import Verb
from backoffice.core.grid import formats
from backoffice.core.grid.catalog import label_name, with_helpers
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.editors import editors
from backoffice.core.grid.filters import controls, kept_params
from backoffice.core.grid.list_page import Can, Cell, Column, ListPage, ListRow
from backoffice.core.grid.state import PAGE_SIZES, ListState, read_state
from backoffice.core.selection import Count, Field, Order, Page, QueryError, printed
from backoffice.core.web.gate import current_person

COUNTED = 100_000  # counting stops there; more is "more than 100,000"
FORMATS = (("csv", "CSV"), ("csv?bom", "CSV for Excel"), ("xlsx", "Excel workbook"), ("jsonl", "JSON Lines"))


def index(grid: Declaration) -> ResponseReturnValue:
    """Answers the list; a search or address that cannot be read is shown again with what is wrong, as a 400."""
    try:
        state = read_state(grid)
        columns = grid.columns_for(state.person)
        page = _page(state, columns)
        count = state.selection.count(COUNTED)
    except QueryError as error:
        return grid.render("admin/model/list.html", page=_unread(grid, str(error))), 400
    if not page.rows and count.number and state.number:
        return redirect(state.url(page=(count.number - 1) // state.size or None))
    return grid.render("admin/model/list.html", page=_read(state, columns, page, count))


def _page(state: ListState, columns: dict[str, Field]) -> Page:
    names = with_helpers(state.person, state.grid.model, columns)
    return state.selection.page(names, state.size, state.number, state.after, state.before)


def _unread(grid: Declaration, error: str) -> ListPage:
    return ListPage(
        **_frame(
            grid, error=error, words="", filters=controls(grid, request.args), kept=kept_params(grid, request.args)
        )
    )


def _frame(grid: Declaration, **more: Any) -> dict[str, Any]:
    """Returns what the page shows whatever is searched."""
    return {
        "heading": grid.heading(),
        "noun_one": grid.noun(1),
        "noun_many": grid.noun(2),
        "search": request.args.get("search", ""),
        "error": "",
        "example": f"Words, or fields as in {_example(grid)}",
        "url": grid.address(),
        "clear_url": grid.address(),
        "complete_url": grid.address("complete_view"),
        "new_url": grid.address("create_view", url=request.full_path.rstrip("?")),
        "can": _can(grid),
        **more,
    }


def _example(grid: Declaration) -> str:
    for name, field in grid.filters_for(current_person()).items():
        if field.choices:
            return f"{name}:{field.choices[min(1, len(field.choices) - 1)]}"
    return "created_at:-7d..today"


def _can(grid: Declaration) -> Can:
    person = current_person()
    return Can(
        create=grid.may(person, Verb.CREATE),
        edit=grid.may(person, Verb.EDIT),
        bulk_edit=grid.may(person, Verb.EDIT, Verb.BULK) and bool(grid.form_for(person)),
        bulk_delete=grid.may(person, Verb.DELETE, Verb.BULK),
        export=grid.may(person, Verb.EXPORT),
    )


def _read(state: ListState, columns: dict[str, Field], page: Page, count: Count) -> ListPage:
    grid, selection = state.grid, state.selection
    rows = _rows(state, columns, page)
    first = state.number * state.size + 1
    editable = [name for name in grid.form_for(state.person) if name in columns] if rows else []
    return ListPage(
        **_frame(
            grid,
            words=selection.title(count),
            filters=controls(grid, request.args),
            kept=kept_params(grid, request.args),
        ),
        downloads=_downloads(state),
        chips=_chips(state),
        columns=[_column(state, name, field) for name, field in columns.items()],
        rows=rows,
        editors=editors(grid, state.person, editable),
        filtered=bool(selection.terms or selection.filters or selection.ids is not None),
        everything=state.everything,
        without=state.without,
        first=f"{first:,}",
        last=f"{first + len(rows) - 1:,}" if rows else "",
        total=str(count),
        matching=count.number,
        size=state.size,
        sizes=[(size, state.url(page_size=size)) for size in PAGE_SIZES],
        next_url=_beside(state, after=page.next, number=state.number + 1) if page.next else "",
        previous_url=_beside(state, before=page.previous, number=max(state.number - 1, 0)) if page.previous else "",
        action_url=grid.address("action_view", **state.params(all=None, without=None), url=state.here()),
        update_url=grid.address("ajax_update"),
        lookup_url=grid.address("ajax_lookup"),
    )


def _beside(state: ListState, number: int, **cursor: str | None) -> str:
    return state.url(page=number or None, **cursor)


def _rows(state: ListState, columns: dict[str, Field], page: Page) -> list[ListRow]:
    grid = state.grid
    show = formats.formatters(state.person, columns)
    show |= {path: formats.said(own, path) for path, own in grid.shows.items() if path in columns}
    for path, field in [*columns.items()][:1]:  # the first cell is the link to the row
        show[path] = formats.bare(path, field, show[path])
    editable = set(grid.form_for(state.person))
    label = label_name(state.person, grid.model)
    details, back = grid.address("details_view"), quote(state.here(), safe="")
    unpicked = set(state.without)

    def cell(path: str, field: Field, row: dict[str, Any]) -> Cell:
        numeric = field.kind in formats.NUMERIC
        if path not in editable:
            return Cell(show[path](row), numeric)
        return Cell(show[path](row), numeric, True, path, formats.typed(path, field, row))

    return [
        ListRow(
            row["id"],
            row.get("version"),
            str(row.get(label) or row["id"]),
            f"{details}?id={row['id']}&url={back}",
            state.everything and row["id"] not in unpicked,
            [cell(path, field, row) for path, field in columns.items()],
            grid.row_button(row),
        )
        for row in page.rows
    ]


def _column(state: ListState, name: str, field: Field) -> Column:
    numeric = field.kind in formats.NUMERIC
    order = next((key for key in state.selection.sort[:1] if key.name == name), None)
    descending = order is not None and not order.descending
    return Column(field.label, numeric, state.url(sort=name, desc="1" if descending else None), _aria(order))


def _aria(order: Order | None) -> str:
    return "" if order is None else "descending" if order.descending else "ascending"


def _chips(state: ListState) -> list[tuple[str, str]]:
    """Returns each part of the query in words, with the address of the list without it."""
    selection = state.selection
    bare = replace(selection, search="", terms=(), filters=(), sort=(), ids=None, without=())
    found = [
        (replace(bare, terms=(part,)).words(), selection.replace_search(printed(_less(selection.terms, part))))
        for part in selection.terms
    ]
    found += [
        (replace(bare, filters=(term,)).words(), replace(selection, filters=_less(selection.filters, term)))
        for term in selection.filters
    ]
    return [(words, replace(state, selection=rest, everything=False, without=()).url()) for words, rest in found]


def _less(parts: tuple[Any, ...], part: Any) -> tuple[Any, ...]:
    return tuple(other for other in parts if other is not part)


def _downloads(state: ListState) -> list[tuple[str, str]]:
    params = {**state.params(all=None, without=None, page_size=None)}
    return [
        (
            label,
            state.grid.address(
                "export", export_type=kind.partition("?")[0], **params, **({"bom": "1"} if "?" in kind else {})
            ),
        )
        for kind, label in FORMATS
    ]
