"""Who studies what, since when, and what becomes of it."""

from __future__ import annotations

from datetime import date, timedelta

from backoffice.interchange.seed.words import LEAVING_REASONS
from backoffice.interchange.seed.world import FUTURE, PAST, PRESENT, Seat, SeedSection, SeedTerm, World

# How many of 100 seats are in which status.
SHARES = {
    PAST: {"completed": 70, "withdrawn": 13, "dropped": 10, "rejected": 4, "suspended": 1, "lingering": 2},
    PRESENT: {"active": 74, "suspended": 3, "withdrawn": 6, "dropped": 7, "applied": 7, "rejected": 3},
    FUTURE: {"active": 46, "applied": 48, "rejected": 3, "dropped": 3},
}
RESULTS = {"distinction": 16, "pass": 66, "fail": 13, "incomplete": 5}
GRADES = {"distinction": (85, 100), "pass": (40, 84), "fail": (5, 39), "incomplete": (0, 30)}
INTAKE = (13, 14, 15, 16, 27, 15)  # of 100 students, by the term in which they begin
GOES_ON = 45  # percent who stay for the next term
LONGEST_LINE = 5
ON_HOLD = 2  # percent of the students


def add_careers(world: World) -> None:
    """Thinks up what each student enrolls in, the line for full sections, and who is on hold."""
    for student in range(world.size):
        first = world.dice.choices(range(len(world.terms)), INTAKE)[0]
        seats: list[Seat] = []
        for term in world.terms[first:]:
            seats += _term_of(world, student, term)
            if not world.chance(GOES_ON):
                break
        world.careers.append(seats)
        if world.chance(ON_HOLD) and all(seat.status not in ("applied", "waitlisted") for seat in seats):
            world.holds.add(student)
    for term in world.terms:
        for section in term.sections:
            _form_line(section)


def _term_of(world: World, student: int, term: SeedTerm) -> list[Seat]:
    count = 2 if world.chance(30) else 1
    sections = world.dice.sample(term.sections, count)
    if count == 2 and sections[0].course == sections[1].course:
        sections.pop()
    return [_seat(world, student, section) for section in sections]


def _seat(world: World, student: int, section: SeedSection) -> Seat:
    shares = SHARES[section.term.phase]
    status = world.dice.choices(list(shares), list(shares.values()))[0]
    if status == "lingering":  # past its end and still active: work for the registrar, in the latest term only
        status = "active" if section.term.row["status"] == "open" else "completed"
    if status == "suspended" and section.term.phase == PAST and section.term.row["status"] == "closed":
        status = "withdrawn"
    seat = Seat(student, section, status, _applied(world, section.term, status))
    _begin(world, seat)
    _end(world, seat)
    section.seats.append(seat)
    return seat


def _applied(world: World, term: SeedTerm, status: str) -> date:
    if term.phase == PRESENT and status == "applied":
        return world.on - timedelta(days=world.dice.randrange(12))
    latest = min(term.start - timedelta(days=2), world.on)
    return latest - timedelta(days=world.dice.randrange(70))


def _begin(world: World, seat: Seat) -> None:
    if seat.status in ("applied", "rejected"):
        return
    seat.start_date = seat.section.term.start
    elapsed = (world.on - seat.section.term.start).days * 100 // 120
    if seat.section.term.phase != FUTURE:
        most = 100 if seat.status == "completed" else max(0, min(95, elapsed + 10))
        seat.progress = most if seat.status == "completed" else world.dice.randrange(most // 2, most + 1)


def _end(world: World, seat: Seat) -> None:
    term = seat.section.term
    if seat.status == "completed":
        seat.result = world.dice.choices(list(RESULTS), list(RESULTS.values()))[0]
        seat.end_date = term.end
        seat.grade = float(world.dice.randint(*GRADES[seat.result]))
    elif seat.status == "dropped":
        if term.phase == FUTURE:
            seat.start_date = None
            seat.end_date = world.on
        else:
            seat.end_date = min(term.start + timedelta(days=world.dice.randrange(21)), world.on)
        seat.end_reason = world.dice.choice(LEAVING_REASONS)
    elif seat.status == "withdrawn":
        seat.end_date = min(term.start + timedelta(days=22 + world.dice.randrange(60)), max(world.on, term.start))
        seat.end_reason = world.dice.choice(LEAVING_REASONS)


def _form_line(section: SeedSection) -> None:
    """Lets those who applied to a full section wait in the order in which they did."""
    if not section.sought_after or section.term.phase == PAST:
        return
    waiting = sorted((seat for seat in section.seats if seat.status == "applied"), key=lambda seat: seat.applied_on)
    for position, seat in enumerate(waiting[:LONGEST_LINE], 1):
        seat.status, seat.position = "waitlisted", position
