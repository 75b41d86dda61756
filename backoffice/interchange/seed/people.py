"""Rows of students, of contacts, of who is whose contact, and of notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from backoffice.core.text import fold
from backoffice.interchange.people import MadeUp, made_up
from backoffice.interchange.seed.careers import SEATED, WAITING
from backoffice.interchange.seed.words import (
    BIOS,
    HOLD_REASONS,
    NOTES,
    ORGANISATIONS,
    PLACES,
    RELATIONSHIPS,
    STAFF,
    STREETS,
)
from backoffice.interchange.seed.world import FUTURE, PAST, Dice, Seat, World, iso
from backoffice.students.models import sort_name

WITH_CONTACT = 40  # percent of the students
WITH_NOTE = 6  # percent of the students
ARCHIVED = 4  # percent of those who have left
ON_HOLD = 2  # percent of the students

STUDENT = (
    "id", "student_number", "full_name", "given_name", "family_name", "preferred_name", "sort_name", "email", "email_key",
    "phone", "date_of_birth", "city", "country_code", "locale", "timezone", "bio", "status", "financial_hold",
    "hold_reason", "archived_at", "search_text",
)  # fmt: skip
CONTACT = (
    "id",
    "kind",
    "full_name",
    "email",
    "phone",
    "address_line1",
    "city",
    "postcode",
    "country_code",
    "search_text",
)
RELATIONSHIP = (
    "id", "student_id", "contact_id", "relationship", "is_primary", "is_payer", "is_emergency", "may_view_records"
)  # fmt: skip

NOTE = ("student_id", "text", "author_id", "search_text")

folded = lru_cache(maxsize=20_000)(fold)
sorted_by = lru_cache(maxsize=100_000)(sort_name)


def staff() -> list[dict[str, Any]]:
    """Returns accounts that nobody can sign in to: they have no password."""
    return [
        {"username": username, "email": f"{username}@staff.example.org", "full_name": name, "role": role}
        for role, username, name in STAFF
    ]


def number_of(student: int) -> str:
    """Returns the student number of the student at this place."""
    return f"S{student + 1:06}"


def search_text(*parts: str | None) -> str:
    """Returns what the model makes of these parts; most of them come again and again."""
    return " ".join([folded(part) for part in parts if part])


def holds(world: World, places: range, careers: Sequence[list[Seat]]) -> set[int]:
    """Thinks up which students of a cohort are on hold: nobody who waits to begin."""
    dice = world.dice("holds", places.start)
    held = zip(places, careers, strict=True)
    return {p for p, seats in held if dice.chance(ON_HOLD) and all(seat.status not in WAITING for seat in seats)}


def students(
    world: World, places: range, ids: Sequence[int], careers: Sequence[list[Seat]], held: set[int]
) -> Iterator[tuple[Any, ...]]:
    """Yields the rows of a cohort."""
    dice = world.dice("students", places.start)
    for place, row_id, seats in zip(places, ids, careers, strict=True):
        number = number_of(place)
        person = made_up(world.name, number)
        city, country, language, zone = PLACES[int(len(PLACES) * dice.random() ** 1.6)]
        status = _status(dice, seats)
        preferred = person.given_name[:3].strip() if person.given_name and dice.chance(4) else None
        email = person.email if dice.chance(95) else None
        phone = f"+44 7700 9{dice.below(100000):05}" if dice.chance(70) else None
        names = (person.full_name, person.given_name, person.family_name)
        yield (
            row_id, number, *names, preferred, sorted_by(*names), email, email and email.lower(), phone,
            iso(_birthday(world, dice)) if dice.chance(97) else None,
            city, country, language, zone,
            dice.choice(BIOS) if dice.chance(12) else None,
            status,
            int(place in held),
            dice.choice(HOLD_REASONS) if place in held else None,
            _archived(world, dice) if status in ("withdrawn", "graduated") and dice.chance(ARCHIVED) else None,
            f"{number.lower()} {search_text(*names, preferred)}{_then(email and email.lower())}{_then(phone)} {folded(city)}",
        )  # fmt: skip


def _then(part: str | None) -> str:
    """Returns a part that no folding would change, after a space."""
    return f" {part}" if part else ""


def _status(dice: Dice, seats: list[Seat]) -> str:
    statuses = {seat.status for seat in seats}
    if any(seat.status in SEATED and seat.section.term.phase != PAST for seat in seats):
        return "active"
    if statuses <= {"applied", "waitlisted", "rejected"} or all(s.section.term.phase == FUTURE for s in seats):
        return "applicant"
    if "applied" in statuses or "waitlisted" in statuses:
        return "active"
    if "completed" in statuses:
        return "graduated" if dice.chance(60) else "active"
    return "on_leave" if dice.chance(20) else "withdrawn"


def _birthday(world: World, dice: Dice) -> date:
    years = 17 + int(dice.expovariate(1 / 9)) % 55
    return date(world.on.year - years - 1, 1, 1) + timedelta(dice.below(365))


def _archived(world: World, dice: Dice) -> str:
    return f"{iso(world.on - timedelta(30 + dice.below(200)))} 09:00:00.000000"


def contacts(world: World, places: range) -> Iterator[tuple[int, tuple[Any, ...], tuple[Any, ...]]]:
    """Yields (student's place, contact, relationship) without ids; parents share the family's name."""
    dice = world.dice("contacts", places.start)
    for place in places:
        if not dice.chance(WITH_CONTACT):
            continue
        parent = made_up(world.name, f"C{place}")
        if dice.chance(6):
            contact = _contact(dice, "organization", dice.choice(ORGANISATIONS), parent)
            yield place, contact, ("sponsor", 1, 1, 0, 0)
            continue
        family = made_up(world.name, number_of(place)).family_name
        contact = _contact(dice, "person", " ".join(part for part in (parent.given_name, family) if part), parent)
        paying, reading = dice.chance(35), dice.chance(50)
        yield place, contact, (dice.choice(RELATIONSHIPS), 1, int(paying), 1, int(reading))


def notes(world: World, places: range, authors: Sequence[int]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yields (student's place, note) without ids."""
    dice = world.dice("notes", places.start)
    for place in places:
        if dice.chance(WITH_NOTE):
            text = dice.choice(NOTES)
            yield place, (text, dice.choice(authors), folded(text))


def _contact(dice: Dice, kind: str, name: str, person: MadeUp) -> tuple[Any, ...]:
    city, country, _, _ = dice.choice(PLACES)
    phone = f"+44 7700 8{dice.below(100000):05}"
    street = f"{1 + dice.below(179)} {dice.choice(STREETS)}"
    found = f"{search_text(*name.split())} {person.email.lower()} {phone} {folded(city)}"
    return (kind, name, person.email, phone, street, city, str(10000 + dice.below(89999)), country, found)
