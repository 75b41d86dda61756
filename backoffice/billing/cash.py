"""What was billed and what came in: by month, as a rate, and what settles without cash."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from backoffice.billing.models import ON_ACCOUNT, OVERPAID, Invoice, InvoiceLine, Payment
from backoffice.core.access import Person
from backoffice.core.selection import equals
from backoffice.core.summaries import (
    PERCENT,
    Chart,
    Charts,
    Counted,
    Figure,
    Label,
    Picture,
    Point,
    Rows,
    Series,
    Value,
    by_currency,
    compared,
    number,
    of_currency,
    share,
    to_tell,
)
from backoffice.core.summaries.periods import Period, Spans, begun, bucket, months_of, spanning
from backoffice.extensions import db
from backoffice.students.models import Student

INVOICES, PAYMENTS, STUDENTS = Rows(Invoice, "invoices"), Rows(Payment, "payments"), Rows(Student, "students")
ISSUED = "state:issued"
CASH = "status:succeeded kind:payment,refund"
CREDIT_ON_ACCOUNT = "status:succeeded kind:payment,credit invoice:none"

_signed = case((Payment.kind == "refund", -Payment.amount_minor), else_=Payment.amount_minor)
_line, _refund = aliased(InvoiceLine), aliased(Payment)


@dataclass(frozen=True)
class _Flow:
    """Amounts by the day on which they count."""

    name: Label
    rows: Rows
    search: str
    day: Any
    amount: Any

    def cells(self, person: Person, periods: Sequence[Period]) -> dict[str, list[list[int]]]:
        """Returns per currency and period the sum in minor units and the number of rows."""
        cells: dict[str, list[list[int]]] = defaultdict(lambda: [[0, 0] for _ in periods])
        currency = self.rows.model.currency
        search = f"{self.search} {spanning(self.day.key, periods)}"
        statement = self.rows.select(person, search, self.day, currency, func.sum(self.amount), func.count())
        for on, code, total, count in db.session.execute(statement.group_by(self.day, currency)):
            cell = cells[code][bucket(on, periods)]
            cell[0] += int(total)
            cell[1] += count
        return cells

    def counted(self, code: str, period: Period, cell: Sequence[int]) -> Counted:
        """Returns one cell with its link."""
        search = f"{self.search} {equals('currency', code)} {period.search(self.day.key)}"
        return Counted(cell[0], self.rows.link(search), cell[1])

    def series(self, code: str, periods: Sequence[Period], cells: list[list[int]]) -> Series:
        search = f"{self.search} {equals('currency', code)}"
        points = tuple(
            Point(period.label, total, self.rows.link(f"{search} {period.search(self.day.key)}"), count)
            for period, (total, count) in zip(periods, cells, strict=True)
        )
        return Series(self.name, code, points)


FLOWS = (
    _Flow(to_tell("Billed"), INVOICES, ISSUED, Invoice.issue_date, Invoice.total_minor),
    _Flow(to_tell("Collected"), PAYMENTS, CASH, Payment.received_on, _signed),
)


def _by_month(person: Person, spans: Spans) -> Charts:
    periods = months_of(begun(spans.now, spans.as_of))
    cells = [flow.cells(person, periods) for flow in FLOWS]
    codes = sorted(set(chain.from_iterable(cells)))
    billed = f"{ISSUED} {spanning('issue_date', periods)}"
    return tuple(
        Chart(
            Picture.COLUMNS,
            tuple(flow.series(code, periods, own[code]) for flow, own in zip(FLOWS, cells, strict=True)),
            code,
            INVOICES.link(f"{billed} {equals('currency', code)}"),
        )
        for code in codes
    )


def _sum_of(flow: _Flow, person: Person, spans: Spans) -> Charts:
    """Returns the sum of a flow in the period, one number per currency."""
    series = by_currency(
        "",
        spans,
        lambda period: {
            code: flow.counted(code, period, cells[0]) for code, cells in flow.cells(person, [period]).items()
        },
        lambda code, period: flow.counted(code, period, [0, 0]),
    )
    return (Chart(Picture.NUMBER, series),)


def _billed(person: Person, spans: Spans) -> Charts:
    return _sum_of(FLOWS[0], person, spans)


def _collected(person: Person, spans: Spans) -> Charts:
    return _sum_of(FLOWS[1], person, spans)


def _collection(person: Person, spans: Spans) -> Charts:
    rates = {period: _rates(person, period) for period in (spans.now, spans.before)}
    series = (
        compared(code, spans, lambda period, code=code: rates[period].get(code), PERCENT)  # type: ignore[misc]
        for code in sorted(rates[spans.now])
    )
    return (Chart(Picture.NUMBER, tuple(one for one in series if one)),)


def _rates(person: Person, period: Period) -> dict[str, Counted]:
    """Returns by currency the cash on the invoices issued in a period, of what they bill."""
    search = f"{ISSUED} {period.search('issue_date')}"
    invoices = INVOICES.select(person, search, Invoice.id).subquery()
    cash = db.session.execute(
        PAYMENTS.select(person, CASH, Payment.currency, func.sum(_signed))
        .join(invoices, Payment.invoice_id == invoices.c.id)
        .group_by(Payment.currency)
    )
    collected = {code: int(total) for code, total in cash}
    return {
        code: Counted(
            share(collected.get(code, 0), total),
            INVOICES.link(f"{search} {equals('currency', code)}"),
            count,
            to_tell("of %(whole)s", whole=Value(total, code)),
        )
        for code, [(total, count)] in FLOWS[0].cells(person, [period]).items()
        if total
    }


def _without_cash(person: Person, as_of: date) -> Charts:
    returned = select(func.coalesce(func.sum(_refund.amount_minor), 0)).where(
        _refund.refund_of_id == Payment.id, _refund.status == "succeeded"
    )
    discounts = "state:issued lines.kind:discount"
    discount = select(func.coalesce(func.sum(-_line.amount_minor), 0)).where(
        _line.invoice_id == Invoice.id, _line.kind == "discount"
    )
    series = (
        STUDENTS.number(person, "financial_hold:yes", to_tell("Students on hold")),
        *_sums(
            to_tell("Credit balances"), INVOICES, person, "state:issued balance<0", -Invoice.balance_minor, *OVERPAID
        ),
        *_sums(
            to_tell("Credit on account"),
            PAYMENTS,
            person,
            CREDIT_ON_ACCOUNT,
            Payment.amount_minor - returned.correlate(Payment).scalar_subquery(),
            *ON_ACCOUNT,
        ),
        *_sums(to_tell("Discounts"), INVOICES, person, discounts, discount.correlate(Invoice).scalar_subquery()),
        *_sums(to_tell("Write-offs"), PAYMENTS, person, "status:succeeded kind:write_off", Payment.amount_minor),
    )
    return (Chart(Picture.TABLE, series),)


def _sums(name: Label, rows: Rows, person: Person, search: str, amount: Any, *same: Any) -> list[Series]:
    """Returns the sum of `amount` over the rows of `search`, one series per currency.

    `same` says parts of the search once more, as an index understands them.
    """
    columns = (rows.model.currency.label("currency"), amount.label("amount"))
    read = rows.scan if same else rows.select
    amounts = read(person, search, *columns).where(*same).subquery()
    found = db.session.execute(
        select(amounts.c.currency, func.sum(amounts.c.amount), func.count())
        .group_by(amounts.c.currency)
        .order_by(amounts.c.currency)
    )
    return [
        number(
            int(total),
            rows.link(f"{search} {equals('currency', code)}"),
            label=of_currency(name, code),
            unit=code,
            rows=count,
        )
        for code, total, count in found
    ]


FIGURES = (
    Figure(
        name="billed",
        title="Billed",
        definition="Totals of issued invoices by issue date, net of discounts, without drafts and voids.",
        group="In the period",
        reads={Invoice: ("state", "issue_date", "total", "currency")},
        compute=_billed,
        periodic=True,
    ),
    Figure(
        name="collected",
        title="Collected",
        definition="Payments less refunds by the day received; credits and write-offs are no cash.",
        group="In the period",
        reads={Payment: ("status", "kind", "received_on", "amount", "currency")},
        compute=_collected,
        periodic=True,
    ),
    Figure(
        name="billed_and_collected",
        title="Billed and collected by month",
        definition="Billed: totals of issued invoices by issue date, net of discounts, without drafts and voids. "
        "Collected: payments less refunds by the day received; credits and write-offs are no cash.",
        group="Trends",
        reads={
            Invoice: ("state", "issue_date", "total", "currency"),
            Payment: ("status", "kind", "received_on", "amount", "currency"),
        },
        compute=_by_month,
        periodic=True,
    ),
    Figure(
        name="collection_rate",
        title="Collection rate",
        definition="Cash received, whenever it was, on the invoices issued in the period, of what they bill.",
        group="In the period",
        reads={
            Invoice: ("state", "issue_date", "total", "currency"),
            Payment: ("status", "kind", "amount", "currency", "invoice"),
        },
        compute=_collection,
        periodic=True,
    ),
    Figure(
        name="settled_without_cash",
        title="Holds, credits, discounts, write-offs",
        definition="Students on financial hold; credit balances and credit on account; discounts on issued invoices; write-offs.",
        group="In detail",
        reads={
            Student: ("financial_hold",),
            Invoice: ("state", "balance", "currency", "lines"),
            InvoiceLine: ("kind", "amount"),
            Payment: ("status", "kind", "amount", "currency", "invoice", "refund_of"),
        },
        compute=_without_cash,
    ),
)
