"""Seats counted by section, in one pass along an index: what the figures about courses and terms add up."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Subquery, func, select

from backoffice.core.access import Person
from backoffice.core.summaries import Rows
from backoffice.courses.models import Section
from backoffice.enrollments.models import Enrollment

ENROLLMENTS = Rows(Enrollment, "enrollments")


def seats_by_section(person: Person, search: str, *sections: ColumnElement[bool]) -> Subquery:
    """Returns the seats of `search` by section, status and result, with their `number`.

    Sections are thousands where seats are millions; joining and sorting begin with what this leaves of them. `sections` says
    once more which sections the search is about, so that no others are read.
    """
    kinds = (Enrollment.section_id, Enrollment.status, Enrollment.final_result)
    seats = ENROLLMENTS.scan(person, search, *kinds, func.count().label("number")).group_by(*kinds)
    return (
        seats.where(Enrollment.section_id.in_(select(Section.id).where(*sections))) if sections else seats
    ).subquery()
