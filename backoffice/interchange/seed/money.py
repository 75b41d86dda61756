"""What students are billed, how they pay, and what goes wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from backoffice.core.money import split
from backoffice.interchange.seed.world import FUTURE, Seat, SeedTerm, World

BILLED = ("active", "suspended", "completed", "withdrawn", "dropped")
DAYS_TO_PAY = 30
INSTALMENTS = 3
BY_INSTALMENTS = 25  # percent of the students of a term
METHODS = ("bank_transfer", "bank_transfer", "card", "card", "card", "direct_debit", "cash", "cheque")


@dataclass(slots=True)
class Entry:
    """A payment, credit, write-off or refund."""

    kind: str
    amount: int
    on: date
    status: str = "succeeded"
    note: str | None = None
    refund_of: Entry | None = None
    id: int = 0


@dataclass(slots=True)
class Bill:
    """An invoice with its lines (kind, seat, description, unit price) and what was paid of it."""

    student: int
    issue: date
    lines: list[tuple[str, Seat | None, str, int]]
    state: str
    entries: list[Entry] = field(default_factory=list)
    reminders: int = 0
    number: str | None = None
    id: int = 0

    @property
    def due(self) -> date:
        return self.issue + timedelta(days=DAYS_TO_PAY)

    @property
    def total(self) -> int:
        return sum(unit for _, _, _, unit in self.lines)

    @property
    def settled(self) -> int:
        """Returns what the ledger says."""
        counted = (entry for entry in self.entries if entry.status == "succeeded")
        return sum(-entry.amount if entry.kind == "refund" else entry.amount for entry in counted)


def bills(world: World) -> list[Bill]:
    """Returns every invoice in the order of issue; drafts come last."""
    found = [bill for student, seats in enumerate(world.careers) for bill in _bills_of(world, student, seats)]
    found.sort(key=lambda bill: (bill.state == "draft", bill.issue, bill.student))
    issued = (bill for bill in found if bill.state != "draft")
    for number, bill in enumerate(issued, 1):
        bill.number = f"INV-{number:07}"
    return found


def _bills_of(world: World, student: int, seats: list[Seat]) -> Iterator[Bill]:
    by_term: dict[str, list[Seat]] = {}
    for seat in seats:
        if seat.status in BILLED:
            by_term.setdefault(seat.section.term.row["code"], []).append(seat)
    for billed in by_term.values():
        for bill in _term_bills(world, student, billed[0].section.term, billed):
            if bill.state == "issued":
                _pay(world, bill, billed)
            yield bill


def _term_bills(world: World, student: int, term: SeedTerm, seats: list[Seat]) -> Iterator[Bill]:
    first = term.start + timedelta(days=world.dice.randrange(-20, 6))
    parts = INSTALMENTS if world.chance(BY_INSTALMENTS) else 1
    prices = [split(int(world.courses[seat.section.course]["list_price_minor"]), parts) for seat in seats]
    discount = world.chance(8)
    for part in range(parts):
        issue = first + timedelta(days=30 * part)
        lines = [_tuition(world, seat, price[part], part, parts) for seat, price in zip(seats, prices, strict=True)]
        if part == 0 and world.chance(20):
            lines.append(("material", None, "Course materials", 2500))
        if discount:
            total = sum(unit for _, _, _, unit in lines)
            lines.append(("discount", None, "Early registration, 10 %", -(total // 10)))
        yield Bill(student, issue, lines, _state(world, issue, term))


def _tuition(world: World, seat: Seat, price: int, part: int, parts: int) -> tuple[str, Seat | None, str, int]:
    title = str(world.courses[seat.section.course]["title"]).partition(":")[0]
    share = f", instalment {part + 1} of {parts}" if parts > 1 else ""
    return ("tuition", seat, f"{title}, {seat.section.term.row['name']}{share}", price)


def _state(world: World, issue: date, term: SeedTerm) -> str:
    if issue > world.on or (term.phase == FUTURE and world.chance(50)):
        return "draft"
    return "void" if world.chance(1) else "issued"


def _pay(world: World, bill: Bill, seats: list[Seat]) -> None:
    """Thinks up what was paid of an issued invoice by now."""
    late = (world.on - bill.due).days
    if bill.student in world.holds and late > 0:
        bill.reminders = 3
        return
    if all(seat.status == "dropped" for seat in seats):
        _return(world, bill, seats[0])
        return
    if world.chance(4):
        amount = bill.total // 4
        bill.entries.append(Entry("credit", amount, bill.issue, note="Scholarship of the Oak Street Foundation"))
    owed = bill.total - bill.settled
    if world.chance(_likelihood(late)):
        _pay_whole(world, bill, owed)
    elif world.chance(45):
        bill.entries.append(Entry("payment", max(1, owed * world.dice.randrange(2, 8) // 10), _day(world, bill)))
    if late > 0 and bill.settled < bill.total:
        _chase(world, bill, late)


def _likelihood(late: int) -> int:
    """Returns how many of 100 invoices are paid when they are `late` days over due (below 0: not due yet)."""
    return 40 if late < -15 else 65 if late <= 0 else 80 if late <= 30 else 88 if late <= 90 else 95


def _pay_whole(world: World, bill: Bill, owed: int) -> None:
    if world.chance(2):
        bill.entries.append(Entry("payment", owed, bill.issue, status="failed", note="Refused by the bank"))
    if world.chance(12):
        first, second = split(owed, 2)
        bill.entries.append(Entry("payment", first, _day(world, bill)))
        bill.entries.append(Entry("payment", second, _day(world, bill)))
        return
    payment = Entry("payment", owed + (1000 if world.chance(1) else 0), _day(world, bill))
    bill.entries.append(payment)
    if world.chance(1):
        bill.entries.append(Entry("refund", payment.amount // 5, payment.on, note="Goodwill", refund_of=payment))


def _return(world: World, bill: Bill, seat: Seat) -> None:
    """Credits who dropped in time, and returns what they had paid."""
    day = max(seat.end_date or bill.issue, bill.issue)
    if world.chance(50):
        payment = Entry("payment", bill.total, bill.issue)
        bill.entries.append(payment)
        bill.entries.append(Entry("refund", bill.total, min(day, world.on), note="Dropped in time", refund_of=payment))
    bill.entries.append(Entry("credit", bill.total, min(day, world.on), note="Dropped before the add/drop deadline"))


def _chase(world: World, bill: Bill, late: int) -> None:
    bill.reminders = min(3, 1 + late // 30)
    if late > 150 and world.chance(60):
        owed = bill.total - bill.settled
        bill.entries.append(
            Entry("write_off", owed, min(bill.due + timedelta(days=150), world.on), note="Not collectable")
        )
    elif world.chance(5):
        bill.entries.append(Entry("payment", bill.total - bill.settled, world.on, status="pending"))


def _day(world: World, bill: Bill) -> date:
    return min(bill.issue + timedelta(days=world.dice.randrange(DAYS_TO_PAY + 8)), world.on)


def invoice_rows(world: World, bills: list[Bill], ids: list[int], payers: dict[int, int]) -> Iterator[dict[str, Any]]:
    """Yields the rows of invoices; `ids` are those of the students, `payers` their paying contacts by place."""
    for bill in bills:
        issued = bill.state != "draft"
        yield {
            "number": bill.number,
            "student_id": ids[bill.student],
            "bill_to_id": payers.get(bill.student),
            "currency": world.currency,
            "state": bill.state,
            "issue_date": bill.issue if issued else None,
            "due_date": bill.due if issued else None,
            "total_minor": bill.total,
            "settled_minor": bill.settled,
            "reminder_count": bill.reminders,
            "void_reason": "Billed twice" if bill.state == "void" else None,
        }


def line_rows(world: World, bills: list[Bill]) -> Iterator[dict[str, Any]]:
    """Yields the rows of the lines of invoices that have their ids."""
    for bill in bills:
        for line_no, (kind, seat, description, unit) in enumerate(bill.lines, 1):
            yield {
                "invoice_id": bill.id,
                "currency": world.currency,
                "line_no": line_no,
                "kind": kind,
                "enrollment_id": seat.id if seat else None,
                "description": description,
                "discount_code": "EARLY10" if kind == "discount" else None,
                "quantity": 1,
                "unit_minor": unit,
            }


def payment_rows(
    world: World, entries: list[tuple[Bill, Entry]], ids: list[int], cashiers: list[int]
) -> Iterator[dict[str, Any]]:
    """Yields the rows of ledger entries of invoices that have their ids; refunds after what they return."""
    for place, (bill, entry) in enumerate(entries):
        internal = entry.kind in ("credit", "write_off")
        yield {
            "student_id": ids[bill.student],
            "invoice_id": bill.id,
            "currency": world.currency,
            "kind": entry.kind,
            "method": "internal" if internal else world.dice.choice(METHODS),
            "status": entry.status,
            "amount_minor": entry.amount,
            "received_on": entry.on,
            "reference": None if internal else f"{bill.number}/{place % 97:02}",
            "refund_of_id": entry.refund_of.id if entry.refund_of else None,
            "note": entry.note,
            "recorded_by_id": cashiers[place % len(cashiers)],
        }
