"""Figures: named numbers and series with their definition, their picture and the grid that shows the rows behind them.

A feature lists its own in `summaries.py`:

    ENROLLMENTS = Rows(Enrollment, "enrollments")

    def _active(person: Person, as_of: date) -> Charts:
        running = f"status:active section.start_date<={as_of} section.end_date>={as_of}"
        return (Chart(Picture.NUMBER, (ENROLLMENTS.number(person, running),)),)

    FIGURES = (Figure("active_enrollments", "Active enrollments", "Seats ...", group="Students", reads={...}, compute=_active),)

`init_app(app, figures)` makes them known, `look(person)` returns those that a person may see, with their age; `renew`
is to be told the tables of every commit.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from backoffice.core.summaries.counting import Rows
from backoffice.core.summaries.data import (
    COUNT,
    PERCENT,
    Chart,
    Charts,
    Link,
    Picture,
    Point,
    Series,
    number,
    part_of,
    share,
)
from backoffice.core.summaries.figure import Figure, Figures
from backoffice.core.summaries.freshness import renew
from backoffice.core.summaries.looking import Look, look

__all__ = [
    "COUNT",
    "PERCENT",
    "Chart",
    "Charts",
    "Figure",
    "Link",
    "Look",
    "Picture",
    "Point",
    "Rows",
    "Series",
    "init_app",
    "look",
    "number",
    "part_of",
    "renew",
    "share",
]


def init_app(app: Flask, figures: Iterable[Figure]) -> None:
    """Makes `figures` the figures of `app`."""
    app.extensions["summaries"] = Figures(figures)
