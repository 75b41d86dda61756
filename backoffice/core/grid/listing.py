"""Lists with a name: the basket gets one here, and one's own are shared or deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from backoffice.core import lists
from backoffice.core.access import Person
from backoffice.core.grid import messages
from backoffice.core.grid.basket import list_url, sources_words
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import id_of
from backoffice.core.grid.state import ONES
from backoffice.core.selection import equals, printed
from backoffice.core.web.gate import current_person


@dataclass(frozen=True)
class ListLine:
    """One list, as the page shows it."""

    id: int
    name: str
    url: str
    term: str
    rows: str
    owner: str
    own: bool
    shared: bool


@dataclass(frozen=True)
class ListsPage:
    """What admin/model/lists.html shows."""

    heading: str
    action: str
    return_url: str
    paste_url: str
    basket: str  # "37 students from 4 searches", "" if it is empty
    basket_url: str
    lines: Sequence[ListLine]
    name: str = ""
    error: str = ""


def show(grid: Declaration) -> ResponseReturnValue:
    """Answers the page of lists, or does what its form asks; a name that cannot be is told at its field, as a 422."""
    person = current_person()
    if request.method == "GET":
        return _page(grid, person)
    deed = _DEEDS.get(request.form.get("do", ""))
    if deed is None:
        raise BadRequest(f"There is nothing to do but {', '.join(_DEEDS)}.")
    try:
        deed(grid, person)
    except lists.ListError as error:
        return _page(grid, person, str(error)), 422
    return redirect(grid.address("lists_view"))


def wants_sharing() -> bool:
    """Says whether the form asks that colleagues may use the new list."""
    return request.form.get("shared") in ONES


def tell_of(name: str) -> None:
    """Says what a new list is good for, on the next page."""
    messages.note(f"Named “{name}”. Search for {_term(name)} to use it.", "success")


def _name(grid: Declaration, person: Person) -> None:
    tell_of(lists.name_basket(person, grid.model, request.form.get("name", ""), shared=wants_sharing()))


def _clear(grid: Declaration, person: Person) -> None:
    lists.clear(person, grid.model)


def _share(grid: Declaration, person: Person) -> None:
    lists.share(person, grid.model, id_of(request.form.get("id", "")), True)


def _unshare(grid: Declaration, person: Person) -> None:
    lists.share(person, grid.model, id_of(request.form.get("id", "")), False)


def _delete(grid: Declaration, person: Person) -> None:
    lists.forget(person, grid.model, id_of(request.form.get("id", "")))


_DEEDS: dict[str, Callable[[Declaration, Person], None]] = {
    "name": _name,
    "clear": _clear,
    "share": _share,
    "unshare": _unshare,
    "delete": _delete,
}


def _term(name: str) -> str:
    return printed((equals("in", name),))


def _page(grid: Declaration, person: Person, error: str = "") -> str:
    tally = lists.tally(person, grid.model)
    known = lists.named_lists(person, grid.model)
    counts = lists.counts(person, grid.model, known)
    page = ListsPage(
        heading=f"Lists of {grid.noun(2)}",
        action=grid.address("lists_view"),
        return_url=grid.address(),
        paste_url=grid.address("paste_view"),
        basket=" ".join(filter(None, (grid.counted(tally.number), sources_words(tally)))) if tally.number else "",
        basket_url=list_url(grid, lists.BASKET),
        lines=[_line(grid, kept, counts.get(kept.id, 0)) for kept in known],
        name=request.form.get("name", "")[:200],
        error=error,
    )
    return grid.render("admin/model/lists.html", page=page)


def _line(grid: Declaration, kept: lists.NamedList, rows: int) -> ListLine:
    owner = "You" if kept.own else kept.owner_name
    return ListLine(
        kept.id,
        kept.name,
        list_url(grid, kept.name),
        _term(kept.name),
        grid.counted(rows),
        owner,
        kept.own,
        kept.shared,
    )
