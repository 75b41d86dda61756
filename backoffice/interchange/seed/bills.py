"""Which invoices students get, and when: as much as must be known before the first of them has its number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from backoffice.interchange.seed.world import FUTURE, Dice, Seat, SeedTerm, World

BILLED = ("active", "suspended", "completed", "withdrawn", "dropped")
DAYS_TO_PAY = 30
INSTALMENTS = 3
BY_INSTALMENTS = 22  # percent of the students of a term

Line = tuple[str, int | None, str, int]  # kind, enrollment, description, unit price


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
    """An invoice for the seats of one term, whole or a part of it, with its lines and what was paid of it."""

    student: int
    seats: list[Seat]
    issue: date
    state: str
    part: int
    parts: int
    discounted: bool
    lines: list[Line] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    reminders: int = 0
    total: int = 0
    settled: int = 0
    number: str | None = None
    id: int = 0

    @property
    def due(self) -> date:
        return self.issue + timedelta(DAYS_TO_PAY)

    def enter(self, entry: Entry) -> None:
        """Adds an entry to the ledger, and to what is settled where it counts."""
        self.entries.append(entry)
        if entry.status == "succeeded":
            self.settled += -entry.amount if entry.kind == "refund" else entry.amount


def bills(world: World, places: range, careers: list[list[Seat]]) -> list[Bill]:
    """Thinks up the invoices of a cohort, without lines: the same each time."""
    dice = world.dice("bills", places.start)
    return [bill for seats in careers for billed in _by_term(seats) for bill in _of_term(world, dice, billed)]


def _by_term(seats: list[Seat]) -> Iterator[list[Seat]]:
    by_term: dict[str, list[Seat]] = {}
    for seat in seats:
        if seat.status in BILLED:
            by_term.setdefault(seat.section.term.row["code"], []).append(seat)
    yield from by_term.values()


def _of_term(world: World, dice: Dice, seats: list[Seat]) -> Iterator[Bill]:
    term = seats[0].section.term
    first = term.start + timedelta(dice.below(26) - 20)
    parts = INSTALMENTS if dice.chance(BY_INSTALMENTS) else 1
    discounted = dice.chance(8)
    for part in range(parts):
        issue = first + timedelta(30 * part)
        yield Bill(seats[0].student, seats, issue, _state(world, dice, issue, term), part, parts, discounted)


def _state(world: World, dice: Dice, issue: date, term: SeedTerm) -> str:
    if issue > world.on or (term.phase == FUTURE and dice.chance(50)):
        return "draft"
    return "void" if dice.chance(1) else "issued"


def count_days(world: World, found: list[Bill]) -> None:
    """Counts how many invoices each day has."""
    world.issued.update([bill.issue for bill in found if bill.state != "draft"])


class Numbers:
    """Invoice numbers without a gap in the order of issue, given in any order of days."""

    def __init__(self, world: World) -> None:
        self._next: dict[date, int] = {}
        first = 1
        for day in sorted(world.issued):
            self._next[day] = first
            first += world.issued[day]

    def give(self, bill: Bill) -> None:
        """Numbers an invoice that is no draft."""
        if bill.state != "draft":
            number = self._next[bill.issue]
            self._next[bill.issue] = number + 1
            bill.number = f"INV-{number:07}"
