"""Figures about the offer: sections by their calendar."""

from __future__ import annotations

from datetime import date, timedelta

from backoffice.core.access import Person
from backoffice.core.summaries import Chart, Charts, Figure, Picture, Rows
from backoffice.core.summaries.periods import between
from backoffice.courses.models import Section

SECTIONS = Rows(Section, "sections")
SOON = timedelta(days=14)


def _starting_soon(person: Person, as_of: date) -> Charts:
    search = f"{between('start_date', as_of, as_of + SOON)} -status:cancelled"
    return (Chart(Picture.NUMBER, (SECTIONS.number(person, search),)),)


FIGURES = (
    Figure(
        name="sections_starting_soon",
        title="Sections starting soon",
        definition="Sections that start today or within 14 days and are not cancelled.",
        group="Today",
        reads={Section: ("start_date", "status")},
        compute=_starting_soon,
    ),
)
