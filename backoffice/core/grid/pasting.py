"""Rows by a pasted list of emails, numbers or ids: what was found, doubled, not found and not permitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, request
from flask.typing import ResponseReturnValue

from backoffice.core import lists, reader
from backoffice.core.access import Person
from backoffice.core.grid import messages
from backoffice.core.grid.basket import list_url
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.listing import tell_of, wants_sharing
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext

SOURCE = "pasted"


@dataclass(frozen=True)
class PastePage:
    """What admin/model/paste.html shows. `groups`: (title, count, what was pasted)."""

    heading: str
    action: str
    return_url: str
    noun_many: str
    text: str
    groups: Sequence[tuple[str, str, Sequence[str]]] = ()
    found: int = 0
    name: str = ""
    error: str = ""
    name_error: str = ""


def paste(grid: Declaration) -> ResponseReturnValue:
    """Answers the empty page, what became of the text pasted there, or the list that its rows were put into.

    Nothing is kept between the steps: the text is looked up again, for whoever sends it.
    """
    person, text = current_person(), request.form.get("text", "")
    if request.method == "GET":
        return _page(grid, text)
    try:
        pasted = lists.paste(person, grid.model, text)
    except lists.ListError as error:
        return _page(grid, text, error=str(error)), 422
    if not (pasted.found or pasted.doubled or pasted.not_found or pasted.not_permitted):
        return _page(grid, text, error=gettext("There is nothing to look for. Paste emails, numbers or ids.")), 422
    deed = request.form.get("do") if pasted.ids else ""
    try:
        name = _kept(grid, person, pasted, deed or "")
    except lists.ListError as error:
        return _page(grid, text, pasted, name_error=str(error)), 422
    return redirect(list_url(grid, name)) if name else _page(grid, text, pasted)


def _kept(grid: Declaration, person: Person, pasted: lists.Pasted, deed: str) -> str:
    """Puts the rows found where the form says and returns the name of that list; "" where it says nothing."""
    if deed == "keep":
        lists.put(person, grid.model, pasted.ids, SOURCE)
        messages.note(gettext("%(rows)s added to the basket", rows=grid.counted(len(pasted.ids))), "success")
        return lists.BASKET
    if deed == "name":
        wanted = request.form.get("name", "")
        name = lists.name_rows(person, grid.model, wanted, pasted.ids, SOURCE, shared=wants_sharing())
        tell_of(name)
        return name
    return ""


def _page(
    grid: Declaration, text: str, pasted: lists.Pasted | None = None, *, error: str = "", name_error: str = ""
) -> str:
    page = PastePage(
        heading=gettext("Paste a list of %(nouns)s", nouns=grid.noun(2)),
        action=grid.address("paste_view"),
        return_url=grid.address(),
        noun_many=grid.noun(2),
        text=text,
        groups=_groups(pasted) if pasted else (),
        found=len(pasted.ids) if pasted else 0,
        name=request.form.get("name", "")[:200],
        error=error,
        name_error=name_error,
    )
    return grid.render("admin/model/paste.html", page=page)


def _groups(pasted: lists.Pasted) -> list[tuple[str, str, Sequence[str]]]:
    titled = (
        (gettext("found"), pasted.found),
        (gettext("doubled"), pasted.doubled),
        (gettext("not found"), pasted.not_found),
        (gettext("not permitted"), pasted.not_permitted),
    )
    return [(title, reader.number(len(given)), given) for title, given in titled]
