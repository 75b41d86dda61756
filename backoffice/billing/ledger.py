"""What the books do not allow, as predicates in SQL over the row before and after.

The tables of other rows are aliased: a predicate is asked inside any statement, whatever it joins.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Alias, ColumnElement, Select, and_, exists, false, func, or_, select, true

from backoffice.billing.models import Invoice, InvoiceLine, Payment
from backoffice.core.civil import TODAY
from backoffice.core.operations import Recording, Row

FROZEN_COLUMNS = ("number", "student_id", "bill_to_id", "currency", "issue_date", "due_date")
FOLLOWING = ("total_minor", "settled_minor")
ENTERED = ("student_id", "invoice_id", "currency", "kind", "method", "amount_minor", "received_on", "refund_of_id")
TOO_MUCH = "Refunds are not more than the payment."
NO_FIT = "A refund returns a payment or credit that succeeded, of the same student, invoice and currency."


def without_lines(before: Row, after: Row) -> ColumnElement[bool]:
    """Refuses to issue an invoice that has no lines."""
    line = InvoiceLine.__table__.alias()
    none = ~exists().where(line.c.invoice_id == before.id).correlate_except(line)
    return and_(before.state == "draft", after.state == "issued", none)


def settled_when_voided(before: Row, after: Row) -> ColumnElement[bool]:
    """Refuses to void an invoice of which something is settled."""
    return and_(before.state == "issued", after.state == "void", before.settled_minor != 0)


def frozen_invoice(before: Row, after: Row) -> ColumnElement[bool]:
    """Refuses to change what was issued; a reminder may be counted."""
    changed = (getattr(before, name).is_distinct_from(getattr(after, name)) for name in FROZEN_COLUMNS)
    return and_(before.state != "draft", or_(*changed))


def issued_past_due(before: Row, after: Row) -> ColumnElement[bool]:
    """Refuses to issue an invoice that would be due before its issue date."""
    return and_(
        before.state == "draft", after.state == "issued", after.due_date < func.coalesce(after.issue_date, TODAY)
    )


def set_by_hand(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses sums that are not those of the lines and the ledger."""
    if before is None:
        return or_(*(getattr(after, name) != 0 for name in FOLLOWING))
    return or_(*(getattr(before, name).is_distinct_from(getattr(after, name)) for name in FOLLOWING))


def issue_undone(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses to make an invoice a draft again: its number would be missing in the series."""
    return false() if before is None else and_(before.state != "draft", after.state == "draft")


def not_a_draft(before: Row, after: None) -> ColumnElement[bool]:
    """Refuses to delete an invoice that has been issued."""
    return before.state != "draft"


def line_of_issued(before: Row | None, after: Row | None) -> ColumnElement[bool]:
    """Refuses any change of the lines of an invoice that is no draft."""
    invoice = _alias(Invoice)
    return or_(
        *(
            exists().where(invoice.c.id == row.invoice_id, invoice.c.state != "draft").correlate_except(invoice)
            for row in (before, after)
            if row is not None
        )
    )


def other_currency(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses another currency than the invoice's."""
    invoice = _alias(Invoice)
    other = exists().where(invoice.c.id == after.invoice_id, invoice.c.currency != after.currency)
    return other.correlate_except(invoice)


def wrong_sign(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses discounts above zero, and anything else below."""
    return or_(
        and_(after.kind == "discount", after.unit_minor > 0), and_(after.kind != "discount", after.unit_minor < 0)
    )


def voided_later_or_silently(before: Row, after: Row) -> ColumnElement[bool]:
    """Refuses to void a payment of another day, or without saying why."""
    silent = func.coalesce(func.trim(after.note), "") == ""
    return and_(before.status == "succeeded", after.status == "void", or_(before.received_on != TODAY, silent))


def rewritten(before: Row, after: Row) -> ColumnElement[bool]:
    """Refuses to change what was entered; only a pending payment may still be put to another invoice."""
    changed = or_(*(getattr(before, name).is_distinct_from(getattr(after, name)) for name in ENTERED))
    amount = before.amount_minor.is_distinct_from(after.amount_minor)
    return or_(amount, and_(before.status != "pending", changed))


def entered(before: Row, after: None) -> ColumnElement[bool]:
    """Refuses to delete what ever was money: only a pending or failed payment may go."""
    return before.status.not_in(("pending", "failed"))


def of_other_student(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses to pay the invoice of one student in the name of another."""
    invoice = _alias(Invoice)
    other = exists().where(invoice.c.id == after.invoice_id, invoice.c.student_id != after.student_id)
    return other.correlate_except(invoice)


def for_unissued(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses to settle drafts and void invoices."""
    invoice = _alias(Invoice)
    unissued = exists().where(invoice.c.id == after.invoice_id, invoice.c.state != "issued").correlate_except(invoice)
    return and_(after.status == "succeeded", unissued)


def refunds_what_it_cannot(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses a refund that does not fit to the entry that it returns."""
    original = _alias(Payment)
    fits = exists().where(
        original.c.id == after.refund_of_id,
        original.c.kind.in_(("payment", "credit")),
        original.c.status == "succeeded",
        original.c.currency == after.currency,
        original.c.student_id == after.student_id,
        original.c.invoice_id.is_not_distinct_from(after.invoice_id),
    )
    return and_(after.kind == "refund", ~fits.correlate_except(original))


def refunds_too_much(before: Row | None, after: Row) -> ColumnElement[bool]:
    """Refuses refunds that together are more than the payment; those that wait count as well."""
    original, other = _alias(Payment), _alias(Payment)
    returned = select(func.coalesce(func.sum(other.c.amount_minor), 0)).where(
        other.c.refund_of_id == after.refund_of_id,
        other.c.status.in_(("pending", "succeeded")),
        true() if before is None else other.c.id != before.id,
    )
    sum_before = returned.correlate_except(other).scalar_subquery()
    limit = select(original.c.amount_minor).where(original.c.id == after.refund_of_id)
    most = limit.correlate_except(original).scalar_subquery()
    return and_(after.status.in_(("pending", "succeeded")), sum_before + after.amount_minor > most)


def over_refunded(operation: Recording) -> Select[tuple[int]]:
    """Returns the SELECT of the payments written by `operation` whose refunds are more than they were."""
    refund, original = _alias(Payment), _alias(Payment)
    concerned = operation.involved(Payment, "refund_of_id")
    returned = func.sum(refund.c.amount_minor)
    return (
        select(original.c.id)
        .join(refund, refund.c.refund_of_id == original.c.id)
        .where(original.c.id.in_(concerned), refund.c.status.in_(("pending", "succeeded")))
        .group_by(original.c.id, original.c.amount_minor)
        .having(returned > original.c.amount_minor)
    )


def _alias(model: Any) -> Alias:
    return model.__table__.alias()
