"""Rows of enrollments, and of how far those who study now have come with their lessons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from backoffice.interchange.seed.careers import SEATED
from backoffice.interchange.seed.words import LESSONS
from backoffice.interchange.seed.world import PRESENT, Dice, Seat, World, iso

ENROLLMENT = (
    "id", "student_id", "section_id", "status", "attempt_no", "applied_on", "start_date", "end_date", "end_reason",
    "waitlist_position", "progress_pct", "final_result", "final_grade_pct",
)  # fmt: skip
PROGRESS = ("enrollment_id", "lesson_id", "status", "score", "completed_at")


def enrollment_row(seat: Seat, student_id: int) -> tuple[Any, ...]:
    """Returns the row of a seat that has its number."""
    return (
        seat.id, student_id, seat.section.id, seat.status, 1, iso(seat.applied_on), iso(seat.start_date),
        iso(seat.end_date), seat.end_reason, seat.position, seat.progress, seat.result, seat.grade,
    )  # fmt: skip


def progress_rows(world: World, dice: Dice, seats: list[Seat], lessons: list[list[int]]) -> Iterator[tuple[Any, ...]]:
    """Yields rows without ids: of the lessons that count, as far as the term has gone. `lessons` are by course."""
    for seat in seats:
        if seat.section.term.phase == PRESENT and seat.status in SEATED and seat.progress:
            mine = lessons[seat.section.course]
            reached = seat.progress * len(mine) // 100
            for place in range(reached):
                if LESSONS[place][2] or place == reached - 1:
                    yield _progress_row(world, dice, seat, mine, place, last=place == reached - 1)


def _progress_row(
    world: World, dice: Dice, seat: Seat, lessons: list[int], place: int, *, last: bool
) -> tuple[Any, ...]:
    if last:
        return (seat.id, lessons[place], "in_progress", None, None)
    day = min(seat.section.term.start + timedelta(7 + 13 * place), world.on)
    score = 35 + dice.below(66) if LESSONS[place][2] else None
    return (seat.id, lessons[place], "completed", score, f"{iso(day)} 12:00:00.000000")
