"""The shape of a made-up organisation: what is few is kept, what is many is thought up again a cohort at a time."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from random import Random
from typing import Any

PAST, PRESENT, FUTURE = "past", "present", "future"
COHORT = 2000  # students that are thought up together


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
    """A section, how many come, who applied first, and the places of students in its line."""

    course: int
    term: SeedTerm
    row: dict[str, Any]
    sought_after: bool
    id: int = 0
    taken: int = 0
    comers: int = 0
    first: list[tuple[date, int]] = field(default_factory=list)
    line: dict[int, int] = field(default_factory=dict)


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
    grade: int | None = None
    progress: int | None = None
    id: int = 0


@dataclass
class World:
    """What is known before anything is written: the timetable, who fills it, and how many invoices each day has."""

    seed: int
    on: date
    currency: str
    size: int
    courses: list[dict[str, Any]] = field(default_factory=list)
    terms: list[SeedTerm] = field(default_factory=list)
    issued: Counter[date] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        """Returns the name of this world: part of every made-up address."""
        return f"seed{self.seed}"

    @property
    def sections(self) -> list[SeedSection]:
        return [section for term in self.terms for section in term.sections]

    def dice(self, purpose: str, cohort: int = 0) -> Dice:
        """Returns dice of their own for each purpose and cohort: they fall the same whenever they are thrown."""
        return Dice(f"{self.seed} {purpose} {cohort}")

    def cohorts(self) -> Iterator[range]:
        """Yields the students' places, some at a time."""
        for start in range(0, self.size, COHORT):
            yield range(start, min(start + COHORT, self.size))


class Dice(Random):
    """Throws that depend on a text alone."""

    def chance(self, percent: float) -> bool:
        """Says yes in `percent` of 100 cases."""
        return self.random() * 100 < percent

    def below(self, count: int) -> int:
        """Returns a number from 0 to `count` - 1."""
        return int(self.random() * count)


class Shares:
    """Values that come up as often as their weights say."""

    def __init__(self, weights: Mapping[Any, int]) -> None:
        self._values = list(weights)
        self._until = list(accumulate(weights.values()))

    def pick(self, dice: Dice) -> Any:
        return self._values[bisect(self._until, dice.random() * self._until[-1])]


class _Days(dict[date | None, str | None]):
    def __missing__(self, day: date | None) -> str | None:
        self[day] = written = day.isoformat() if day else None
        return written


iso = _Days().__getitem__  # a date as the databases read it; there are few of them among millions of rows
