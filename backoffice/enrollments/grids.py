"""What staff see of enrollments and of the progress through lessons."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from backoffice.core.access import Person, Role, right
from backoffice.core.clock import today
from backoffice.core.grid import Grid, Panel
from backoffice.courses.models import Course, Section
from backoffice.enrollments.models import Enrollment, LessonProgress

GRADES = ("final_result", "final_grade_pct")


def own_enrollments(person: Person) -> ColumnElement[bool]:
    """Returns the condition on Enrollment: in a section of a course that `person` owns or teaches."""
    sections = select(Section.id).join(Course, Course.id == Section.course_id)
    own = or_(Course.owner_id == person.id, Section.instructor_id == person.id)
    return Enrollment.section_id.in_(sections.where(own))


def own_progress(person: Person) -> ColumnElement[bool]:
    """Returns the condition on LessonProgress: that of own enrollments."""
    return LessonProgress.enrollment_id.in_(select(Enrollment.id).where(own_enrollments(person)))


class EnrollmentGrid(Grid):
    """Seats: who learns what, since when, and what became of it."""

    model = Enrollment
    name = "enrollments"
    group = "Teaching"
    columns = (
        *("student", "section", "status", "applied_on", "start_date", "end_date", "end_reason"),
        *("progress_pct", "final_result", "final_grade_pct"),
    )
    form = (
        *("student", "section", "status", "applied_on", "start_date", "end_date", "end_reason"),
        *("progress_pct", "final_result", "final_grade_pct", "sourced_id"),
    )
    steps = {"Withdraw": {"status": lambda: "withdrawn", "end_date": lambda: today().isoformat()}}
    not_copied = ("status", "applied_on", "start_date", "end_date", "end_reason", "progress_pct", *GRADES)
    filters = (
        *("status", "section", "section.course", "section.term", "applied_on", "start_date", "end_date"),
        *("end_reason", "attempt_no", "progress_pct", "final_result", "final_grade_pct"),
    )
    default_sort = "-id"
    sections = {
        "Seat": ("student", "section", "status", "attempt_no", "waitlist_position"),
        "Dates": ("applied_on", "start_date", "end_date", "end_reason"),
        "Result": ("progress_pct", "final_result", "final_grade_pct"),
        "Record": ("sourced_id", "created_at", "updated_at"),
    }
    panels = (
        Panel("Progress", "progress", ("lesson", "status", "score", "completed_at")),
        Panel("Invoice lines", "lines", ("invoice", "kind", "description", "amount")),
    )
    instead = (
        "An enrollment with invoice lines is kept: set its status to withdrawn or dropped, with a date and a reason.",
        "status",
    )
    rights = {
        Role.ADMIN: right("VCEDBX"),
        Role.REGISTRAR: right("VCEDBX"),
        Role.FINANCE: right("V", hidden=GRADES),
        Role.COURSE_EDITOR: right("VE", editable=(*GRADES, "progress_pct", "status"), scope=own_enrollments),
        Role.SUPPORT: right("V", hidden=GRADES),
        Role.READ_ONLY: right("V", hidden=GRADES),
    }


class ProgressGrid(Grid):
    """How far an enrollment has come with each lesson."""

    model = LessonProgress
    name = "progress"
    nouns = ("progress entry", "progress entries")
    group = "Teaching"
    columns = ("enrollment", "lesson", "status", "score", "completed_at", "graded_by")
    form = columns
    not_copied = ("status", "score", "completed_at", "graded_by")
    filters = ("status", "score", "completed_at", "lesson", "graded_by")
    default_sort = "-id"
    rights = {
        Role.ADMIN: right("VCEDBX"),
        Role.REGISTRAR: right("VCEDBX"),
        Role.FINANCE: right("V", hidden=("score",)),
        Role.COURSE_EDITOR: right("VE", editable=("status", "score", "completed_at"), scope=own_progress),
        Role.SUPPORT: right("V", hidden=("score",)),
        Role.READ_ONLY: right("V", hidden=("score",)),
    }


GRIDS = (EnrollmentGrid, ProgressGrid)
