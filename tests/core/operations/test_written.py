"""Which rows an operation was the last to write: a search for its number finds them by its changes, and no others."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from backoffice.core.access import SYSTEM
from backoffice.core.clock import utcnow
from backoffice.core.operations import Operation, apply, plan_delete, plan_edit, plan_undo, pruning
from backoffice.core.selection import Selection
from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories
from tests.core.operations.test_births import load
from tests.core.operations.test_seals import alter


def edit(city: str, search: str) -> Operation:
    return apply(plan_edit(Selection.parse(Student, SYSTEM, search=search), {"city": city}, SYSTEM), SYSTEM)


def undo(operation: Operation) -> Operation:
    return apply(plan_undo(operation, SYSTEM), SYSTEM)


def found() -> dict[int, list[int]]:
    """Returns the rows that a search for each version finds, and for a version that no operation has."""
    known = list(db.session.scalars(select(Operation.id).order_by(Operation.id)))
    searches = {n: Selection.parse(Student, SYSTEM, search=f"version:{n}") for n in (*known, known[-1] + 1)}
    return {
        number: [row["id"] for row in selection.page(("id",), 500).rows]
        for number, selection in searches.items()
        if selection.count(10_000).number
    }


def written() -> dict[int, list[int]]:
    """Returns the same as the rows themselves say."""
    rows: dict[int, list[int]] = {}
    for row in db.session.execute(select(Student.version, Student.id).order_by(Student.id)):
        rows.setdefault(row.version, []).append(row.id)
    return rows


def test_a_search_for_a_version_finds_what_an_operation_wrote_last_however_it_came_to_be(session):
    load(6)
    for number in range(6):
        factories.student(student_number=f"S{number}", city="Bath")
    edit("Leeds", "student_number:S1,S2,S3,L0001,L0002")
    later = edit("York", "student_number:S2,L0002")
    undo(later)
    undo(apply(plan_delete(Selection.parse(Student, SYSTEM, search="student_number:S3,L0003"), SYSTEM), SYSTEM))
    apply(plan_delete(Selection.parse(Student, SYSTEM, search="student_number:S4,L0004"), SYSTEM), SYSTEM)

    assert found() == written()


def test_a_search_for_several_versions_finds_what_any_of_them_left(session):
    first, second, _ = (factories.student() for _ in range(3))

    selection = Selection.parse(Student, SYSTEM, search=f"version:{first.version},{second.version}", sort=("id",))

    assert [row["id"] for row in selection.page(("id",), 500).rows] == [first.id, second.id]
    assert selection.count(10_000).number == selection.count().number == 2


def test_it_finds_them_after_their_history_was_cut(session):
    load(4)
    factories.student(student_number="S1", city="Bath")
    old = edit("Leeds", "student_number:S1,L0001")
    alter("UPDATE operation SET at = :at WHERE id <= :id", at=utcnow() - timedelta(days=200), id=old.id)
    later = edit("York", "student_number:S1,L0002")
    pruning.prune(90, SYSTEM)

    after_pruning, as_it_was = found(), written()
    undo(later)

    assert after_pruning == as_it_was
    assert found() == written()
