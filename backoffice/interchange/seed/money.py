"""What stands on invoices, how they are paid, and what goes wrong with it."""

from __future__ import annotations

from datetime import date, timedelta

from backoffice.core.money import split
from backoffice.interchange.seed.bills import DAYS_TO_PAY, Bill, Entry
from backoffice.interchange.seed.world import Dice, Seat, World


def write_lines(world: World, dice: Dice, bill: Bill) -> None:
    """Gives an invoice the lines for its seats, which have their numbers."""
    bill.lines += [_tuition(world, bill, seat) for seat in bill.seats]
    if bill.part == 0 and dice.chance(20):
        bill.lines.append(("material", None, "Course materials", 2500))
    bill.total = sum([line[3] for line in bill.lines])
    if bill.discounted:
        bill.lines.append(("discount", None, "Early registration, 10 %", -(bill.total // 10)))
        bill.total -= bill.total // 10


def _tuition(world: World, bill: Bill, seat: Seat) -> tuple[str, int | None, str, int]:
    price = int(world.courses[seat.section.course]["list_price_minor"])
    name = seat.section.row["name"]
    if bill.parts == 1:
        return ("tuition", seat.id, name, price)
    share = split(price, bill.parts)[bill.part]
    return ("tuition", seat.id, f"{name}, instalment {bill.part + 1} of {bill.parts}", share)


def pay(world: World, dice: Dice, bill: Bill, held: set[int]) -> None:
    """Thinks up what was paid of an issued invoice by now; `held` are the students on hold."""
    late = (world.on - bill.due).days
    if bill.student in held and late > 0:
        bill.reminders = 3
        return
    if all(seat.status == "dropped" for seat in bill.seats):
        _return(world, dice, bill)
        return
    if dice.chance(4):
        bill.enter(Entry("credit", bill.total // 4, bill.issue, note="Scholarship of the Oak Street Foundation"))
    owed = bill.total - bill.settled
    if dice.chance(_likelihood(late)):
        _pay_whole(world, dice, bill, owed)
    elif dice.chance(45):
        bill.enter(Entry("payment", max(1, owed * (2 + dice.below(6)) // 10), _day(world, dice, bill)))
    if late > 0 and bill.settled < bill.total:
        _chase(world, dice, bill, late)


def _likelihood(late: int) -> int:
    """Returns how many of 100 invoices are paid when they are `late` days over due (below 0: not due yet)."""
    return 40 if late < -15 else 65 if late <= 0 else 80 if late <= 30 else 88 if late <= 90 else 95


def _pay_whole(world: World, dice: Dice, bill: Bill, owed: int) -> None:
    if dice.chance(2):
        bill.enter(Entry("payment", owed, bill.issue, status="failed", note="Refused by the bank"))
    if dice.chance(12):
        for part in split(owed, 2):
            bill.enter(Entry("payment", part, _day(world, dice, bill)))
        return
    payment = Entry("payment", owed + (1000 if dice.chance(1) else 0), _day(world, dice, bill))
    bill.enter(payment)
    if dice.chance(1):
        bill.enter(Entry("refund", payment.amount // 5, payment.on, note="Goodwill", refund_of=payment))


def _return(world: World, dice: Dice, bill: Bill) -> None:
    """Credits who dropped in time, and returns what they had paid."""
    day = min(max(bill.seats[0].end_date or bill.issue, bill.issue), world.on)
    if dice.chance(50):
        payment = Entry("payment", bill.total, bill.issue)
        bill.enter(payment)
        bill.enter(Entry("refund", bill.total, day, note="Dropped in time", refund_of=payment))
    bill.enter(Entry("credit", bill.total, day, note="Dropped before the add/drop deadline"))


def _chase(world: World, dice: Dice, bill: Bill, late: int) -> None:
    bill.reminders = min(3, 1 + late // 30)
    owed = bill.total - bill.settled
    if late > 150 and dice.chance(60):
        bill.enter(Entry("write_off", owed, min(bill.due + timedelta(150), world.on), note="Not collectable"))
    elif dice.chance(5):
        bill.enter(Entry("payment", owed, world.on, status="pending"))


def _day(world: World, dice: Dice, bill: Bill) -> date:
    return min(bill.issue + timedelta(dice.below(DAYS_TO_PAY + 8)), world.on)
