"""The list page of a grid."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from backoffice.core import reader
from backoffice.core.access import Verb
from backoffice.core.database import within
from backoffice.core.grid import adding, basket, bulk, groups, peeking, totals_foot, view_bar
from backoffice.core.grid.basket import BasketBar
from backoffice.core.grid.catalog import with_helpers
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.editors import editors
from backoffice.core.grid.filters import kept_params, panel
from backoffice.core.grid.grouping import offered
from backoffice.core.grid.list_page import Can, Column, ListPage
from backoffice.core.grid.list_rows import classes_of, list_rows
from backoffice.core.grid.looks import ALL, resolved
from backoffice.core.grid.state import PAGE_SIZES, ListState, read_state
from backoffice.core.grid.view_bar import ViewBar
from backoffice.core.selection import Count, Field, Order, Page, Part, QueryError, Selection, printed
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext, later
from backoffice.extensions import db

COUNTED = 10_000  # counting stops there unless the exact number is asked for
TYPING_SECONDS = 2.0  # how long a statement may take for somebody who may have typed on meanwhile
NO_ROWS = Page([], None, None, 0)  # of a list that is shown in groups
FORMATS = (
    ("csv", "CSV"),
    ("csv?bom", later("CSV for Excel")),
    ("xlsx", later("Excel workbook")),
    ("jsonl", "JSON Lines"),
)


def index(grid: Declaration) -> ResponseReturnValue:
    """Answers the list; a search or address that cannot be read is shown again with what is wrong, as a 400."""
    if peeking.is_asked_alone():
        return peeking.show_alone(grid)
    args: Mapping[str, Any] = request.args
    try:
        args, _ = resolved(grid.model, current_person(), args)
        state = read_state(grid, args)
        with _in_time():
            count, tally, entries = basket.counted(state, None if state.exact else COUNTED)
            first = view_bar.first_of(entries)
            if first is not None and not args:
                return redirect(grid.address(view=first.id))
            page = _page(state) if not state.group else NO_ROWS
    except QueryError as error:
        return grid.render("admin/model/list.html", page=_unread(grid, args, str(error))), 400
    if first is not None and state.view is None:
        state = replace(state, everywhere=True)
    if not page.rows and count.number and state.number and not state.group:
        return redirect(state.url(page=(count.number - 1) // state.size or None))
    bar = basket.bar(state, [row["id"] for row in page.rows], tally)
    shown = _read(state, args, page, count, bar, view_bar.bar(state, entries))
    if state.peek:
        shown = replace(shown, peek=peeking.of(state))
    if state.group and count.number:
        shown = replace(shown, groups=groups.table(state))
    elif state.totals and page.rows:
        shown = replace(shown, feet=totals_foot.feet(state, tally))
    return grid.render("admin/model/list.html", page=shown)


def _while_typing() -> bool:
    """Says whether the parts that depend on the search are asked for alone, by js/typing.js."""
    return request.headers.get("X-Parts") == "search"


def _in_time() -> AbstractContextManager[None]:
    """Gives up soon on rows that are asked for while somebody types: the next letter asks again, and nobody waits for these."""
    return within(db.session(), TYPING_SECONDS) if _while_typing() else nullcontext()


def _page(state: ListState) -> Page:
    names = with_helpers(state.person, state.grid.model, state.columns)
    return state.selection.page(names, state.size, state.number, state.after, state.before)


def _unread(grid: Declaration, args: Mapping[str, Any], error: str) -> ListPage:
    return ListPage(**_frame(grid, args, error=error, words="", clear_url=grid.address(view=ALL)))


def _frame(grid: Declaration, args: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Returns what the page shows whatever is searched."""
    can = _can(grid)
    return {
        "layout": "layout_parts.html" if _while_typing() else "layout.html",
        "heading": grid.heading(),
        "noun_one": grid.noun(1),
        "noun_many": grid.noun(2),
        "search": args.get("search", ""),
        "error": "",
        "filters": panel(grid, args),
        "kept": kept_params(grid, args),
        "example": gettext("Words, or fields as in %(example)s", example=_example(grid)),
        "url": grid.address(),
        "complete_url": grid.address("complete_view"),
        "choices_url": grid.address("choices_view"),
        "filter_url": grid.address("filter_view"),
        "new_url": grid.address("create_view", url=request.full_path.rstrip("?")),
        "can": can,
        "cells_url": grid.address("cells_view", url=request.full_path.rstrip("?")) if can.bulk_edit else "",
        "paste_url": grid.address("paste_view"),
        "lists_url": grid.address("lists_view"),
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
        steps=bulk.steps_in_words(person, grid),
        adds=adding.offered(person, grid),
        bulk_delete=grid.may(person, Verb.DELETE, Verb.BULK),
        export=grid.may(person, Verb.EXPORT),
    )


