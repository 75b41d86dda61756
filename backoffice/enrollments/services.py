"""What may become of enrollments, and what follows: seats are counted under a lock, a free one goes to the first in line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select

from backoffice.core.model import Record
from backoffice.core.operations import Effect, Fill, Foretelling, Invalid, Recording, Rule, transitions
from backoffice.core.operations.changes import CHANGE, of_operation
from backoffice.core.operations.constraints import worded
from backoffice.core.operations.snapshot import restore
from backoffice.core.wording import gettext, later
from backoffice.courses.models import Section
from backoffice.enrollments import guards, waitlist
from backoffice.enrollments.models import SEATED, STATUSES, Enrollment, LessonProgress

TRANSITIONS = {
    "applied": ("active", "waitlisted", "rejected", "dropped"),
    "waitlisted": ("active", "dropped", "rejected"),
    "active": ("suspended", "completed", "withdrawn", "dropped"),
    "suspended": ("active", "withdrawn", "dropped"),
    "completed": ("active",),
    "withdrawn": ("active",),
    "dropped": (),
    "rejected": (),
}
NEEDS_REASON = later("Reopening or reinstating an enrollment needs a reason.")
PROMOTED = "will be promoted from waiting lists"
EXISTING = ("update",)


def _no_overbooking(operation: Recording, ids: Select[tuple[int]]) -> None:
    """Holds the sections concerned and refuses what overbooks one.

    Two who take the last seat at once meet at the locked section; the second one counts again and is refused.
    """
    concerned = Section.id.in_(operation.involved(Enrollment, "section_id"))
    operation.session.execute(select(Section.id).where(concerned).order_by(Section.id).with_for_update())
    taken = select(func.count(Enrollment.id)).where(Enrollment.section_id == Section.id, Enrollment.status.in_(SEATED))
    overbooked = select(Section.code).where(concerned, Section.capacity < taken.correlate(Section).scalar_subquery())
    code = operation.session.scalars(overbooked.order_by(Section.code).limit(1)).first()
    if code is not None:
        raise Invalid({"section": gettext("Section %(code)s is full.", code=code)})


def _next_in_line(operation: Recording, ids: Select[tuple[int]]) -> None:
    """Gives the seats that were left to the first in line."""
    waitlist.promote(operation, waitlist.freed(operation))


def _seats_of_section(operation: Recording, ids: Select[tuple[int]]) -> None:
    """Gives the seats that a larger capacity frees to the first in line."""
    waitlist.promote(operation, waitlist.seats_of(ids))


def _reasons(operation: Recording, ids: Select[tuple[int]]) -> None:
    """Refuses to reopen or reinstate without a reason."""
    if operation.entry.reason.strip() or operation.entry.verb in ("undo", "import"):
        return
    status = Enrollment.__table__.c.status
    before = restore(operation.dialect, CHANGE.c.before, status)
    after = restore(operation.dialect, CHANGE.c.after, status)
    returned = select(CHANGE.c.id).where(
        of_operation(operation.id, "enrollment", "update"), before.in_(("completed", "withdrawn")), after == "active"
    )
    if operation.session.scalars(returned.limit(1)).first() is not None:
        raise Invalid({"": gettext(NEEDS_REASON)})


def _attempts(operation: Recording, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Counts a new row of the same student and section as the next attempt."""
    new = [row for row in rows if "id" not in row and row.get("attempt_no") is None]
    if not new:
        return [{} for _ in rows]
    latest = select(Enrollment.student_id, Enrollment.section_id, func.max(Enrollment.attempt_no)).where(
        Enrollment.student_id.in_({row["student_id"] for row in new})
    )
    grouped = latest.group_by(Enrollment.student_id, Enrollment.section_id)
    counted = Counter({(row[0], row[1]): row[2] for row in operation.session.execute(grouped)})
    found: list[dict[str, Any]] = []
    for row in rows:
        if "id" in row or row.get("attempt_no") is not None:
            found.append({})
            continue
        pair = (row["student_id"], row["section_id"])
        counted[pair] += 1
        found.append({"attempt_no": counted[pair]})
    return found


