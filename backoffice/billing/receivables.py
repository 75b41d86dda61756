"""What is owed: outstanding, by age, overdue, due soon."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import func

from backoffice.billing.models import OPEN, Invoice
from backoffice.core.access import Person
from backoffice.core.selection import equals
from backoffice.core.summaries import Chart, Charts, Figure, Label, Link, Picture, Point, Rows, Series, number, to_tell
from backoffice.core.summaries.periods import between
from backoffice.extensions import db
from backoffice.students.models import Student

INVOICES = Rows(Invoice, "invoices")
STUDENTS = Rows(Student, "students")
OWED = "state:issued balance>0"  # which is OPEN, as an index understands it
SOON = timedelta(days=7)


@dataclass(frozen=True)
class _Age:
    """Days past due from `low` to `high`; None is open."""

    label: Label
    low: int | None
    high: int | None

    def holds(self, days: int) -> bool:
        return (self.low is None or days >= self.low) and (self.high is None or days <= self.high)

    def search(self, as_of: date) -> str:
        first = "" if self.high is None else as_of - timedelta(days=self.high)
        last = "" if self.low is None else as_of - timedelta(days=self.low)
        return f"due_date:{first}..{last}"


AGES = (
    _Age(to_tell("Not yet due"), None, 0),
    _Age(to_tell("1 to 30 days"), 1, 30),
    _Age(to_tell("31 to 60 days"), 31, 60),
    _Age(to_tell("61 to 90 days"), 61, 90),
    _Age(to_tell("Over 90 days"), 91, None),
)


def _sums(person: Person, search: str) -> tuple[Series, ...]:
    """Returns the balance of the invoices of `search`, one series per currency."""
    rows = db.session.execute(
        INVOICES.scan(person, search, Invoice.currency, func.sum(Invoice.balance_minor), func.count())
        .where(*OPEN)
        .group_by(Invoice.currency)
        .order_by(Invoice.currency)
    )
    return tuple(
        number(
            int(owed),
            INVOICES.link(f"{search} {equals('currency', code)}", "due_date"),
            label=code,
            unit=code,
            rows=count,
        )
        for code, owed, count in rows
    )


def _together(sums: tuple[Series, ...], search: str) -> Series:
    """Returns the number of invoices behind sums by currency."""
    return number(sum(one.points[0].rows for one in sums), INVOICES.link(search), label=to_tell("Invoices"))


def _outstanding(person: Person, as_of: date) -> Charts:
    nothing = number(0, INVOICES.link(OWED), unit=current_app.config["CURRENCY"])
    return (Chart(Picture.NUMBER, _sums(person, OWED) or (nothing,)),)


def _overdue(person: Person, as_of: date) -> Charts:
    search = f"{OWED} due_date<{as_of}"
    sums = _sums(person, search)
    owing = db.session.scalar(INVOICES.scan(person, search, func.count(Invoice.student_id.distinct())).where(*OPEN))
    return (
        Chart(
            Picture.NUMBER,
            (
                _together(sums, search),
                number(int(owing or 0), STUDENTS.link("billing_status:overdue"), label=to_tell("Students")),
                *sums,
            ),
        ),
    )


def _due_soon(person: Person, as_of: date) -> Charts:
    search = f"{OWED} {between('due_date', as_of, as_of + SOON)}"
    sums = _sums(person, search)
    return (Chart(Picture.NUMBER, (_together(sums, search), *sums)),)


def _aging(person: Person, as_of: date) -> Charts:
    rows = db.session.execute(
        INVOICES.scan(person, OWED, Invoice.currency, Invoice.due_date, func.sum(Invoice.balance_minor), func.count())
        .where(*OPEN)
        .group_by(Invoice.currency, Invoice.due_date)
        .order_by(Invoice.currency)
    )
    sums: dict[str, dict[_Age, list[int]]] = defaultdict(lambda: {age: [0, 0] for age in AGES})
    for code, due, owed, count in rows:
        cell = next(sums[code][age] for age in AGES if age.holds((as_of - due).days))
        cell[0] += int(owed)
        cell[1] += count
    return tuple(_aging_chart(code, cells, as_of) for code, cells in sums.items())


def _aging_chart(code: str, cells: dict[_Age, list[int]], as_of: date) -> Chart:
    series = tuple(
        Series(age.label, code, (Point(code, owed, _aged(code, age, as_of), count),))
        for age, (owed, count) in cells.items()
    )
    return Chart(Picture.STACKED, series, code, INVOICES.link(f"{OWED} {equals('currency', code)}", "due_date"))


def _aged(code: str, age: _Age, as_of: date) -> Link:
    return INVOICES.link(f"{OWED} {equals('currency', code)} {age.search(as_of)}", "due_date")


_OWED = ("state", "balance", "currency", "due_date")

FIGURES = (
    Figure(
        name="overdue",
        title="Overdue",
        definition="Issued invoices with a balance whose due date has passed; overdue begins on the day after it.",
        group="Today",
        reads={Invoice: (*_OWED, "student"), Student: ("billing_status",)},
        compute=_overdue,
        alarm=True,
    ),
    Figure(
        name="due_soon",
        title="Due within 7 days",
        definition="Issued invoices with a balance that fall due today or within 7 days.",
        group="Today",
        reads={Invoice: _OWED},
        compute=_due_soon,
    ),
    Figure(
        name="outstanding",
        title="Outstanding",
        definition="The balance of issued invoices that are not yet settled. Credit balances stand apart and are never taken off.",
        group="Today",
        reads={Invoice: _OWED},
        compute=_outstanding,
    ),
    Figure(
        name="aging",
        title="Aging of what is outstanding",
        definition="The outstanding balance by days past the due date; what is due today is not yet past it.",
        group="In detail",
        reads={Invoice: _OWED},
        compute=_aging,
    ),
)
