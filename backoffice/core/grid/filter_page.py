"""The filter page: the query of a list as conditions in boxes. It changes nothing but the address that it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from backoffice.core.access import Person
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.filter_fields import (
    BESIDE,
    Pairs,
    choices,
    field_about,
    fitting,
    hint,
    labels,
    offered,
    said_of,
    ways,
)
from backoffice.core.grid.filter_form import ROOT, Node, Place, changed, name_of, place_in, read_form
from backoffice.core.grid.looks import resolved
from backoffice.core.grid.state import ListState, read_state
from backoffice.core.selection import QueryError, printed
from backoffice.core.selection.filters import read as filters_in
from backoffice.core.selection.language import DEEPEST, parse
from backoffice.core.selection.resolve import condition as sql_of
from backoffice.core.selection.writing import (
    ANY_TEXT,
    LIST,
    NO_VALUE,
    WRITTEN,
    Condition,
    Conditions,
    boxed,
    text_of,
    written,
)
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext

SHOW, EDIT = "show", "edit"
BEFORE = "before_it"


@dataclass(frozen=True)
class Box:
    """A condition as it is shown. `extra`: what it is about, where the choice of fields does not offer that."""

    at: str
    label: str
    condition: Condition
    extra: str
    ways: Pairs
    choices: Pairs
    several: Sequence[str]
    hint: str
    typed: bool
    listed: bool
    error: str
    focus: bool


@dataclass(frozen=True)
class GroupBox:
    """A group as it is shown."""

    at: str
    label: str
    either: bool
    negated: bool
    members: Sequence[Box | GroupBox]
    nests: bool
    error: str = ""


@dataclass(frozen=True)
class FilterPage:
    """What admin/model/filter.html shows."""

    heading: str
    grid_heading: str
    action: str
    return_url: str
    hidden: Pairs
    fields: Sequence[tuple[str, Pairs]]
    beside: Pairs
    root: GroupBox
    errors: Sequence[tuple[str, str]]
    said: str


@dataclass(frozen=True)
class _Shown:
    """What is asked while boxes are drawn."""

    person: Person
    model: type[Any]
    known: Mapping[str, str]
    strict: bool
    focus: Place


def show(grid: Declaration) -> ResponseReturnValue:
    """Answers the form, or leads to the list that it says; a condition that cannot be read is named beside its boxes."""
    state, conditions, unread = _asked(grid)
    do, _, text = (request.args.get("do") or f"{EDIT}:{request.args.get('edit', '')}").partition(":")
    focus = place_in(text) or ROOT
    if do in _DEEDS and place_in(text) is not None:
        conditions, focus = _DEEDS[do](grid, conditions, focus)
    known = labels(offered(state.person, grid.model)) | dict(said_of(BESIDE))
    strict = bool(unread) or do == SHOW
    root = _group(_Shown(state.person, grid.model, known, strict, focus), conditions, ROOT)
    errors = list(_errors(root)) or ([("", unread)] if unread else [])
    if do == SHOW and not errors:
        try:
            return redirect(_address(state, conditions))
        except QueryError as error:
            errors = [("", str(error))]
    return grid.render("admin/model/filter.html", page=_page(state, root, errors, conditions)), 400 if errors else 200


def _asked(grid: Declaration) -> tuple[ListState, Conditions, str]:
    """Returns the list without its query, the query in boxes, and what is wrong with one that cannot be read."""
    args, _view = resolved(grid.model, current_person(), request.args)
    bare = {name: args[name] for name in args if not name.startswith("flt")} | {"search": ""}
    if "at" in request.args or "do" in request.args:
        return read_state(grid, bare), read_form(request.args), ""
    try:
        state = read_state(grid)
    except QueryError as error:
        return read_state(grid, bare), _unread(args), str(error)
    selection = state.selection
    conditions = boxed((*selection.terms, *selection.filters))
    return state, conditions if conditions.members else Conditions((_first(grid),)), ""


def _unread(args: Mapping[str, Any]) -> Conditions:
    """Returns the conditions of a query of which some mean nothing; the query as it is written, if it has no parts at all."""
    search = args.get("search", "")
    try:
        return boxed((*parse(search), *filters_in(args)))
    except QueryError:
        return Conditions((Condition(WRITTEN, "", search),))


def _first(grid: Declaration) -> Condition:
    """Returns an empty condition to begin with."""
    person = current_person()
    about = next(iter(grid.filters_for(person)), ANY_TEXT)
    return Condition(about, fitting(person, grid.model, Condition(about)))


def _add(grid: Declaration, conditions: Conditions, place: Place) -> tuple[Conditions, Place]:
    return _append(conditions, place, lambda group: _first(grid))


def _add_group(grid: Declaration, conditions: Conditions, place: Place) -> tuple[Conditions, Place]:
    made, at = _append(conditions, place, lambda group: Conditions((_first(grid),), either=not group.either))
    return made, (*at, 0)


def _append(conditions: Conditions, place: Place, make: Callable[[Conditions], Node]) -> tuple[Conditions, Place]:
    at = place

    def longer(node: Node) -> Node:
        nonlocal at
        if not isinstance(node, Conditions):
            return node
        at = (*place, len(node.members))
        return replace(node, members=(*node.members, make(node)))

    return changed(conditions, place, longer), at


def _remove(grid: Declaration, conditions: Conditions, place: Place) -> tuple[Conditions, Place]:
    """Takes a condition away, and the groups that are empty without it."""
    if not place:
        return Conditions(()), ROOT
    left = changed(conditions, place, lambda node: None)
    while len(place) > 1:
        place = place[:-1]
        left = changed(left, place, lambda node: None if node == Conditions((), *_ways_of(node)) else node)
    return left, (max(0, place[0] - 1),) if left.members else ROOT


def _ways_of(node: Node) -> tuple[bool, bool]:
    return (node.either, node.negated) if isinstance(node, Conditions) else (False, False)


_DEEDS: dict[str, Callable[[Declaration, Conditions, Place], tuple[Conditions, Place]]] = {
    "add": _add,
    "group": _add_group,
    "remove": _remove,
}


def _group(shown: _Shown, conditions: Conditions, place: Place) -> GroupBox:
    members = [
        _group(shown, member, (*place, number))
        if isinstance(member, Conditions)
        else _box(shown, member, (*place, number))
        for number, member in enumerate(conditions.members)
    ]
    return GroupBox(
        name_of(place), _label(place), conditions.either, conditions.negated, members, len(place) < DEEPEST - 1
    )


def _label(place: Place) -> str:
    """Returns a place as people count."""
    return ".".join(str(step + 1) for step in place)


def _box(shown: _Shown, condition: Condition, place: Place) -> Box:
    error = _error(shown, condition) if shown.strict else ""
    condition = replace(condition, slug=fitting(shown.person, shown.model, condition))
    field = field_about(shown.person, shown.model, condition.about)
    values = choices(field, condition)
    several = condition.value.split(",") if values and condition.slug == LIST else ()
    return Box(
        at=name_of(place),
        label=_label(place),
        condition=condition,
        extra="" if condition.about in shown.known else condition.about,
        ways=ways(field, condition.about),
        choices=values,
        several=several,
        hint=hint(field, condition),
        typed=not values and condition.slug not in NO_VALUE,
        listed=bool(values) and condition.slug == LIST,
        error=error,
        focus=place == shown.focus,
    )


def _error(shown: _Shown, condition: Condition) -> str:
    try:
        sql_of(shown.model, shown.person, written(condition))
    except QueryError as error:
        return str(error)
    return ""


def _errors(group: GroupBox) -> Iterator[tuple[str, str]]:
    """Yields the place of each condition that says nothing, and why."""
    for member in group.members:
        if isinstance(member, GroupBox):
            yield from _errors(member)
        elif member.error:
            yield member.at, gettext("Condition %(label)s: %(error)s", label=member.label, error=member.error)


def _address(state: ListState, conditions: Conditions) -> str:
    selection = replace(state.selection, filters=()).replace_search(text_of(conditions))
    return replace(state, selection=selection, everything=False, without=()).url()


def _page(state: ListState, root: GroupBox, errors: Sequence[tuple[str, str]], conditions: Conditions) -> FilterPage:
    grid = state.grid
    bare = replace(state.selection, search="", terms=(), filters=())
    before = _before(state)
    cleared = replace(state, selection=bare, everything=False, without=())
    return FilterPage(
        heading=gettext("Filter %(nouns)s", nouns=grid.noun(2)),
        grid_heading=grid.heading(),
        action=grid.address("filter_view"),
        return_url=cleared.url(search=before),
        hidden=[*cleared.params().items(), (BEFORE, before)],
        fields=offered(state.person, grid.model),
        beside=said_of(BESIDE),
        root=root,
        errors=errors,
        said=_said(conditions),
    )


def _before(state: ListState) -> str:
    """Returns the query that the page was opened with, which "Cancel" leads back to."""
    parts = (*state.selection.terms, *state.selection.filters)
    return printed(parts) or request.args.get(BEFORE) or request.args.get("search", "")


def _said(conditions: Conditions) -> str:
    """Returns the query as it is so far; "" while some condition says nothing yet."""
    try:
        return text_of(conditions)
    except QueryError:
        return ""
