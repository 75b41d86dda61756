"""What waits for whoever collects the money: overdue invoices to chase, and drafts to send out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from backoffice.billing.models import Invoice
from backoffice.billing.receivables import INVOICES, OWED
from backoffice.core.access import Person
from backoffice.core.money import to_minor
from backoffice.core.summaries import Charts, Figure, Item, Step, Value, queue, to_count
from backoffice.students.models import Student

REMINDED = timedelta(days=7)  # a reminder is given so long before the next
COLUMNS = ("reference", "student", "balance", "currency", "due_date")


def _to_chase(person: Person, as_of: date) -> Charts:
    def shown(row: Mapping[str, Any]) -> Item:
        owed = Value(to_minor(row["balance"], row["currency"]), row["currency"])
        late = (as_of - row["due_date"]).days
        note = to_count("%(amount)s, %(num)s day late", "%(amount)s, %(num)s days late", late, amount=owed)
        return Item(row["id"], f"{row['student']}, {row['reference']}", note)

    search = f"{OWED} due_date<{as_of} -last_reminder_at>={as_of - REMINDED}"
    return (queue(person, INVOICES, search, "due_date", COLUMNS, shown),)


FIGURES = (
    Figure(
        name="overdue_to_chase",
        title="Overdue invoices to chase",
        definition="Issued invoices with a balance whose due date has passed, and of which nobody was reminded within 7 days; "
        "the oldest first. The next step notes a reminder of today.",
        group="To do",
        reads={
            Invoice: ("reference", "state", "balance", "currency", "due_date", "student", "last_reminder_at"),
            Student: ("full_name",),
        },
        compute=_to_chase,
        step=Step(
            "Note reminder",
            Invoice,
            "invoices",
            {"set-reminder_count": "1", "how-reminder_count": "add"},
            dated="set-last_reminder_at",
        ),
    ),
)
