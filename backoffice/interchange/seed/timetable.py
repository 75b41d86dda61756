"""Terms around a day, courses with lessons, and the sections in which they are offered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from backoffice.core.money import to_minor
from backoffice.interchange.seed.words import LESSONS, LEVELS, SUBJECTS
from backoffice.interchange.seed.world import FUTURE, PAST, PRESENT, SeedSection, SeedTerm, World

SEASONS = ("Spring", "Summer", "Autumn")
MONTHS = 4  # of a term
TERMS_BACK = 7
TYPICAL_SEATS = 24
SEATS_PER_STUDENT_AND_TERM = 0.33
MOST_COURSES = len(SUBJECTS) * len(LEVELS)
LARGEST = 1500  # sections of a term; beyond, sections grow


def add_terms(world: World) -> None:
    """Thinks up the terms: the past ones, the one that runs, the next."""
    now = world.on.year * len(SEASONS) + (world.on.month - 1) // MONTHS
    for number in range(now - TERMS_BACK, now + 2):
        year, season = divmod(number, len(SEASONS))
        start = date(year, season * MONTHS + 1, 1)
        end = _start_of(number + 1) - timedelta(days=1)
        phase = PAST if number < now else PRESENT if number == now else FUTURE
        row = {
            "code": f"{year}-{season + 1}",
            "name": f"{SEASONS[season]} {year}",
            "kind": "term",
            "start_date": start,
            "end_date": end,
            "add_drop_deadline": start + timedelta(days=21),
            "withdraw_deadline": start + timedelta(days=84),
            "status": "closed" if number < now - 1 else "open",
        }
        world.terms.append(SeedTerm(row, phase))


def _start_of(number: int) -> date:
    year, season = divmod(number, len(SEASONS))
    return date(year, season * MONTHS + 1, 1)


def school_years(world: World) -> list[dict[str, Any]]:
    """Returns the years that the terms are parts of."""
    years = sorted({term.start.year for term in world.terms})
    return [
        {
            "code": str(year),
            "name": f"Year {year}",
            "kind": "school_year",
            "start_date": date(year, 1, 1),
            "end_date": date(year, 12, 31),
            "status": "closed" if year < world.on.year else "open",
        }
        for year in years
    ]


def add_courses(world: World, owners: list[int]) -> None:
    """Thinks up the courses, each with an owner and a price."""
    dice = world.dice("courses")
    count = min(MOST_COURSES, 12 + world.size // 150)
    for number in range(count):
        level, subject = divmod(number, len(SUBJECTS))
        code, title = SUBJECTS[subject]
        world.courses.append(
            {
                "code": f"{code}{level + 1}01",
                "title": f"{title}: {LEVELS[level]}",
                "description": f"{title} for those who want to go on. One term, about six hours a week.",
                "status": "published" if number < count - 1 else "draft",
                "credits": Decimal(dice.choice((5, 10, 15, 20))),
                "list_price_minor": to_minor(str(dice.randrange(180, 960, 10)), world.currency),
                "currency": world.currency,
                "owner_id": owners[number % len(owners)],
            }
        )


def lessons(world: World, course_ids: list[int]) -> Iterator[dict[str, Any]]:
    """Yields the lessons of every course."""
    for course_id in course_ids:
        for position, (title, kind, counts) in enumerate(LESSONS, 1):
            yield {
                "course_id": course_id,
                "position": position,
                "title": title,
                "kind": kind,
                "is_required": counts,
                "status": "published",
                "max_score": Decimal(100) if counts else None,
                "weight": Decimal(25) if counts else None,
            }


def add_sections(world: World, instructors: list[int]) -> None:
    """Thinks up the sections of each term; how many seats they have is known when it is known who comes."""
    dice = world.dice("sections")
    taught = len(world.courses) - 1  # the last course is a draft
    count = max(6, min(LARGEST, round(world.size * SEATS_PER_STUDENT_AND_TERM / TYPICAL_SEATS)))
    for term in world.terms:
        for number in range(count):
            course, group = number % taught, number // taught
            letter = f"-{group + 1}" if group else ""
            code = f"{world.courses[course]['code']}-{term.row['code']}{letter}"
            row = {
                "code": code,
                "name": f"{world.courses[course]['title'].partition(':')[0]}, {term.row['name']}",
                "instructor_id": instructors[number % len(instructors)],
                "delivery": dice.choice(("online", "online", "blended", "on_campus")),
                "start_date": term.start,
                "end_date": term.end,
                "timezone": "Europe/London",
                "waitlist_capacity": 10,
                "status": {PAST: "completed", PRESENT: "in_progress", FUTURE: "open"}[term.phase],
            }
            term.sections.append(SeedSection(course, term, row, dice.chance(20)))


def set_capacities(world: World) -> None:
    """Gives each section as many seats as it needs, or a few more; never fewer than are taken."""
    dice = world.dice("capacities")
    for section in world.sections:
        room = max(section.taken, section.comers // 2, 8)
        if section.sought_after and section.term.phase != PAST:
            section.row["capacity"] = section.taken
        else:
            section.row["capacity"] = None if dice.chance(6) else room + dice.randrange(room // 3 + 3)
