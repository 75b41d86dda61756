"""Lists with a name: the basket gets one here; one's own are renamed, filled, shared or deleted."""

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
from backoffice.core.wording import gettext


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
    typed: str  # in its box for another name
    error: str = ""


@dataclass(frozen=True)
class ListsPage:
    """What admin/model/lists.html shows."""

    heading: str
    action: str
    return_url: str
    paste_url: str
    basket: str  # "37 students from 4 searches", "" if it is empty
    basket_url: str
    basket_rows: str  # "37 students"
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
        raise BadRequest(gettext("There is nothing to do but %(deeds)s.", deeds=", ".join(_DEEDS)))
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
    messages.note(gettext("Named “%(name)s”. Search for %(term)s to use it.", name=name, term=_term(name)), "success")


def _name(grid: Declaration, person: Person) -> None:
    tell_of(lists.name_basket(person, grid.model, request.form.get("name", ""), shared=wants_sharing()))


def _clear(grid: Declaration, person: Person) -> None:
    lists.clear(person, grid.model)


def _rename(grid: Declaration, person: Person) -> None:
    tell_of(lists.rename(person, grid.model, _list_id(), request.form.get("name", "")))


def _add(grid: Declaration, person: Person) -> None:
    rows = grid.counted(lists.add_basket(person, grid.model, _list_id()))
    messages.note(gettext("%(rows)s added to the list", rows=rows), "success")


def _take(grid: Declaration, person: Person) -> None:
    rows = grid.counted(lists.take_basket(person, grid.model, _list_id()))
    messages.note(gettext("%(rows)s taken off the list", rows=rows), "success")


def _share(grid: Declaration, person: Person) -> None:
    lists.share(person, grid.model, _list_id(), True)


def _unshare(grid: Declaration, person: Person) -> None:
    lists.share(person, grid.model, _list_id(), False)


def _delete(grid: Declaration, person: Person) -> None:
    lists.forget(person, grid.model, _list_id())


def _list_id() -> int:
    return id_of(request.form.get("id", ""))


_DEEDS: dict[str, Callable[[Declaration, Person], None]] = {
    "name": _name,
    "clear": _clear,
    "rename": _rename,
    "add": _add,
    "take": _take,
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
    about = request.form.get("id", "")
    here = about in [str(kept.id) for kept in known if kept.own]  # where the error is told
    page = ListsPage(
        heading=gettext("Lists of %(nouns)s", nouns=grid.noun(2)),
        action=grid.address("lists_view"),
        return_url=grid.address(),
        paste_url=grid.address("paste_view"),
        basket=" ".join(filter(None, (grid.counted(tally.number), sources_words(tally)))) if tally.number else "",
        basket_url=list_url(grid, lists.BASKET),
        basket_rows=grid.counted(tally.number) if tally.number else "",
        lines=[
            _line(grid, kept, counts.get(kept.id, 0), error if here and str(kept.id) == about else "") for kept in known
        ],
        name="" if about else request.form.get("name", "")[:200],
        error="" if here else error,
    )
    return grid.render("admin/model/lists.html", page=page)


def _line(grid: Declaration, kept: lists.NamedList, rows: int, error: str) -> ListLine:
    return ListLine(
        kept.id,
        kept.name,
        list_url(grid, kept.name),
        _term(kept.name),
        grid.counted(rows),
        gettext("You") if kept.own else kept.owner_name,
        kept.own,
        kept.shared,
        request.form.get("name", "")[:200] if error and request.form.get("do") == "rename" else kept.name,
        error,
    )
