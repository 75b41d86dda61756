"""The line for a full section: first come, first served, except for those who may not be seated now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, Subquery, and_, case, false, func, literal, not_, or_, select
from sqlalchemy.orm import aliased

from backoffice.core.civil import TODAY
from backoffice.core.operations import Planned, Recording
from backoffice.core.operations.changes import CHANGE, of_operation
from backoffice.core.operations.snapshot import restore
from backoffice.courses.models import Course, Section, Term
from backoffice.enrollments.models import SEATED, Enrollment
from backoffice.students.models import Student

UNLIMITED = 1_000_000


def freed(operation: Recording) -> Any:
    """Returns the SELECT of the sections in which `operation` left seats, how many, and that no more are free than there."""
    table, change = Enrollment.__table__, CHANGE
    old_status = func.coalesce(restore(operation.dialect, change.c.before, table.c.status), table.c.status)
    old_section = func.coalesce(restore(operation.dialect, change.c.before, table.c.section_id), table.c.section_id)
    stays = and_(table.c.status.in_(SEATED), table.c.section_id == old_section)
    rows = select(old_section.label("section_id"), func.count().label("seats"), literal(0).label("more")).select_from(
        change.outerjoin(table, table.c.id == change.c.entity_id)
    )
    left = and_(old_status.in_(SEATED), not_(func.coalesce(stays, false())))
    return rows.where(of_operation(operation.id, "enrollment", "update", "delete"), left).group_by(old_section)


def will_be_freed(planned: Planned) -> Select[Any]:
    """Returns the SELECT of the sections in which a plan would leave seats, how many, and how many more are free then."""
    table, before, after = Enrollment.__table__, planned.before, planned.after
    mine = table.c.id.in_(planned.ids)
    stays = false() if after is None else and_(after.status.in_(SEATED), after.section_id == before.section_id)
    left = and_(before.status.in_(SEATED), not_(stays))
    moves: Any = select(before.section_id.label("section_id"), literal(1).label("left"), literal(1).label("more"))
    moves = moves.where(mine, left)
    if after is not None:
        comes = and_(after.status.in_(SEATED), not_(and_(before.status.in_(SEATED), stays)))
        moves = moves.union_all(select(after.section_id, literal(0), literal(-1)).where(mine, comes))
    every = moves.subquery()
    seats = select(every.c.section_id, func.sum(every.c.left).label("seats"), func.sum(every.c.more).label("more"))
    return seats.group_by(every.c.section_id).having(func.sum(every.c.left) > 0)


def will_be_promoted(planned: Planned) -> Select[Any]:
    """Returns the SELECT of who will get a seat that a plan for enrollments frees; whom it changes itself waits no more."""
    waiting = aliased(Enrollment)
    return _first(_line(waiting, will_be_freed(planned).subquery()).where(waiting.id.not_in(planned.ids)))


def will_fit(planned: Planned) -> Select[Any]:
    """Returns the SELECT of who will get a seat of the sections that a plan makes larger, or opens."""
    after = planned.after
    if after is None:
        return select(Enrollment.id).where(false())
    return _first(_line(aliased(Enrollment), seats_of(planned.ids, after).subquery(), after))


def seats_of(sections: Any, section: Any = Section) -> Select[Any]:
    """Returns the SELECT of these sections, and all seats of each as those that may be given."""
    seats = func.coalesce(section.capacity, UNLIMITED).label("seats")
    return select(Section.id.label("section_id"), seats, literal(0).label("more")).where(Section.id.in_(sections))


def promote(operation: Recording, seats: Select[Any]) -> int:
    """Gives seats (section, how many at most) to the first in line, as far as they are free; returns how many got one."""
    first = _first(_line(aliased(Enrollment), seats.subquery()))
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


def _first(line: Select[Any]) -> Select[Any]:
    """Returns the SELECT of the ids of those of a line for whom there are seats."""
    each = line.subquery()
    return select(each.c.id).where(
        each.c.place <= each.c.seats, or_(each.c.free.is_(None), each.c.place <= each.c.free)
    )


def _line(waiting: Any, seats: Subquery, section: Any = Section) -> Select[Any]:
    """Returns the SELECT of who could be seated: id, place among them, free seats (NULL: no limit), seats to give.

    `section` says what capacity and status the sections have.
    """
    taken = select(func.count(Enrollment.id)).where(Enrollment.section_id == Section.id, Enrollment.status.in_(SEATED))
    place = func.row_number().over(partition_by=waiting.section_id, order_by=waiting.waitlist_position)
    free = section.capacity - taken.correlate(Section).scalar_subquery() + seats.c.more
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
            section.status.in_(("planned", "open", "in_progress")),
        )
    )
