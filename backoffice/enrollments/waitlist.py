"""The line for a full section: first come, first served, except for those who may not be seated now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, Subquery, and_, case, false, func, not_, or_, select
from sqlalchemy.orm import aliased

from backoffice.core.civil import TODAY
from backoffice.core.operations import Recording
from backoffice.core.operations.changes import CHANGE, of_operation
from backoffice.core.operations.snapshot import restore
from backoffice.courses.models import Course, Section, Term
from backoffice.enrollments.models import SEATED, Enrollment
from backoffice.students.models import Student


def freed(operation: Recording) -> Select[int, int]:
    """Returns the SELECT of the sections in which `operation` left seats, and how many."""
    table, change = Enrollment.__table__, CHANGE
    old_status = func.coalesce(restore(operation.dialect, change.c.before, table.c.status), table.c.status)
    old_section = func.coalesce(restore(operation.dialect, change.c.before, table.c.section_id), table.c.section_id)
    stays = and_(table.c.status.in_(SEATED), table.c.section_id == old_section)
    rows = select(old_section.label("section_id"), func.count().label("seats")).select_from(
        change.outerjoin(table, table.c.id == change.c.entity_id)
    )
    left = and_(old_status.in_(SEATED), not_(func.coalesce(stays, false())))
    return rows.where(of_operation(operation.id, "enrollment", "update", "delete"), left).group_by(old_section)


def promote(operation: Recording, seats: Select[int, int]) -> int:
    """Gives seats (section, how many at most) to the first in line, as far as they are free; returns how many got one."""
    line = _line(aliased(Enrollment), seats.subquery()).subquery()
    first = select(line.c.id).where(
        line.c.place <= line.c.seats, or_(line.c.free.is_(None), line.c.place <= line.c.free)
    )
    begins = select(case((Section.start_date > TODAY, Section.start_date), else_=TODAY))
    begins = begins.where(Section.id == Enrollment.section_id).correlate(Enrollment.__table__)
    values = {
        "status": "active",
        "waitlist_position": None,
        "start_date": func.coalesce(Enrollment.start_date, begins.scalar_subquery()),
    }
    return operation.update(Enrollment, Enrollment.id.in_(first), values)


def places(operation: Recording, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Gives who joins a line its next place, and takes the place of who leaves it."""
    joining = {row["section_id"] for row in rows if _joins(row)}
    last: dict[int, int] = {}
    if joining:
        found = select(Enrollment.section_id, func.max(Enrollment.waitlist_position))
        found = found.where(Enrollment.section_id.in_(joining)).group_by(Enrollment.section_id)
        last = {section: place or 0 for section, place in operation.session.execute(found)}
    given: list[dict[str, Any]] = []
    for row in rows:
        if _joins(row):
            last[row["section_id"]] = last.get(row["section_id"], 0) + 1
            given.append({"waitlist_position": last[row["section_id"]]})
        else:
            given.append({} if row.get("status") == "waitlisted" else {"waitlist_position": None})
    return given


def _joins(row: Mapping[str, Any]) -> bool:
    return row.get("status") == "waitlisted" and row.get("waitlist_position") is None


def _line(waiting: Any, seats: Subquery) -> Any:
    """Returns the SELECT of who could be seated now: id, place among them, free seats (NULL: no limit), seats to give."""
    taken = select(func.count(Enrollment.id)).where(Enrollment.section_id == Section.id, Enrollment.status.in_(SEATED))
    place = func.row_number().over(partition_by=waiting.section_id, order_by=waiting.waitlist_position)
    free = Section.capacity - taken.correlate(Section).scalar_subquery()
    return (
        select(waiting.id.label("id"), place.label("place"), free.label("free"), seats.c.seats)
        .join(seats, seats.c.section_id == waiting.section_id)
        .join(Section, Section.id == waiting.section_id)
        .join(Term, Term.id == Section.term_id)
        .join(Course, Course.id == Section.course_id)
        .join(Student, Student.id == waiting.student_id)
        .where(
            waiting.status == "waitlisted",
            Student.financial_hold.is_(False),
            Term.status == "open",
            Course.status == "published",
            Section.status.in_(("planned", "open", "in_progress")),
        )
    )
