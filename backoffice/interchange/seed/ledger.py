"""Rows of invoices, their lines and their payments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from backoffice.interchange.seed.bills import Bill, Entry
from backoffice.interchange.seed.world import Dice, World, iso

METHODS = ("bank_transfer", "bank_transfer", "card", "card", "card", "direct_debit", "cash", "cheque")

INVOICE = (
    "id", "number", "student_id", "bill_to_id", "currency", "state", "issue_date", "due_date", "total_minor",
    "settled_minor", "reminder_count", "void_reason", "search_text",
)  # fmt: skip
LINE = (
    "invoice_id", "currency", "line_no", "kind", "enrollment_id", "description", "discount_code", "quantity",
    "unit_minor", "amount_minor",
)  # fmt: skip
PAYMENT = (
    "id", "student_id", "invoice_id", "currency", "kind", "method", "status", "amount_minor", "received_on", "reference",
    "refund_of_id", "note", "recorded_by_id", "search_text",
)  # fmt: skip


def invoice_row(world: World, bill: Bill, student_id: int, payer: int | None) -> tuple[Any, ...]:
    """Returns the row of an invoice that has its numbers."""
    issued = bill.state != "draft"
    return (
        bill.id, bill.number, student_id, payer, world.currency, bill.state,
        iso(bill.issue) if issued else None, iso(bill.due) if issued else None,
        bill.total, bill.settled, bill.reminders,
        "Billed twice" if bill.state == "void" else None,
        bill.number.lower() if bill.number else "",
    )  # fmt: skip


def line_rows(world: World, bill: Bill) -> Iterator[tuple[Any, ...]]:
    """Yields the rows of an invoice's lines without ids."""
    for line_no, (kind, seat, description, unit) in enumerate(bill.lines, 1):
        code = "EARLY10" if kind == "discount" else None
        yield (bill.id, world.currency, line_no, kind, seat, description, code, 1, unit, unit)


def payment_row(world: World, dice: Dice, bill: Bill, entry: Entry, student_id: int, cashier: int) -> tuple[Any, ...]:
    """Returns the row of a ledger entry that has its number; a refund follows the payment that it returns."""
    internal = entry.kind in ("credit", "write_off")
    reference = None if internal else f"{bill.number}/{dice.below(97):02}"
    said = f"{reference or ''} {entry.note or ''}"
    return (
        entry.id, student_id, bill.id, world.currency, entry.kind,
        "internal" if internal else METHODS[dice.below(len(METHODS))],
        entry.status, entry.amount, iso(entry.on), reference,
        entry.refund_of.id if entry.refund_of else None,
        entry.note, cashier, said.strip().lower(),
    )  # fmt: skip