RULES: Mapping[type[Record], Sequence[Rule]] = {
    Enrollment: (
        transitions(
            "status", TRANSITIONS, initial=STATUSES, message="An enrollment cannot go from its status to this one."
        ),
        Rule("term_closed", "The term is closed: only administrators change its enrollments.", (), guards.term_closed),
        Rule(
            "history_moved",
            "An enrollment stays with its student, and one that has ended with its section. Enroll anew instead.",
            ("student_id", "section_id"),
            guards.moves_history,
            EXISTING,
        ),
        Rule("on_hold", "The student has a financial hold.", ("status", "student_id"), guards.on_hold),
        Rule("term_not_open", "The section's term is not open.", ("status", "section_id"), guards.term_not_open),
        Rule(
            "section_not_open",
            "The section is over or cancelled.",
            ("status", "section_id"),
            guards.section_not_open,
        ),
        Rule(
            "course_not_published",
            "The section's course is not published.",
            ("status", "section_id"),
            guards.course_not_published,
        ),
        Rule(
            "drop_deadline",
            "The add/drop deadline is over. Withdraw the student instead.",
            ("status",),
            guards.too_late_to_drop,
            EXISTING,
        ),
        worded(
            Enrollment,
            "left_with_date_and_reason",
            "Who withdraws or drops needs a last attendance and a reason.",
            "end_reason",
        ),
        worded(
            Enrollment,
            "live_without_end_reason",
            "An end reason belongs to an enrollment that has ended.",
            "end_reason",
        ),
        worded(
            Enrollment,
            "completed_with_result",
            "A completed enrollment has a final result, and only a completed one has.",
            "final_result",
        ),
        worded(Enrollment, "waitlisted_with_position", "A place in line belongs to the waitlisted.", "status"),
        worded(Enrollment, "end_after_start", "The last attendance is not before the start.", "end_date"),
        worded(Enrollment, "attempt_no_positive", "Attempts count from 1."),
        worded(Enrollment, "waitlist_position_positive", "Places in line count from 1."),
        worded(Enrollment, "progress_pct_percent", "Progress is between 0 and 100."),
        worded(Enrollment, "final_grade_pct_percent", "A grade is between 0 and 100."),
        worded(
            Enrollment,
            "uq_enrollment_student_id_section_id",
            "The student has a live enrollment in this section already.",
        ),
        Rule(
            "full",
            "The section is full. Put the student on the waitlist.",
            ("status", "section_id"),
            guards.full,
            ("create", "update", "undo"),
        ),
        Rule("line_full", "The waitlist is full.", ("status", "section_id"), guards.line_full),
    ),
    LessonProgress: (
        worded(LessonProgress, "score_not_negative", "A score is not negative."),
        worded(
            LessonProgress,
            "completed_with_instant",
            "A completed lesson says when, and only a completed one does.",
            "completed_at",
        ),
        worded(
            LessonProgress,
            "uq_lesson_progress_enrollment_id_lesson_id",
            "There is an entry for this enrollment and lesson already.",
            "lesson_id",
        ),
        Rule("score_too_high", "The score is above the lesson's maximum.", ("score",), guards.scored_above_maximum),
    ),
    Section: (
        Rule(
            "capacity_below_seats",
            "More students have a seat than this capacity allows.",
            ("capacity",),
            guards.fewer_seats_than_taken,
        ),
        Rule(
            "cancelled_with_students",
            "Students are enrolled in this section or wait for it. Drop them first, with the reason section cancelled.",
            ("status",),
            guards.cancelled_with_students,
        ),
    ),
}
EFFECTS: Mapping[type[Record], Sequence[Effect | Fill]] = {
    Enrollment: (
        Fill(
            "place_in_line",
            ("status", "section_id"),
            ("waitlist_position",),
            waitlist.places,
            ("waitlisted_with_position", "uq_enrollment_section_id_waitlist_position"),
        ),
        Fill("attempt", ("student_id", "section_id"), ("attempt_no",), _attempts),
        Effect("return_reason", ("status",), _reasons),
        Effect("no_overbooking", ("status", "section_id"), _no_overbooking, guard=True),
        Effect(
            "next_in_line",
            ("status", "section_id"),
            _next_in_line,
            foretells=Foretelling(Enrollment, PROMOTED, waitlist.will_be_promoted),
        ),
    ),
    Section: (
        Effect(
            "freed_seats",
            ("capacity", "status"),
            _seats_of_section,
            foretells=Foretelling(Enrollment, PROMOTED, waitlist.will_fit),
        ),
    ),
}
