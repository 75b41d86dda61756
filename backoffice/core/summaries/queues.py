"""Queues: how many rows wait for somebody, and the first of them with their age."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement

from backoffice.core.access import Person
from backoffice.core.selection import Selection
from backoffice.core.summaries.counting import Rows
from backoffice.core.summaries.data import Chart, Item, Link, Picture
from backoffice.core.summaries.labels import Label, to_count

FIRST = 5  # rows that a queue shows


def queue(
    person: Person,
    rows: Rows,
    search: str,
    sort: str,
    columns: Sequence[str],
    shown: Callable[[Mapping[str, Any]], Item],
    step_on: Link | None = None,
    first: Sequence[ColumnElement[bool]] = (),
) -> Chart:
    """Returns the queue of `search`, its first rows as `shown` says them; the next step on all is about `step_on`, if given.

    `first` is as for `Rows.count`.
    """
    total = rows.number(person, search, "", *first)
    found: list[dict[str, Any]] = []
    if total.points[0].value:
        found = Selection.parse(rows.model, person, search=search, sort=(sort,)).page(columns, FIRST).rows
    return Chart(Picture.QUEUE, (total,), "", rows.link(search, sort), tuple(map(shown, found)), step_on)


def days(since: date, as_of: date) -> Label:
    """Returns the days from one day to the other: "1 day", "12 days"."""
    return to_count("%(num)s day", "%(num)s days", (as_of - since).days)
