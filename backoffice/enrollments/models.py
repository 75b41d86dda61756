"""Enrollments, the seats of students in sections, and their progress through the lessons."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Numeric,
    String,
    UniqueConstraint,
    and_,
    case,
    false,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, aliased, backref, column_property, mapped_column, relationship

from backoffice.core.civil import TODAY
from backoffice.core.model import Choice, Record, UtcDateTime, one_of
from backoffice.core.unindexed import Unindexed
from backoffice.courses.models import Lesson, Section
from backoffice.staff.models import StaffUser
from backoffice.students.models import SOURCED_ID, Student

STATUSES = ("applied", "waitlisted", "active", "suspended", "completed", "withdrawn", "dropped", "rejected")
LIVE = ("applied", "waitlisted", "active", "suspended", "completed")  # at most one of these per student and section
SEATED = ("active", "suspended")  # these take a seat
LEFT = ("withdrawn", "dropped")
STARTED = ("active", "suspended", "completed", "withdrawn")  # whoever is or was there
END_REASONS = (
    "academic",
    "financial",
    "health",
    "personal",
    "transfer",
    "schedule",
    "no_show",
    "section_cancelled",
    "error",
    "other",
)
FINAL_RESULTS = ("distinction", "pass", "fail", "incomplete")
PROGRESS_STATUSES = ("in_progress", "submitted", "completed", "exempt")

_LIVE = text("status IN ('applied', 'waitlisted', 'active', 'suspended', 'completed')")
_WAITLISTED = text("status = 'waitlisted'")
_CAME_ON = "coalesce(applied_on, start_date)"


class Enrollment(Record):
    """A student's seat in a section. A return after leaving is a new row with the next `attempt_no`."""

    __label__ = "label"
    __search_through__ = ("student", "section")
    __sorted__ = (
        "student_id",
        "section_id",
        "status",
        "attempt_no",
        "applied_on",
        "start_date",
        "end_date",
        "end_reason",
        "progress_pct",
        "final_result",
        "final_grade_pct",
    )

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete="RESTRICT"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id", ondelete="RESTRICT"))
    status: Mapped[str] = mapped_column(Choice(*STATUSES), default="active")  # whom nobody says more of comes now
    attempt_no: Mapped[int] = mapped_column(default=1, info={"label": "Attempt"})
    applied_on: Mapped[date | None]
    start_date: Mapped[date | None]
    end_date: Mapped[date | None] = mapped_column(
        info={"label": "Last attendance", "hint": "Needed where somebody dropped or withdrew."}
    )
    end_reason: Mapped[str | None] = mapped_column(
        Choice(*END_REASONS), info={"hint": "Needed where somebody dropped or withdrew."}
    )
    waitlist_position: Mapped[int | None]
    progress_pct: Mapped[Decimal | None] = mapped_column(Numeric(5, 2), info={"label": "Progress %"})
    final_result: Mapped[str | None] = mapped_column(
        Choice(*FINAL_RESULTS), info={"hint": "Needed where the status is completed."}
    )
    final_grade_pct: Mapped[Decimal | None] = mapped_column(Numeric(5, 2), info={"label": "Final grade %"})
    sourced_id: Mapped[str | None] = mapped_column(String(255), unique=True, info=SOURCED_ID)

    student: Mapped[Student] = relationship(backref=backref("enrollments", passive_deletes="all"))
    section: Mapped[Section] = relationship(backref=backref("enrollments", passive_deletes="all"))

    __table_args__ = (
        one_of("status", STATUSES),
        one_of("end_reason", END_REASONS),
        one_of("final_result", FINAL_RESULTS),
        CheckConstraint("attempt_no >= 1", name="attempt_no_positive"),
        CheckConstraint("waitlist_position >= 1", name="waitlist_position_positive"),
        CheckConstraint("end_date >= start_date", name="end_after_start"),
        CheckConstraint("progress_pct BETWEEN 0 AND 100", name="progress_pct_percent"),
        CheckConstraint("final_grade_pct BETWEEN 0 AND 100", name="final_grade_pct_percent"),
        CheckConstraint(
            "status NOT IN ('withdrawn', 'dropped') OR (end_date IS NOT NULL AND end_reason IS NOT NULL)",
            name="left_with_date_and_reason",
        ),
        CheckConstraint(
            "status NOT IN ('applied', 'waitlisted', 'active', 'suspended', 'completed') OR end_reason IS NULL",
            name="live_without_end_reason",
        ),
        CheckConstraint("(status = 'waitlisted') = (waitlist_position IS NOT NULL)", name="waitlisted_with_position"),
        CheckConstraint("(status = 'completed') = (final_result IS NOT NULL)", name="completed_with_result"),
        Index(
            "uq_enrollment_student_id_section_id",
            "student_id",
            "section_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(
            "uq_enrollment_section_id_waitlist_position",
            "section_id",
            "waitlist_position",
            unique=True,
            sqlite_where=_WAITLISTED,
            postgresql_where=_WAITLISTED,
        ),
        Index(None, "student_id", "status", "section_id"),
        Index(None, "student_id", "applied_on", "start_date"),
        Index(None, "status", "applied_on"),
        Index(None, "status", "start_date"),
        Index(None, "status", "end_date"),
        # All that figures about sections and their seats read.
        Index("ix_enrollment_seat", *"section_id status final_result student_id start_date end_date".split()),
        Index("ix_enrollment_came_on", text(_CAME_ON), "student_id"),
    )


