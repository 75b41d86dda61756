"""What changes of lines and payments will mean for their invoices, for a review to say before it happens."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select

from backoffice.billing.models import Invoice, InvoiceLine, Payment
from backoffice.core.operations import Planned


def new_totals(planned: Planned) -> Select[Any]:
    """Returns the SELECT of the drafts whose lines a plan makes add up to something else."""
    moved = _moved(planned, InvoiceLine, _of_line)
    return select(Invoice.id).join(moved, moved.c.invoice_id == Invoice.id).where(Invoice.state == "draft")


def new_settlements(planned: Planned) -> Select[Any]:
    """Returns the SELECT of the invoices of which a plan makes more or less be settled."""
    moved = _moved(planned, Payment, _of_payment)
    return select(Invoice.id).join(moved, moved.c.invoice_id == Invoice.id)


def _of_line(row: Any) -> ColumnElement[int]:
    return func.coalesce(row.quantity, 1) * row.unit_minor


def _of_payment(row: Any) -> ColumnElement[int]:
    signed = case((row.kind == "refund", -row.amount_minor), else_=row.amount_minor)
    return case((row.status == "succeeded", signed), else_=0)


def _moved(planned: Planned, model: Any, amount: Any) -> Any:
    """Returns the invoices for which the rows' amounts are not the same before and after, taken together."""
    mine = model.__table__.c.id.in_(planned.ids)
    rows: Any = select(planned.before.invoice_id.label("invoice_id"), (-amount(planned.before)).label("amount"))
    rows = rows.where(mine)
    if planned.after is not None:
        rows = rows.union_all(select(planned.after.invoice_id, amount(planned.after)).where(mine))
    every = rows.subquery()
    sums = select(every.c.invoice_id).group_by(every.c.invoice_id)
    return sums.having(func.sum(every.c.amount) != literal(0)).subquery()
