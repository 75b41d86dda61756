"""What may become of invoices and payments, and what follows: totals are their lines, settlements are the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, func, select

from backoffice.billing import follows, ledger
from backoffice.billing.models import Invoice, InvoiceLine, Payment
from backoffice.billing.status import ledger_total, lines_total
from backoffice.core.clock import today
from backoffice.core.model import Record
from backoffice.core.operations import Effect, Fill, Foretelling, Invalid, Recording, Rule, shapes, transitions
from backoffice.core.operations.constraints import worded
from backoffice.core.wording import gettext

DAYS_TO_PAY = 30
SERIES = "INV-"
DIGITS = 7

FROZEN = "The invoice is issued: correct it by a credit, or void it."
EXISTING = ("update",)
GOING = ("delete",)


def _numbers(operation: Recording, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Gives invoices that are being issued the next numbers of the series, without a gap, and dates where none are given."""
    day = today()
    last = _last_number(operation) if any(_is_issued_now(row) for row in rows) else 0
    found: list[dict[str, Any]] = []
    for row in rows:
        if not _is_issued_now(row):
            found.append({})
            continue
        last += 1
        issued = row.get("issue_date") or day
        due = row.get("due_date") or issued + timedelta(days=DAYS_TO_PAY)
        found.append({"number": f"{SERIES}{last:0{DIGITS}}", "issue_date": issued, "due_date": due})
    return found


def _is_issued_now(row: Mapping[str, Any]) -> bool:
    return row.get("state") == "issued" and row.get("number") is None


def _last_number(operation: Recording) -> int:
    """Returns the last number of the series. Whoever asks next waits for the end of this operation, so none is lost."""
    if operation.dialect == "postgresql":
        operation.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(SERIES))))
    mine = Invoice.number.like(f"{SERIES}{'_' * DIGITS}")
    last = operation.session.scalar(select(func.max(Invoice.number)).where(mine))
    return int(last.removeprefix(SERIES)) if last else 0


def _total(operation: Recording, ids: Select[tuple[int]]) -> None:
    """Makes the total of each draft concerned the sum of its lines."""
    concerned = Invoice.id.in_(operation.involved(InvoiceLine, "invoice_id"))
    if operation.session.scalars(select(Invoice.id).where(concerned, lines_total() < 0).limit(1)).first() is not None:
        raise Invalid({"unit": gettext("An invoice's discounts are not more than the rest of it.")})
    operation.update(Invoice, and_(concerned, Invoice.state == "draft"), {"total_minor": lines_total()})


def _lines_frozen(operation: Recording, ids: Select[tuple[int]]) -> None:
    """Refuses what would leave an issued invoice with other lines than it was issued with."""
    concerned = Invoice.id.in_(operation.involved(InvoiceLine, "invoice_id"))
    moved = select(Invoice.id).where(concerned, Invoice.state != "draft", Invoice.total_minor != lines_total())
    if operation.session.scalars(moved.limit(1)).first() is not None:
        raise Invalid({"invoice": gettext(FROZEN)})


def _settle(operation: Recording, ids: Select[tuple[int]]) -> None:
    """Makes what is settled of each invoice concerned the sum of its ledger."""
    concerned = Invoice.id.in_(operation.involved(Payment, "invoice_id"))
    operation.session.execute(select(Invoice.id).where(concerned).order_by(Invoice.id).with_for_update())
    unsettled = select(Invoice.id).where(concerned, Invoice.state != "issued", ledger_total() != 0)
    if operation.session.scalars(unsettled.limit(1)).first() is not None:
        raise Invalid({"invoice": gettext("Only an issued invoice is paid.")})
    operation.update(Invoice, concerned, {"settled_minor": ledger_total()})


def _refunds_covered(operation: Recording, ids: Select[tuple[int]]) -> None:
    """Refuses refunds that are more than their payment."""
    if operation.session.scalars(ledger.over_refunded(operation).limit(1)).first() is not None:
        raise Invalid({"amount": gettext(ledger.TOO_MUCH)})


