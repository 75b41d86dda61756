"""Figures: named numbers and series with their definition, their picture and the grid that shows the rows behind them.

A feature lists its own in `summaries.py`:

    ENROLLMENTS = Rows(Enrollment, "enrollments")

    def _active(person: Person, as_of: date) -> Charts:
        running = f"status:active section.start_date<={as_of} section.end_date>={as_of}"
        return (Chart(Picture.NUMBER, (ENROLLMENTS.number(person, running),)),)

    FIGURES = (Figure("active_enrollments", "Active enrollments", "Seats ...", group="Today", reads={...}, compute=_active),)

`queue()` makes the chart of what waits for somebody, and the figure's Step says what to do next with it. A figure over time is
`periodic`: it is given the Spans of a chosen period, and `compared()` sets a number beside that of the period before.

A plain text in a chart is data and shown as it is; `to_tell()` and `to_count()` give one that is said in the reader's language, by
`told()` where it is shown.

`init_app(app, figures)` makes them known, `look(person)` returns those that a person may see, with their age, `refresh(person)`
has them made afresh; `renew` is to be told the tables of every commit.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from backoffice.core.summaries.comparing import Counted, by_currency, compared, of_currency
from backoffice.core.summaries.counting import Rows
from backoffice.core.summaries.data import (
    Chart,
    Charts,
    Item,
    Link,
    Past,
    Picture,
    Point,
    Series,
    number,
    part_of,
    share,
)
from backoffice.core.summaries.figure import Figure, Figures, Step
from backoffice.core.summaries.freshness import mark_of, renew, tables_of
from backoffice.core.summaries.labels import COUNT, PERCENT, Label, Value, to_count, to_tell, told
from backoffice.core.summaries.looking import Look, look, refresh, visible
from backoffice.core.summaries.queues import days, queue
from backoffice.core.summaries.remembering import Allowance, remembered, remembered_of, unless_slow

__all__ = [
    "COUNT",
    "PERCENT",
    "Allowance",
    "Chart",
    "Charts",
    "Counted",
    "Figure",
    "Item",
    "Label",
    "Link",
    "Look",
    "Past",
    "Picture",
    "Point",
    "Rows",
    "Series",
    "Step",
    "Value",
    "by_currency",
    "compared",
    "days",
    "init_app",
    "look",
    "mark_of",
    "number",
    "of_currency",
    "part_of",
    "queue",
    "refresh",
    "remembered",
    "remembered_of",
    "renew",
    "share",
    "tables_of",
    "to_count",
    "to_tell",
    "told",
    "unless_slow",
    "visible",
]


def init_app(app: Flask, figures: Iterable[Figure]) -> None:
    """Makes `figures` the figures of `app`."""
    app.extensions["summaries"] = Figures(figures)
