"""Who studies what, since when, and what becomes of it."""

from __future__ import annotations

from bisect import insort
from datetime import date, timedelta

from backoffice.interchange.seed.words import LEAVING_REASONS
from backoffice.interchange.seed.world import FUTURE, PAST, PRESENT, Dice, Seat, SeedSection, SeedTerm, Shares, World

# How many of 100 seats are in which status.
SHARES = {
    PAST: Shares({"completed": 70, "withdrawn": 13, "dropped": 10, "rejected": 4, "suspended": 1, "lingering": 2}),
    PRESENT: Shares({"active": 74, "suspended": 3, "withdrawn": 6, "dropped": 7, "applied": 7, "rejected": 3}),
    FUTURE: Shares({"active": 46, "applied": 48, "rejected": 3, "dropped": 3}),
}
RESULTS = Shares({"distinction": 16, "pass": 66, "fail": 13, "incomplete": 5})
GRADES = {"distinction": (85, 100), "pass": (40, 84), "fail": (5, 39), "incomplete": (0, 30)}
INTAKE = Shares(
    dict(enumerate((15, 13, 11, 11, 11, 11, 11, 12, 5)))
)  # of the students, by the term in which they begin
GOES_ON = 62  # percent who stay for the next term
TWO_COURSES = 30  # percent of the students of a term
LONGEST_LINE = 5
WAITING = ("applied", "waitlisted")
SEATED = ("active", "suspended")


def careers(world: World, places: range) -> list[list[Seat]]:
    """Thinks up what each student of a cohort enrolls in: the same each time."""
    dice = world.dice("careers", places.start)
    return [_career(world, dice, student) for student in places]


def survey(seats: list[Seat]) -> None:
    """Counts the seats in their sections, and keeps those in mind who applied first where seats are short."""
    for seat in seats:
        section = seat.section
        section.comers += 1
        section.taken += seat.status in SEATED
        if seat.status == "applied" and section.sought_after:
            insort(section.first, (seat.applied_on, seat.student))
            del section.first[LONGEST_LINE:]


def form_lines(world: World) -> None:
    """Lets those who applied to a full section wait in the order in which they did."""
    for section in world.sections:
        section.line = {student: position for position, (_, student) in enumerate(section.first, 1)}


def _career(world: World, dice: Dice, student: int) -> list[Seat]:
    seats: list[Seat] = []
    for term in world.terms[INTAKE.pick(dice) :]:
        first = _section(dice, term)
        seats.append(_seat(world, dice, student, first))
        if dice.chance(TWO_COURSES):
            second = _section(dice, term)
            if second.course != first.course:
                seats.append(_seat(world, dice, student, second))
        if not dice.chance(GOES_ON):
            break
    return seats


def _section(dice: Dice, term: SeedTerm) -> SeedSection:
    return term.sections[dice.below(len(term.sections))]


def _seat(world: World, dice: Dice, student: int, section: SeedSection) -> Seat:
    term = section.term
    status = SHARES[term.phase].pick(dice)
    if status == "lingering":  # past its end and still active: work for the registrar, in the latest term only
        status = "active" if term.row["status"] == "open" else "completed"
    if status == "suspended" and term.phase == PAST and term.row["status"] == "closed":
        status = "withdrawn"
    seat = Seat(student, section, status, _applied(world, dice, term, status))
    if status not in ("applied", "rejected"):
        _begin(world, dice, seat, term)
    _end(world, dice, seat, term)
    if status == "applied" and student in section.line:
        seat.status, seat.position = "waitlisted", section.line[student]
    return seat


def _applied(world: World, dice: Dice, term: SeedTerm, status: str) -> date:
    if term.phase == PRESENT and status == "applied":
        return world.on - timedelta(dice.below(12))
    return min(term.start - timedelta(2), world.on) - timedelta(dice.below(70))


def _begin(world: World, dice: Dice, seat: Seat, term: SeedTerm) -> None:
    seat.start_date = term.start
    if seat.status == "completed":
        seat.progress = 100
    elif term.phase != FUTURE:
        most = max(0, min(95, (world.on - term.start).days * 100 // 120 + 10))
        seat.progress = most // 2 + dice.below(most - most // 2 + 1)


def _end(world: World, dice: Dice, seat: Seat, term: SeedTerm) -> None:
    if seat.status == "completed":
        seat.result = RESULTS.pick(dice)
        lowest, highest = GRADES[seat.result or ""]
        seat.grade = lowest + dice.below(highest - lowest + 1)
        seat.end_date = term.end
    elif seat.status == "dropped" and term.phase == FUTURE:
        seat.start_date, seat.end_date = None, world.on
    elif seat.status == "dropped":
        seat.end_date = min(term.start + timedelta(dice.below(21)), world.on)
    elif seat.status == "withdrawn":
        seat.end_date = min(term.start + timedelta(22 + dice.below(60)), max(world.on, term.start))
    if seat.status in ("dropped", "withdrawn"):
        seat.end_reason = LEAVING_REASONS[dice.below(len(LEAVING_REASONS))]