def _read(
    state: ListState, args: Mapping[str, Any], page: Page, count: Count, bar: BasketBar, views: ViewBar
) -> ListPage:
    grid, selection, columns = state.grid, state.selection, state.columns
    rows = list_rows(state, columns, page, bar.ticked)
    first = state.number * state.size + 1
    count = count.with_seen(first + len(rows) - 1)
    editable = [name for name in grid.form_for(state.person) if name in columns] if rows else []
    return ListPage(
        **_frame(
            grid,
            args,
            words=_words(selection, count),
            clear_url=views.all_url,
        ),
        downloads=_downloads(state),
        print_url=state.grid.address("print_view", **_of_all(state), url=state.here()),
        chips=_chips(state),
        columns=[_column(state, number, name, field) for number, (name, field) in enumerate(columns.items())],
        rows=rows,
        editors=editors(grid, state.person, editable),
        filtered=bool(selection.terms or selection.filters or selection.ids is not None),
        everything=state.everything,
        without=state.without,
        first=reader.number(first),
        last=reader.number(first + len(rows) - 1) if rows else "",
        total=count.shown,
        total_words=count.words,
        matching=count.number,
        count_url="" if count.exact else state.here(count="exact"),
        size=state.size,
        sizes=[(size, state.url(page_size=size)) for size in PAGE_SIZES],
        next_url=_beside(state, after=page.next, number=state.number + 1) if page.next else "",
        previous_url=_beside(state, before=page.previous, number=max(state.number - 1, 0)) if page.previous else "",
        action_url=grid.address("action_view", **state.params(all=None, without=None), url=state.here()),
        edit_url=grid.address("edit_view", url=state.here()) if grid.has_form(state.person) else "",
        delete_url=grid.address("delete_view", url=state.here()) if grid.may(state.person, Verb.DELETE) else "",
        update_url=grid.address("ajax_update"),
        lookup_url=grid.address("ajax_lookup"),
        basket=bar,
        fields=",".join(columns),
        columns_url=grid.address("columns_view", **state.params(all=None, without=None)),
        sort=",".join(map(str, selection.sort)),
        density=state.density,
        pinned=state.fit.pinned,
        views=views,
        group_url=_group_url(state),
        totals_url=state.here(totals=None) if state.totals else totals_foot.address(state),
        peek_url=state.here(peek=rows[0].id) if rows else "",
    )


def _group_url(state: ListState) -> str:
    """Returns the address of the list in groups, by the field that the grid shows first."""
    first = next(iter(offered(state.person, type(state.grid))), "")
    return state.url(group=first) if first and not state.group else ""


def _beside(state: ListState, number: int, **cursor: str | None) -> str:
    return state.url(page=number or None, **cursor)


def _column(state: ListState, number: int, name: str, field: Field) -> Column:
    place = next((place for place, key in enumerate(state.selection.sort) if key.name == name), None)
    order = None if place is None else state.selection.sort[place]
    turned = place == 0 and order is not None and not order.descending
    url = state.url(sort=name, desc="1" if turned else None)
    return Column(field.label, classes_of(state, number, name, field), url, _direction(order), place or 0)


def _direction(order: Order | None) -> str:
    return "" if order is None else "descending" if order.descending else "ascending"


def _words(selection: Selection, count: Count) -> str:
    """Returns which rows these are, and in which order where a column's arrow does not say it all."""
    title = selection.title(count)
    if len(selection.sort) < 2:
        return title
    bare = replace(selection, search="", terms=(), filters=(), ids=None, without=())
    return f"{title}, {bare.words()}"


def _chips(state: ListState) -> list[tuple[str, str, str]]:
    """Returns each part of the query in words, with the addresses of the list without it and of its boxes."""
    selection = state.selection
    bare = replace(selection, search="", terms=(), filters=(), sort=(), ids=None, without=())
    found = [
        (replace(bare, terms=(part,)).words(), _searched(selection, _less(selection.terms, part)))
        for part in selection.terms
    ]
    found += [
        (replace(bare, filters=(term,)).words(), replace(selection, filters=_less(selection.filters, term)))
        for term in selection.filters
    ]
    kept = state.params(all=None, without=None)
    return [
        (
            words,
            replace(state, selection=rest, everything=False, without=()).url(),
            state.grid.address("filter_view", **kept, edit=number),
        )
        for number, (words, rest) in enumerate(found)
    ]


def _searched(selection: Selection, terms: tuple[Part, ...]) -> Selection:
    """Returns the same selection with these of its terms alone."""
    return replace(selection, search=printed(terms), terms=terms)


def _less(parts: tuple[Any, ...], part: Any) -> tuple[Any, ...]:
    return tuple(other for other in parts if other is not part)


def _downloads(state: ListState) -> list[tuple[str, str]]:
    params = _of_all(state)
    return [
        (
            gettext(label),
            state.grid.address(
                "export", export_type=kind.partition("?")[0], **params, **({"bom": "1"} if "?" in kind else {})
            ),
        )
        for kind, label in FORMATS
    ]


def _of_all(state: ListState) -> dict[str, str]:
    """Returns the parameters of all rows that match, in the columns of the list."""
    return {**state.params(all=None, without=None, page_size=None, totals=None, group=None, measure=None, fit=None)}
