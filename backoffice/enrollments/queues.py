"""What waits for a registrar: applications, seats that are free, sections that ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from backoffice.core.access import Person
from backoffice.core.summaries import Charts, Figure, Item, Rows, Step, days, queue, to_count
from backoffice.courses.models import Section, Term
from backoffice.enrollments.models import Enrollment
from backoffice.enrollments.seats import ENROLLMENTS
from backoffice.students.models import Student

SECTIONS = Rows(Section, "sections")
PATIENCE = timedelta(days=3)  # that an application may have
SEAT = ("student", "section", "applied_on")

_admit = {"set-status": "active"}


def _applied(person: Person, as_of: date) -> Charts:
    search = f"status:applied applied_on<{as_of - PATIENCE}"
    return (queue(person, ENROLLMENTS, search, "applied_on", SEAT, lambda row: _seat(row, as_of)),)


def _seat_free(person: Person, as_of: date) -> Charts:
    search = (
        "status:waitlisted section.seats_free>0 section.status:planned,open,in_progress section.term.status:open"
        " student.financial_hold:no"
    )
    waiting = (Enrollment.status == "waitlisted",)
    return (queue(person, ENROLLMENTS, search, "applied_on", SEAT, lambda row: _seat(row, as_of), first=waiting),)


def _ended(person: Person, as_of: date) -> Charts:
    def shown(row: Mapping[str, Any]) -> Item:
        since = (as_of - row["end_date"]).days
        seats = ENROLLMENTS.link(f"status:active section.id:{row['id']}")
        return Item(row["id"], row["code"], to_count("ended %(num)s day ago", "ended %(num)s days ago", since), seats)

    search = f"end_date<{as_of} enrollments.status:active"
    all_seats = ENROLLMENTS.link(f"status:active section.end_date<{as_of}")
    return (queue(person, SECTIONS, search, "end_date", ("code", "end_date"), shown, all_seats),)


def _seat(row: Mapping[str, Any], as_of: date) -> Item:
    since = row["applied_on"]
    return Item(row["id"], f"{row['student']}, {row['section']}", days(since, as_of) if since else "")


_WAITING = {Enrollment: ("status", "applied_on", "student", "section"), Student: ("full_name",)}

FIGURES = (
    Figure(
        name="applied_waiting",
        title="Applied more than 3 days ago",
        definition="Applications that nobody has answered for more than 3 days, the oldest first.",
        group="To do",
        reads={**_WAITING, Section: ("code",)},
        compute=_applied,
        step=Step("Admit", Enrollment, "enrollments", _admit),
    ),
    Figure(
        name="seat_free",
        title="A seat is free for someone waiting",
        definition="Students without a financial hold on the waiting list of a section with a free seat that still takes "
        "students, in an open term; who has waited longest first.",
        group="To do",
        reads={
            **_WAITING,
            Student: ("full_name", "financial_hold"),
            Section: ("code", "seats_free", "capacity", "status", "term"),
            Term: ("status",),
        },
        compute=_seat_free,
        step=Step("Give the seat", Enrollment, "enrollments", _admit),
    ),
    Figure(
        name="sections_ended",
        title="Sections past their end with active seats",
        definition="Sections that ended before today and still have active enrollments; these want a result.",
        group="To do",
        reads={Enrollment: ("status", "section"), Section: ("code", "end_date", "enrollments")},
        compute=_ended,
        step=Step("Complete", Enrollment, "enrollments", {"set-status": "completed"}, asks=True),
    ),
)
