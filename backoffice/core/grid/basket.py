"""The basket: ticks kept on the server, so that they survive paging, searching and filtering."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select
from sqlalchemy.exc import OperationalError

from backoffice.core import lists, reader, views
from backoffice.core.access import Person
from backoffice.core.grid import messages
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import way_back
from backoffice.core.grid.state import ONES, ListState, read_selection
from backoffice.core.lists import BASKET
from backoffice.core.once import once
from backoffice.core.operations.models import PlanRow, StoredPlan
from backoffice.core.selection import Count, Selection, equals, printed
from backoffice.core.selection.filters import read_ids
from backoffice.core.selection.ids import MOST_IDS, checked_ids
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext, ngettext
from backoffice.extensions import db


@dataclass(frozen=True)
class BasketBar:
    """What the bar above a list knows of the basket."""

    number: int = 0  # of all rows in it
    elsewhere: int = 0  # of those that the page does not show
    sources: str = ""  # "from 4 searches"
    ticked: frozenset[int] = frozenset()  # of the rows that the page shows
    show_url: str = ""
    tick_url: str = ""


NO_BASKET = BasketBar()


def counted(state: ListState, limit: int | None) -> tuple[Count, lists.Tally, list[views.Entry]]:
    """Returns how many rows match, counted up to `limit` if there is one, what is in the basket, and the menu of views, by one
    statement."""
    person, model = state.person, state.grid.model
    beside = _beside(person, model, db.engine.dialect.name)
    count, (*tally, menu) = state.selection.count_beside(beside, limit, views.listing_params(person, model))
    return count, lists.Tally(*tally), views.listed(menu)


@once
def _beside(person: Person, model: type[Any], dialect: str) -> Select[Any]:
    return lists.tallying(person, model).add_columns(views.listing(dialect))


def bar(state: ListState, shown: Sequence[int], tally: lists.Tally) -> BasketBar:
    """Returns what the bar of a list that shows these rows says."""
    ticked = lists.held(state.person, state.grid.model, shown) if tally.number else frozenset()
    return BasketBar(
        tally.number,
        tally.number - len(ticked),
        sources_words(tally),
        ticked,
        list_url(state.grid, BASKET),
        state.grid.address("basket_view", **state.params(all=None, without=None)),
    )


def _ids(name: str) -> tuple[int, ...]:
    return checked_ids(name, read_ids(request.form, name) or ())


def sources_words(tally: lists.Tally) -> str:
    """Returns in how many searches the rows were ticked, if in several."""
    if tally.sources < 2:
        return ""
    number = reader.number(tally.sources)
    return ngettext("from %(num)s search", "from %(num)s searches", tally.sources, num=number)


def list_url(grid: Declaration, name: str) -> str:
    """Returns the address of the list that shows the rows of the basket or of a named list."""
    return grid.address(search=printed((equals("in", name),)))


def tick(grid: Declaration) -> ResponseReturnValue:
    """Puts rows into the basket and takes rows out, as they are ticked; answers in JSON what is in it."""
    person = current_person()
    source, taken, added = source_here(grid), _ids("remove"), _ids("add")
    if request.form.get("clear") in ONES:
        lists.clear(person, grid.model)
    lists.take(person, grid.model, taken)
    lists.put(person, grid.model, added, source)
    tally = lists.tally(person, grid.model)
    return jsonify({"number": tally.number, "sources": sources_words(tally)})


def chosen(grid: Declaration, shown: Sequence[int], ticked: Sequence[int]) -> Selection | None:
    """Returns what is in the basket, once it agrees with the ticks of the page that was sent; None if that is nothing.

    They are named one by one where so many may be: what is done to them is then about these, whatever is ticked later.
    """
    person = current_person()
    lists.replace(person, grid.model, checked_ids("shown", shown), checked_ids("rowid", ticked), source_here(grid))
    kept = Selection.parse(grid.model, person, search=printed((equals("in", BASKET),)), sort=(grid.default_sort,))
    ids = [row.id for row in db.session.execute(kept.select_ids().limit(MOST_IDS + 1))]
    if len(ids) > MOST_IDS:
        return kept
    return Selection.parse(grid.model, person, ids=sorted(ids), sort=(grid.default_sort,)) if ids else None


def keep(grid: Declaration, selection: Selection) -> ResponseReturnValue:
    """Puts what is selected into the basket: what was ticked without JavaScript, or all that match less some."""
    _put(grid, selection)
    held = lists.tally(current_person(), grid.model).number
    messages.note(gettext("%(rows)s in the basket", rows=grid.counted(held)), "success")
    return redirect(_list_that_stood_there(grid))


def name(grid: Declaration, selection: Selection) -> ResponseReturnValue:
    """Puts what is selected into the basket and leads to where it gets a name."""
    _put(grid, selection)
    return redirect(grid.address("lists_view"))


def clear(grid: Declaration) -> ResponseReturnValue:
    """Empties the basket."""
    lists.clear(current_person(), grid.model)
    return redirect(_list_that_stood_there(grid))


def done_with(grid: Declaration, token: str) -> None:
    """Takes the rows of an applied plan out of the basket: what was meant to happen to them has happened."""
    rows = select(PlanRow.entity_id).join(StoredPlan, StoredPlan.id == PlanRow.plan_id)
    mine = rows.where(StoredPlan.token == token, PlanRow.entity_type == grid.model.__tablename__)
    try:
        lists.take(current_person(), grid.model, mine)
    except OperationalError:  # somebody else writes; the deed is done, so it must not look as if it had failed
        current_app.logger.warning("The ticks of what was just done were not taken away", exc_info=True)


def source_here(grid: Declaration) -> str:
    """Returns the search of the list that the request came from, in words by which it is told from others."""
    with reader.kept():
        return read_selection(grid, request.args).narrowing()


def _put(grid: Declaration, selection: Selection) -> None:
    lists.put(current_person(), grid.model, selection.select_ids(), source_here(grid))


def _list_that_stood_there(grid: Declaration) -> str:
    """Returns the page of the list that the form stood under, with the basket's ticks instead of all that match."""
    back = urlsplit(way_back(grid))
    query = [pair for pair in parse_qsl(back.query) if pair[0] not in ("all", "without")]
    return back._replace(query=urlencode(query)).geturl()
