"""The story of a row: what happened to it and to what belongs to it, as far as one may see that, a page at a time."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from backoffice.core.access import SYSTEM, Person
from backoffice.core.grid.declaration import grids
from backoffice.core.grid.timeline import belongings_of
from backoffice.core.operations import apply, loading, plan_delete, plan_edit, recording, story
from backoffice.core.selection import Selection
from backoffice.students.models import Note, Student
from tests import factories as make

Told = list[tuple[str, str, str]]


def told(person: Person, student: Student, limit: int = 100, before: int | None = None) -> Told:
    """Returns (what it is about, what happened, how it can be taken back), newest first."""
    belongings = belongings_of(grids()["students"], person)
    entries, _ = story(person, Student, student.id, belongings, limit, before)
    return [
        (
            "" if e.about is None else f"{e.about.model.__tablename__} {e.about.ref or e.about.number}",
            e.action,
            e.undo,
        )
        for e in entries
    ]


def change(row: Any, **values: Any) -> None:
    apply(plan_edit(Selection.parse(type(row), SYSTEM, ids=[row.id]), values, SYSTEM), SYSTEM)


def delete(row: Any) -> None:
    apply(plan_delete(Selection.parse(type(row), SYSTEM, ids=[row.id]), SYSTEM), SYSTEM)


@pytest.fixture
def ana(session: Any) -> Student:
    """A student to whom much happened; another student's note is not part of it."""
    ana, mother = make.student(full_name="Ana"), make.contact(full_name="Eva")
    note = make.note(student=ana, author=make.staff(), text="Called")
    make.note(text="About somebody else")
    make.student_contact(student=ana, contact=mother)
    seat = make.enrollment(student=ana, section=make.section(code="AAA-1"))
    make.invoice(student=ana, number="INV-1")
    change(note, text="Called twice")
    change(seat, status="suspended")
    change(ana, city="York")
    delete(note)
    return ana


def test_a_students_story_has_what_happened_to_all_that_belongs_to_them(ana: Student) -> None:
    note = next(entry[0] for entry in told(SYSTEM, ana))

    assert note.startswith("note no. ")
    assert told(SYSTEM, ana) == [
        (note, "delete", "Undo"),
        ("", "update", "Undo"),
        ("enrollment Ana, AAA-1", "update", "Undo"),
        (note, "update", "Undo"),
        ("invoice INV-1", "create", "Undo"),
        ("enrollment Ana, AAA-1", "create", "Undo"),
        ("student_contact Eva, mother", "create", "Undo"),
        (note, "create", "Undo"),
        ("", "create", "Undo"),
    ]


def test_a_story_is_told_a_page_at_a_time_and_nothing_twice(ana: Student) -> None:
    belongings = belongings_of(grids()["students"], SYSTEM)
    pages, before, more = [], None, True
    while more:
        entries, more = story(SYSTEM, Student, ana.id, belongings, 4, before)
        pages.append([entry.change_id for entry in entries])
        before = entries[-1].change_id

    assert [len(page) for page in pages] == [4, 4, 1]
    assert sorted({number for page in pages for number in page}, reverse=True) == [n for page in pages for n in page]


def test_whoever_may_not_see_a_kind_of_row_is_told_nothing_of_it(ana: Student) -> None:
    teacher = make.staff("course_editor")
    apply(plan_edit(Selection.parse(Student, SYSTEM, ids=[ana.id]), {"phone": "110"}, SYSTEM), SYSTEM)

    kinds = {entry[0].partition(" ")[0] for entry in told(make.staff("read_only"), ana)}
    theirs = {entry[0].partition(" ")[0] for entry in told(teacher, ana)}

    assert kinds == {"", "enrollment", "invoice", "student_contact"}
    assert theirs == {""}  # none of the rows are of courses of theirs, and nobody can say whose the deleted one was


def test_only_who_did_it_and_administrators_take_something_back_and_nothing_that_wrote_other_rows(ana: Student) -> None:
    apply(plan_edit(Selection.parse(Student, SYSTEM), {"city": "Hull"}, SYSTEM), SYSTEM)

    assert told(SYSTEM, ana)[0] == ("", "update", "")
    assert {entry[2] for entry in told(make.staff("registrar"), ana)} == {""}


def test_rows_that_were_loaded_together_stand_at_the_end_each_kind_as_one(session: Any) -> None:
    with (
        recording(SYSTEM, "command", "create", title="Load", model=Student) as operation,
        loading(operation, (Student, Note)) as rows,
    ):
        (student,) = rows.ids(Student, 1)
        ana = (student, "S1", "Ana", "ana", "active", 0, "s1 ana")
        rows.add(
            Student,
            ("id", "student_number", "full_name", "sort_name", "status", "financial_hold", "search_text"),
            [ana],
        )
        rows.add(
            Note,
            ("id", "student_id", "text", "search_text"),
            [(i, student, "Called", "called") for i in rows.ids(Note, 3)],
        )
    changed = session.scalars(select(Note)).first()
    change(changed, text="Called twice")

    assert told(SYSTEM, session.get_one(Student, student)) == [
        ("note Called twice", "update", "Undo"),
        ("note Called twice", "create", ""),
        ("note 2", "create", ""),
        ("", "create", ""),
    ]
