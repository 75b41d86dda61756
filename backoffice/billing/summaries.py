"""Figures about money: what is owed, since when, and what came in. One currency is never added to another."""

from __future__ import annotations

from datetime import date

from backoffice.billing.cash import FIGURES as CASH
from backoffice.billing.models import Invoice, InvoiceLine, Payment
from backoffice.billing.queues import FIGURES as QUEUES
from backoffice.billing.receivables import FIGURES as RECEIVABLES
from backoffice.billing.receivables import INVOICES
from backoffice.core.access import Person
from backoffice.core.summaries import Chart, Charts, Figure, Picture


def _disagreeing(person: Person, as_of: date) -> Charts:
    return (Chart(Picture.NUMBER, (INVOICES.number(person, "disagrees:yes"),)),)


FIGURES = (
    *QUEUES,
    *RECEIVABLES,
    *CASH,
    Figure(
        name="disagreeing_invoices",
        title="Invoices that do not add up",
        definition="Invoices whose total is not the sum of their lines, or whose settled amount is not that of the ledger. Should be 0.",
        group="Today",
        reads={Invoice: ("disagrees",), InvoiceLine: (), Payment: ()},
        compute=_disagreeing,
        alarm=True,
    ),
)