def _recorder(operation: Recording, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Names whoever records a new payment."""
    me = operation.entry.actor_id
    return [{"recorded_by_id": me} if "id" not in row and not row.get("recorded_by_id") else {} for row in rows]


RULES: Mapping[type[Record], Sequence[Rule]] = {
    Invoice: (
        transitions(
            "state",
            {"draft": ("issued",), "issued": ("void",), "void": ()},
            initial=("draft",),
            message="A draft is issued, an issued invoice is voided; nothing else.",
        ),
        Rule(
            "issue_needs_lines",
            "An invoice without lines cannot be issued.",
            ("state",),
            ledger.without_lines,
            EXISTING,
        ),
        Rule(
            "void_only_unsettled",
            "Something of this invoice is settled. Refund it first.",
            ("state",),
            ledger.settled_when_voided,
            EXISTING,
        ),
        Rule(
            "due_before_issue",
            "The due date is over: give a later one first.",
            ("state",),
            ledger.issued_past_due,
            EXISTING,
            "due_date",
        ),
        Rule("frozen", FROZEN, ledger.FROZEN_COLUMNS, ledger.frozen_invoice, EXISTING),
        Rule("follows", "Totals follow from the lines and the ledger.", ledger.FOLLOWING, ledger.set_by_hand),
        Rule(
            "issue_not_undone",
            "An issued invoice is not taken back: void it.",
            ("state",),
            ledger.issue_undone,
            ("undo",),
            final=True,
        ),
        Rule("issued_is_kept", "An issued invoice is kept: void it instead.", (), ledger.not_a_draft, GOING),
        worded(Invoice, "currency_length", shapes.CURRENCY),
        shapes.currency,
        worded(Invoice, "void_with_reason", "Who voids an invoice says why.", "void_reason"),
        worded(Invoice, "due_after_issue", "The due date is not before the issue date.", "due_date"),
        worded(Invoice, "settled_only_if_issued", "Only an issued invoice can be settled.", "state"),
        worded(Invoice, "total_not_negative", "An invoice's total is not negative."),
        worded(Invoice, "reminder_count_not_negative", "The number of reminders is not negative."),
        worded(
            Invoice,
            "issued_with_number_and_dates",
            "An issued invoice has a number, an issue date and a due date.",
            "state",
        ),
        worded(Invoice, "draft_without_number", "A draft has no number: it gets one when it is issued.", "number"),
        worded(Invoice, "uq_invoice_number", "Another invoice has this number."),
    ),
    InvoiceLine: (
        Rule(
            "invoice_frozen",
            FROZEN,
            (),
            ledger.line_of_issued,
            ("create", "update", "delete", "undo", "unmake"),
            "invoice_id",
            final=True,
        ),
        Rule(
            "currency_of_invoice",
            "A line has its invoice's currency.",
            ("invoice_id", "currency"),
            ledger.other_currency,
        ),
        Rule(
            "unit_sign",
            "A discount's unit price is not above 0, any other is not below.",
            ("unit_minor", "kind"),
            ledger.wrong_sign,
        ),
        worded(InvoiceLine, "line_no_positive", "Lines count from 1."),
        worded(InvoiceLine, "quantity_positive", "A quantity is more than 0."),
        worded(InvoiceLine, "amount_sign", "A discount's amount is not above 0, any other is not below.", "unit_minor"),
        worded(
            InvoiceLine, "uq_invoice_line_invoice_id_line_no", "The invoice has a line with this number.", "line_no"
        ),
    ),
    Payment: (
        transitions(
            "status",
            {"pending": ("succeeded", "failed"), "succeeded": ("void",), "failed": (), "void": ()},
            initial=("pending", "succeeded", "failed", "void"),
            message="A payment is pending, then succeeds or fails; one that succeeded is voided on the same day.",
        ),
        Rule(
            "void_same_day",
            "Only a payment of today is voided, with a note that says why. Refund an older one.",
            ("status",),
            ledger.voided_later_or_silently,
            EXISTING,
            "note",
        ),
        Rule(
            "ledger",
            "The ledger is not rewritten: refund or void the payment.",
            ledger.ENTERED,
            ledger.rewritten,
            EXISTING,
        ),
        Rule(
            "ledger_kept",
            "The ledger is kept: refund or void the payment.",
            (),
            ledger.entered,
            (*GOING, "unmake"),
            final=True,
        ),
        Rule(
            "currency_of_invoice",
            "A payment has its invoice's currency.",
            ("invoice_id", "currency"),
            ledger.other_currency,
        ),
        Rule(
            "invoice_of_student",
            "The invoice is another student's.",
            ("invoice_id", "student_id"),
            ledger.of_other_student,
        ),
        Rule(
            "invoice_issued",
            "Only an issued invoice is paid.",
            ("invoice_id", "status"),
            ledger.for_unissued,
            field="invoice_id",
        ),
        Rule("refund_fits", ledger.NO_FIT, ("refund_of_id", "kind"), ledger.refunds_what_it_cannot),
        Rule("refund_covered", ledger.TOO_MUCH, ("amount_minor", "refund_of_id", "status"), ledger.refunds_too_much),
        worded(Payment, "currency_length", shapes.CURRENCY),
        shapes.currency,
        worded(Payment, "amount_positive", "An amount is more than 0; money that goes back is a refund."),
        worded(
            Payment,
            "refund_of_payment",
            "A refund says which payment it returns, and only a refund does.",
            "refund_of_id",
        ),
        worded(Payment, "refund_of_another", "A refund is not of itself.", "refund_of_id"),
        worded(Payment, "credit_with_note", "A credit or a write-off needs a note that says why.", "note"),
        worded(Payment, "uq_payment_idempotency_key", "This payment is recorded already."),
        worded(
            Payment, "uq_payment_gateway_gateway_ref", "This payment of the gateway is recorded already.", "gateway_ref"
        ),
    ),
}
EFFECTS: Mapping[type[Record], Sequence[Effect | Fill]] = {
    Invoice: (
        Fill("number", ("state",), ("number", "issue_date", "due_date"), _numbers, ("issued_with_number_and_dates",)),
    ),
    InvoiceLine: (
        Effect(
            "invoice_total", (), _total, foretells=Foretelling(Invoice, "will get another total", follows.new_totals)
        ),
        Effect("lines_frozen", (), _lines_frozen, guard=True),
    ),
    Payment: (
        Fill("recorder", ("amount_minor",), ("recorded_by_id",), _recorder),
        Effect("refunds_covered", (), _refunds_covered, guard=True),
        Effect(
            "invoice_settled",
            (),
            _settle,
            foretells=Foretelling(Invoice, "will be settled otherwise", follows.new_settlements),
        ),
    ),
}