class LessonProgress(Record):
    """How far an enrollment has come with one lesson, and the score."""

    __label__ = "label"
    __search_through__ = ("lesson",)
    __sorted__ = (
        "enrollment_id",
        "lesson_id",
        "status",
        "score",
        "completed_at",
    )

    enrollment_id: Mapped[int] = mapped_column(ForeignKey("enrollment.id", ondelete="CASCADE"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id", ondelete="RESTRICT"))
    status: Mapped[str] = mapped_column(Choice(*PROGRESS_STATUSES), default="in_progress")
    score: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    graded_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_user.id", ondelete="SET NULL"), index=True)

    enrollment: Mapped[Enrollment] = relationship(backref=backref("progress", passive_deletes="all"))
    lesson: Mapped[Lesson] = relationship(backref=backref("progress", passive_deletes="all"))
    graded_by: Mapped[StaffUser | None] = relationship()

    __table_args__ = (
        UniqueConstraint("enrollment_id", "lesson_id"),
        one_of("status", PROGRESS_STATUSES),
        CheckConstraint("score >= 0", name="score_not_negative"),
        CheckConstraint("(status = 'completed') = (completed_at IS NOT NULL)", name="completed_with_instant"),
    )


_student_name = (
    select(Student.full_name).where(Student.id == Enrollment.student_id).correlate(Enrollment).scalar_subquery()
)
_section_code = select(Section.code).where(Section.id == Enrollment.section_id).correlate(Enrollment).scalar_subquery()
Enrollment.label = column_property(_student_name + ", " + _section_code, deferred=True)

_learner = (
    select(Student.full_name)
    .join_from(Enrollment, Student, Enrollment.student_id == Student.id)
    .where(Enrollment.id == LessonProgress.enrollment_id)
    .correlate(LessonProgress)
    .scalar_subquery()
)
_lesson_title = (
    select(Lesson.title).where(Lesson.id == LessonProgress.lesson_id).correlate(LessonProgress).scalar_subquery()
)
LessonProgress.label = column_property(_learner + ", " + _lesson_title, deferred=True)

_calendar = aliased(Section)


def _attended(first: date | None, last: date | None) -> ColumnElement[bool]:
    """Returns the condition that a seat was taken on some day from `first` to `last`, on which its section ran as well."""
    sections = select(_calendar.id)
    found: list[ColumnElement[bool]] = [Enrollment.status.in_(STARTED), Unindexed(Enrollment.start_date.is_not(None))]
    if last is not None:
        found.append(Unindexed(Enrollment.start_date <= last))  # of most seats; their sections are fewer
        sections = sections.where(_calendar.start_date <= last)
    if first is not None:
        found.append(Unindexed(or_(Enrollment.end_date.is_(None), Enrollment.end_date >= first)))
        sections = sections.where(_calendar.end_date >= first)
    return and_(*found, Enrollment.section_id.in_(sections.correlate(None)))


Enrollment.attended = column_property(
    case((Enrollment.status.in_(STARTED), Enrollment.start_date)),
    deferred=True,
    info={"kind": "date", "label": "Attended from", "during": _attended},
)
Enrollment.__computed__ = ("attended",)

# What enrollments say about the nouns below them. A student studies who has an active seat in a section that runs today.
_runs_today = and_(Section.start_date <= TODAY, Section.end_date >= TODAY)
_seated = select(Enrollment.student_id).where(Enrollment.status == "active")
_studying = _seated.join(Section, Enrollment.section_id == Section.id).where(_runs_today)
_seated_today = _seated.where(Enrollment.section_id.in_(select(Section.id).where(_runs_today).correlate(None)))
_came_on = func.coalesce(Enrollment.applied_on, Enrollment.start_date)


def _came_first(first: date | None, last: date | None) -> ColumnElement[bool]:
    """Returns the condition that a student came for the first time from `first` to `last`: then, and not before."""
    came = select(Enrollment.student_id).where(_came_on.is_not(None)).correlate(None)
    if last is not None:
        came = came.where(_came_on <= last)
    if first is None:
        return Student.id.in_(came)
    before = select(Enrollment.id).where(Enrollment.student_id == Student.id, _came_on < first).correlate(Student)
    return and_(Student.id.in_(came.where(_came_on >= first)), ~before.exists())


Student.studying = column_property(
    _studying.where(Enrollment.student_id == Student.id).correlate(Student).exists(),
    deferred=True,
    info={"kind": "boolean", "label": "Studying now", "candidates": {True: _seated_today}},
)
Student.first_enrolled_on = column_property(
    select(func.min(_came_on)).where(Enrollment.student_id == Student.id).correlate(Student).scalar_subquery(),
    deferred=True,
    info={"kind": "date", "label": "First enrolled on", "within": _came_first},
)
Student.__computed__ += ("studying", "first_enrolled_on")

_rows = select(func.count(Enrollment.id)).where(Enrollment.section_id == Section.id).correlate(Section)
_taken = _rows.where(Enrollment.status.in_(SEATED)).scalar_subquery()
Section.seats_taken = column_property(_taken, deferred=True, info={"kind": "integer", "label": "Seats taken"})
Section.seats_free = column_property(
    Section.capacity - _taken, deferred=True, info={"kind": "integer", "label": "Seats free"}
)
Section.overbooked = column_property(
    func.coalesce(_taken > Section.capacity, false()), deferred=True, info={"kind": "boolean", "label": "Overbooked"}
)
Section.waitlisted = column_property(
    _rows.where(Enrollment.status == "waitlisted").scalar_subquery(),
    deferred=True,
    info={"kind": "integer", "label": "Waitlisted"},
)
Section.__computed__ = (*Section.__computed__, "seats_taken", "seats_free", "waitlisted", "overbooked")
