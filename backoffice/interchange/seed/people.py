"""Rows of students, of contacts, and of who is whose contact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from backoffice.interchange.people import made_up
from backoffice.interchange.seed.words import (
    BIOS,
    HOLD_REASONS,
    ORGANISATIONS,
    PLACES,
    RELATIONSHIPS,
    STAFF,
    STREETS,
)
from backoffice.interchange.seed.world import FUTURE, PAST, Seat, World

WITH_CONTACT = 40  # percent of the students
ARCHIVED = 4  # percent of those who have left


def staff() -> list[dict[str, Any]]:
    """Returns accounts that nobody can sign in to: they have no password."""
    return [
        {"username": username, "email": f"{username}@staff.example.org", "full_name": name, "role": role}
        for role, username, name in STAFF
    ]


def number_of(student: int) -> str:
    """Returns the student number of the student at this place."""
    return f"S{student + 1:06}"


def students(world: World) -> Iterator[dict[str, Any]]:
    """Yields the rows of all students."""
    dice = world.dice
    for place, seats in enumerate(world.careers):
        number = number_of(place)
        person = made_up(world.name, number)
        city, country, language, zone = PLACES[int(len(PLACES) * dice.random() ** 1.6)]
        status = _status(world, seats)
        yield {
            "student_number": number,
            "full_name": person.full_name,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "preferred_name": person.given_name[:3] if person.given_name and world.chance(4) else None,
            "email": person.email if world.chance(95) else None,
            "phone": f"+44 7700 9{dice.randrange(100000):05}" if world.chance(70) else None,
            "date_of_birth": _birthday(world) if world.chance(97) else None,
            "city": city,
            "country_code": country,
            "locale": language,
            "timezone": zone,
            "bio": dice.choice(BIOS) if world.chance(12) else None,
            "status": status,
            "financial_hold": place in world.holds,
            "hold_reason": dice.choice(HOLD_REASONS) if place in world.holds else None,
            "archived_at": _archived(world)
            if status in ("withdrawn", "graduated") and world.chance(ARCHIVED)
            else None,
        }


def _status(world: World, seats: list[Seat]) -> str:
    statuses = {seat.status for seat in seats}
    now = any(seat.section.term.phase != PAST and seat.status in ("active", "suspended") for seat in seats)
    if now:
        return "active"
    if statuses <= {"applied", "waitlisted", "rejected"} or all(s.section.term.phase == FUTURE for s in seats):
        return "applicant"
    if statuses & {"applied", "waitlisted"}:
        return "active"
    if "completed" in statuses:
        return "graduated" if world.chance(60) else "active"
    return "on_leave" if world.chance(20) else "withdrawn"


def _birthday(world: World) -> date:
    years = 17 + int(world.dice.expovariate(1 / 9)) % 55
    return date(world.on.year - years - 1, 1, 1) + timedelta(days=world.dice.randrange(365))


def _archived(world: World) -> datetime:
    day = world.on - timedelta(days=30 + world.dice.randrange(200))
    return datetime.combine(day, time(9), UTC)


def contacts(world: World) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Yields (student's place, contact, relationship); parents share the family's name, sponsors are organisations."""
    dice = world.dice
    for place in range(world.size):
        if not world.chance(WITH_CONTACT):
            continue
        city, country, _, _ = dice.choice(PLACES)
        sponsor = world.chance(6)
        child, parent = made_up(world.name, number_of(place)), made_up(world.name, f"C{place}")
        name = " ".join(part for part in (parent.given_name, child.family_name) if part)
        contact = {
            "kind": "organization" if sponsor else "person",
            "full_name": dice.choice(ORGANISATIONS) if sponsor else name,
            "email": parent.email,
            "phone": f"+44 7700 8{dice.randrange(100000):05}",
            "address_line1": f"{dice.randrange(1, 180)} {dice.choice(STREETS)}",
            "city": city,
            "postcode": f"{dice.randrange(10000, 99999)}",
            "country_code": country,
        }
        relationship = {
            "relationship": "sponsor" if sponsor else dice.choice(RELATIONSHIPS),
            "is_primary": True,
            "is_payer": sponsor or world.chance(35),
            "is_emergency": not sponsor,
            "may_view_records": not sponsor and world.chance(50),
        }
        yield place, contact, relationship
