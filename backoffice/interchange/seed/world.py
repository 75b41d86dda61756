"""The shape of a made-up organisation while it is being thought up: no ids yet, and nothing written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

PAST, PRESENT, FUTURE = "past", "present", "future"


@dataclass
class SeedTerm:
    """A third of a calendar year; terms follow each other without a gap, so that one always runs."""

    row: dict[str, Any]
    phase: str
    sections: list[SeedSection] = field(default_factory=list)
    id: int = 0

    @property
    def start(self) -> date:
        return self.row["start_date"]

    @property
    def end(self) -> date:
        return self.row["end_date"]


@dataclass
class SeedSection:
    """A section and who sits in it."""

    course: int
    term: SeedTerm
    row: dict[str, Any]
    sought_after: bool
    seats: list[Seat] = field(default_factory=list)
    id: int = 0


@dataclass(slots=True)
class Seat:
    """An enrollment."""

    student: int
    section: SeedSection
    status: str
    applied_on: date
    start_date: date | None = None
    end_date: date | None = None
    end_reason: str | None = None
    position: int | None = None
    result: str | None = None
    grade: float | None = None
    progress: int | None = None
    id: int = 0


@dataclass
class World:
    """Everything that is thought up before anything is written."""

    dice: Random
    on: date
    name: str  # of this world: part of every made-up address
    currency: str
    size: int
    courses: list[dict[str, Any]] = field(default_factory=list)
    terms: list[SeedTerm] = field(default_factory=list)
    careers: list[list[Seat]] = field(default_factory=list)
    holds: set[int] = field(default_factory=set)

    def chance(self, percent: float) -> bool:
        """Says yes in `percent` of 100 cases."""
        return self.dice.random() * 100 < percent
