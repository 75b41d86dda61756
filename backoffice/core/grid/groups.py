"""A list in groups: how many rows have each value of one field, and what the columns add up to in each.

Which field is in the address, and a view keeps it. Each group leads to the list of its rows: the same query with one more condition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from markupsafe import Markup

from backoffice.core import reader
from backoffice.core.grid import formats
from backoffice.core.grid.catalog import field_at
from backoffice.core.grid.grouping import MEASURES, groupable, offered
from backoffice.core.grid.kept_totals import allowance
from backoffice.core.grid.state import ListState
from backoffice.core.grid.totals_foot import shown
from backoffice.core.selection import (
    Field,
    Grouped,
    Kind,
    groups,
    numeric,
    printed,
    with_totals,
)
from backoffice.core.summaries import unless_slow
from backoffice.core.wording import gettext, later, said

SIZE = 50  # groups of a page
TOO_MANY = later("These are too many rows to group at once. Narrow the list.")
NOT_ADDED = later("These are too many rows to add up at once, so the groups are only counted.")
STILL_TOO_MANY = later("Even so these are too many rows to group. Narrow the list.")
STILL_NOT_ADDED = later("Even so these are too many rows to add up, so the groups are only counted.")

Links = Sequence[tuple[str, str, bool]]  # words, address, whether that is how it is


@dataclass(frozen=True)
class GroupsTable:
    """What admin/parts/groups.html shows."""

    label: str  # of the field
    fields: Links
    measure: str
    measures: Links
    rows_url: str  # the same list without groups
    columns: Sequence[str] = ()
    rows: Sequence[tuple[str, str, Sequence[str]]] = ()  # a link, the number of rows, figures
    first: str = ""
    last: str = ""
    total: str = ""
    previous_url: str = ""
    next_url: str = ""
    problem: str = ""
    patient_url: str = ""  # leads to where there is more time


def table(state: ListState) -> GroupsTable:
    """Returns the page of groups that the address asks for, as far as there is time."""
    allowed = allowance(state.patient)
    path = state.group
    field = field_at(state.person, state.grid.model, path)
    assert field is not None  # noqa: S101  the state was read by `checked_group`
    frame = _frame(state, field)
    numbers = numeric(state.columns)
    selection = state.selection
    asked = replace(selection, sort=()).select((path, *numbers))
    found = unless_slow("groups", asked, allowed, lambda: groups(selection, path, field, SIZE, state.number))
    if found is None:
        return _without(state, frame, TOO_MANY, STILL_TOO_MANY)
    rows: Sequence[Grouped] | None = found.groups
    if numbers and found.groups:
        added = partial(with_totals, selection, found.groups, path, field, numbers)
        rows = unless_slow("groups-totals", asked, allowed, added)
    if rows is None:
        frame = _without(state, frame, NOT_ADDED, STILL_NOT_ADDED)
    first = state.number * SIZE + 1
    return replace(
        frame,
        columns=[column.label for column in numbers.values()] if rows is not None else (),
        rows=[_row(state, field, group, numbers if rows is not None else {}) for group in rows or found.groups],
        first=reader.number(first),
        last=reader.number(first + len(found.groups) - 1) if found.groups else "",
        total=reader.number(found.number),
        previous_url=_beside(state, state.number - 1) if state.number else "",
        next_url=_beside(state, state.number + 1) if first + len(found.groups) <= found.number else "",
    )


def _without(state: ListState, frame: GroupsTable, problem: str, still: str) -> GroupsTable:
    """Returns the frame that says what there was no time for, and where there is more of it."""
    if state.patient:
        return replace(frame, problem=gettext(still))
    return replace(frame, problem=gettext(problem), patient_url=state.here(count="exact"))


def _beside(state: ListState, number: int) -> str:
    return state.url(page=number or None, count="exact" if state.patient else None)


def _frame(state: ListState, field: Field) -> GroupsTable:
    fields = {**offered(state.person, type(state.grid)), state.group: field}
    shown_too = {path: column for path, column in state.columns.items() if groupable(state.person, column)}
    return GroupsTable(
        label=field.label,
        fields=[
            (each.label, state.url(group=path), path == state.group) for path, each in {**fields, **shown_too}.items()
        ],
        measure=said(state.measure),
        measures=[
            (said(name), state.url(measure=name if name != MEASURES[0] else None), name == state.measure)
            for name in MEASURES
        ],
        rows_url=state.url(group=None, measure=None),
    )


def _row(state: ListState, field: Field, group: Grouped, numbers: Mapping[str, Field]) -> tuple[str, str, list[str]]:
    figures = [shown(path, each, group.totals.get(path, ()), state.measure) for path, each in numbers.items()]
    link = Markup('<a href="{}">{}</a>').format(_url(state, group), _said(field, group.value))
    return link, reader.number(group.rows), figures


def _url(state: ListState, group: Grouped) -> str:
    """Returns the address of the list of the group's rows."""
    selection = state.selection
    narrowed = selection.replace_search(printed((*selection.terms, group.term)))
    return replace(state, selection=narrowed, group="", measure=MEASURES[0], everything=False, without=()).url()


def _said(field: Field, value: object) -> str:
    if value is None:
        return gettext("Empty")
    if isinstance(value, date):
        return reader.month(value)
    if field.kind is Kind.BOOLEAN:
        return formats.yes_or_no(value)
    return said(str(value)) if field.kind is Kind.CHOICE else str(value)
