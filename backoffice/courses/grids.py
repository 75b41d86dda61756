"""What staff see of terms, courses, lessons and sections."""

from __future__ import annotations

from backoffice.core.access import Rights, Role, right
from backoffice.core.grid import Grid, Lines, Panel
from backoffice.courses.models import Course, Lesson, Section, Term

CATALOGUE: Rights = {
    Role.ADMIN: right("VCEDBX"),
    Role.REGISTRAR: right("V"),
    Role.FINANCE: right("V"),
    Role.COURSE_EDITOR: right("VCEDBX"),
    Role.SUPPORT: right("V"),
    Role.READ_ONLY: right("V"),
}
TIMETABLE: Rights = {
    Role.ADMIN: right("VCEDBX"),
    Role.REGISTRAR: right("VCEDBX"),
    Role.FINANCE: right("V"),
    Role.COURSE_EDITOR: right("V"),
    Role.SUPPORT: right("V"),
    Role.READ_ONLY: right("V"),
}


class CourseGrid(Grid):
    """What is taught."""

    model = Course
    name = "courses"
    group = "Teaching"
    columns = ("code", "title", "status", "credits", "list_price", "currency", "owner")
    form = ("code", "title", "description", "status", "credits", "list_price", "currency", "owner", "sourced_id")
    filters = ("status", "credits", "list_price", "owner", "created_at")
    default_sort = "code"
    sections = {
        "Course": ("code", "title", "description", "status", "credits", "owner"),
        "Price": ("list_price", "currency"),
        "Record": ("sourced_id", "created_at", "updated_at"),
    }
    panels = (
        Panel("Sections", "sections", ("code", "term", "status", "start_date", "end_date", "seats_taken", "capacity")),
        Panel("Lessons", "lessons", ("position", "title", "kind", "is_required", "status"), sort="position"),
    )
    lines = (Lines(Lesson, ("title", "kind", "status", "is_required"), "Lessons", "lesson"),)
    instead = (
        "A course that was taught is kept: set its status to archived.",
        "status",
    )
    rights = CATALOGUE


class LessonGrid(Grid):
    """The steps of the courses."""

    model = Lesson
    name = "lessons"
    group = "Teaching"
    columns = ("course", "position", "title", "kind", "is_required", "status", "max_score", "weight")
    form = columns
    filters = ("course", "kind", "is_required", "status", "weight")
    default_sort = "course"
    sections = {
        "Lesson": ("course", "position", "title", "kind", "is_required", "status"),
        "Marks": ("max_score", "weight"),
        "Record": ("created_at", "updated_at"),
    }
    panels = (Panel("Progress", "progress", ("enrollment", "status", "score", "completed_at")),)
    instead = (
        "A lesson that somebody worked on is kept: set its status to archived.",
        "status",
    )
    rights = CATALOGUE


class TermGrid(Grid):
    """The calendar."""

    model = Term
    name = "terms"
    group = "Teaching"
    columns = ("code", "name", "kind", "status", "start_date", "end_date", "add_drop_deadline", "withdraw_deadline")
    form = (
        *("code", "name", "parent", "kind", "status", "start_date", "end_date"),
        *("add_drop_deadline", "withdraw_deadline", "sourced_id"),
    )
    filters = ("kind", "status", "start_date", "end_date", "parent")
    default_sort = "-start_date"
    sections = {
        "Term": ("code", "name", "parent", "kind", "status"),
        "Dates": ("start_date", "end_date", "add_drop_deadline", "withdraw_deadline"),
        "Record": ("sourced_id", "created_at", "updated_at"),
    }
    panels = (
        Panel("Sections", "sections", ("code", "course", "status", "seats_taken", "capacity", "waitlisted")),
        Panel("Parts", "terms", ("code", "name", "kind", "status", "start_date", "end_date")),
    )
    instead = (
        "A term with sections is kept: set its status to closed.",
        "status",
    )
    rights = TIMETABLE


class SectionGrid(Grid):
    """The offerings that students enroll in."""

    model = Section
    name = "sections"
    group = "Teaching"
    columns = (
        *("code", "course", "term", "instructor", "status", "start_date", "end_date"),
        *("seats_taken", "capacity", "waitlisted"),
    )
    form = (
        *("course", "term", "code", "name", "instructor", "delivery", "start_date", "end_date", "timezone"),
        *("capacity", "waitlist_capacity", "status", "sourced_id"),
    )
    not_copied = ("status",)
    filters = (
        *("status", "course", "term", "instructor", "delivery", "start_date", "end_date"),
        *("capacity", "seats_taken", "seats_free", "waitlisted", "overbooked"),
    )
    default_sort = "-start_date"
    sections = {
        "Section": ("code", "name", "course", "term", "instructor", "delivery", "status"),
        "Dates": ("start_date", "end_date", "timezone"),
        "Seats": ("capacity", "seats_taken", "seats_free", "waitlist_capacity", "waitlisted", "overbooked"),
        "Record": ("sourced_id", "created_at", "updated_at"),
    }
    panels = (
        Panel(
            "Roster",
            "enrollments",
            ("student", "status", "start_date", "end_date", "progress_pct", "final_result", "waitlist_position"),
            in_list=True,
        ),
    )
    instead = (
        "A section with enrollments is kept: set its status to cancelled once nobody is left in it.",
        "status",
    )
    rights = TIMETABLE


GRIDS = (CourseGrid, LessonGrid, TermGrid, SectionGrid)
