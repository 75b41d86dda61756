"""One cohort of students with all that hangs on them, written table by table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from backoffice.billing.models import Invoice, InvoiceLine, Payment
from backoffice.core.model import Record
from backoffice.enrollments.models import Enrollment, LessonProgress
from backoffice.interchange.seed import ledger, money, people, seats
from backoffice.interchange.seed.bills import Bill, Entry, Numbers, bills
from backoffice.interchange.seed.careers import careers
from backoffice.interchange.seed.world import World
from backoffice.students.models import Contact, Note, Student, StudentContact

MODELS = (Student, Contact, StudentContact, Note, Enrollment, LessonProgress, Invoice, InvoiceLine, Payment)


Batch = tuple[type[Record], tuple[str, ...], list[tuple[Any, ...]]]


class Batches:
    """Rows of one cohort after the other, with the numbers that they will have."""

    def __init__(self, first: Mapping[type[Record], int]) -> None:
        self._next = dict(first)
        self._batches: list[Batch] = []

    def ids(self, model: type[Record], count: int) -> range:
        """Returns the next `count` numbers of new rows of `model`; each is to be used."""
        first = self._next[model]
        self._next[model] = first + count
        return range(first, first + count)

    def add(self, model: type[Record], columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        """Adds rows; the first of `columns` is "id"."""
        self._batches.append((model, columns, rows))

    def take(self) -> list[Batch]:
        """Returns what was added since the last time."""
        taken, self._batches = self._batches, []
        return taken


@dataclass(frozen=True)
class Writer:
    """Writes cohorts, rows in the order in which they refer to each other."""

    world: World
    load: Batches
    numbers: Numbers
    lessons: list[list[int]]  # ids, by course
    staff: Mapping[str, list[int]]  # ids, by role

    def write(self, places: range) -> None:
        """Writes the students at `places`, with their contacts, seats and money."""
        world, found = self.world, careers(self.world, places)
        held = people.holds(world, places, found)
        ids = self.load.ids(Student, len(places))
        self.load.add(Student, people.STUDENT, list(people.students(world, places, ids, found, held)))
        payers = self._contacts(places, ids)
        notes = people.notes(world, places, self.staff["registrar"])
        self._numbered(Note, people.NOTE, ((ids[place - places.start], *note) for place, note in notes))
        enrolled = [seat for career in found for seat in career]
        for seat, row_id in zip(enrolled, self.load.ids(Enrollment, len(enrolled)), strict=True):
            seat.id = row_id
        rows = [seats.enrollment_row(seat, ids[seat.student - places.start]) for seat in enrolled]
        self.load.add(Enrollment, seats.ENROLLMENT, rows)
        dice = world.dice("progress", places.start)
        self._numbered(LessonProgress, seats.PROGRESS, seats.progress_rows(world, dice, enrolled, self.lessons))
        self._money(bills(world, places, found), held, payers, lambda place: ids[place - places.start])

    def _contacts(self, places: range, ids: range) -> dict[int, int]:
        """Returns the paying contact of each student who has one."""
        made = list(people.contacts(self.world, places))
        numbers = self.load.ids(Contact, len(made))
        rows = [(row_id, *contact) for row_id, (_, contact, _) in zip(numbers, made, strict=True)]
        self.load.add(Contact, people.CONTACT, rows)
        linked = list(zip(numbers, made, strict=True))
        links = ((ids[place - places.start], row_id, *link) for row_id, (place, _, link) in linked)
        self._numbered(StudentContact, people.RELATIONSHIP[1:], links)
        return {place: row_id for row_id, (place, _, link) in linked if link[2]}

    def _money(self, billed: list[Bill], held: set[int], payers: dict[int, int], id_of: Callable[[int], int]) -> None:
        world = self.world
        dice = world.dice("money", billed[0].student if billed else 0)
        for bill, row_id in zip(billed, self.load.ids(Invoice, len(billed)), strict=True):
            bill.id = row_id
            self.numbers.give(bill)
            money.write_lines(world, dice, bill)
            if bill.state == "issued":
                money.pay(world, dice, bill, held)
        rows = [ledger.invoice_row(world, bill, id_of(bill.student), payers.get(bill.student)) for bill in billed]
        self.load.add(Invoice, ledger.INVOICE, rows)
        self._numbered(InvoiceLine, ledger.LINE, (row for bill in billed for row in ledger.line_rows(world, bill)))
        entries = [(bill, entry) for bill in billed for entry in bill.entries]
        self._give_ids([entry for _, entry in entries])
        paid = [
            ledger.payment_row(world, dice, bill, entry, id_of(bill.student), cashier)
            for (bill, entry), cashier in zip(entries, cycle(self.staff["finance"]), strict=False)
        ]
        self.load.add(Payment, ledger.PAYMENT, paid)

    def _give_ids(self, entries: list[Entry]) -> None:
        for entry, row_id in zip(entries, self.load.ids(Payment, len(entries)), strict=True):
            entry.id = row_id

    def _numbered(self, model: Any, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        """Adds rows that nothing else refers to."""
        found = list(rows)
        numbered = [(row_id, *row) for row_id, row in zip(self.load.ids(model, len(found)), found, strict=True)]
        self.load.add(model, ("id", *columns), numbered)
