"""Births: rows loaded by the million are recorded as runs, and yet have a history that can be read, proved and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from backoffice.core.access import SYSTEM
from backoffice.core.clock import utcnow
from backoffice.core.grid import changes as listing
from backoffice.core.operations import (
    Change,
    Operation,
    apply,
    history,
    loading,
    plan_delete,
    plan_edit,
    plan_undo,
    pruning,
    recording,
    verifying,
)
from backoffice.core.operations.models import Birth
from backoffice.core.selection import Selection
from backoffice.extensions import db
from backoffice.students.models import Contact, Student
from tests import factories
from tests.core.operations.tables import stored_rows
from tests.core.operations.test_seals import alter

COLUMNS = ("id", "student_number", "full_name", "sort_name", "status", "financial_hold", "search_text", "city")


def load(count: int = 300) -> Operation:
    with recording(SYSTEM, "command", "create", title="Load", model=Student) as operation:
        with loading(operation, (Student, Contact)) as rows:
            ids = rows.ids(Student, count)
            found = [
                (i, f"L{n:04}", f"Ana {n}", f"ana {n}", "active", 0, f"l{n:04} ana {n} leeds", "Leeds")
                for n, i in enumerate(ids)
            ]
            rows.add(Student, COLUMNS, found)
        number = operation.id
    return db.session.get_one(Operation, number)


def ids() -> list[int]:
    return list(db.session.scalars(select(Student.id).order_by(Student.id)))


def problems() -> list[str]:
    db.session.rollback()
    return list(verifying.problems(db.session()))


def changes() -> list[tuple[str, int]]:
    grouped = select(Change.action, func.count()).group_by(Change.action).order_by(Change.action)
    return [(row[0], row[1]) for row in db.session.execute(grouped)]


@pytest.fixture
def loaded(session) -> Operation:
    return load()


def test_a_load_is_one_operation_with_a_run_of_births_and_no_change(loaded):
    run = db.session.scalars(select(Birth)).one()

    assert (loaded.counts, loaded.row_count) == ({"student": {"create": 300}}, 300)
    assert (run.entity_type, run.last_id - run.first_id, run.operation_id) == ("student", 299, loaded.id)
    assert (changes(), problems()) == ([], [])


def test_the_history_of_a_loaded_row_begins_with_its_creation(loaded):
    entries = history(SYSTEM, Student, ids()[5])

    assert [(entry.operation_id, entry.action) for entry in entries] == [(loaded.id, "create")]
    assert ("City", "", "Leeds") in [(c.label, c.before or "", c.after) for c in entries[0].changes]


def test_the_first_change_of_a_loaded_row_writes_its_creation_down(loaded):
    row = ids()[7]

    edit = apply(plan_edit(Selection.parse(Student, SYSTEM, ids=[row]), {"city": "York"}, SYSTEM), SYSTEM)

    entries = history(SYSTEM, Student, row)
    assert [(entry.operation_id, entry.action) for entry in entries] == [(edit.id, "update"), (loaded.id, "create")]
    assert ("City", "", "Leeds") in [(c.label, c.before or "", c.after) for c in entries[1].changes]
    assert (changes(), problems()) == ([("create", 1), ("update", 1)], [])


def test_a_loaded_row_that_the_unit_of_work_changes_is_written_down_as_well(loaded):
    with recording(SYSTEM, "form", "update", model=Student):
        db.session.get_one(Student, ids()[0]).city = "York"

    assert (changes(), problems()) == ([("create", 1), ("update", 1)], [])


def test_deletions_of_loaded_rows_are_taken_back_byte_for_byte(loaded):
    before = stored_rows()
    deletion = apply(plan_delete(Selection.parse(Student, SYSTEM, ids=ids()[:9]), SYSTEM), SYSTEM)
    apply(plan_undo(deletion, SYSTEM), SYSTEM)

    assert (stored_rows(), problems()) == (before, [])


def test_a_load_is_taken_back_but_for_what_changed_since_and_can_be_redone(loaded):
    kept = ids()[3]
    before = stored_rows()
    edit = apply(plan_edit(Selection.parse(Student, SYSTEM, ids=[kept]), {"city": "York"}, SYSTEM), SYSTEM)
    undo = apply(plan_undo(loaded, SYSTEM), SYSTEM)
    left = ids()
    apply(plan_undo(undo, SYSTEM), SYSTEM)
    apply(plan_undo(edit, SYSTEM), SYSTEM)

    assert left == [kept]
    assert (stored_rows(), problems()) == (before, [])


@pytest.mark.parametrize(
    ("alteration", "found"),
    [
        ("UPDATE student SET city = 'Bath' WHERE id = :id", "its changes of students"),
        ("DELETE FROM student WHERE id = :id", "its changes of students"),
        ("UPDATE student SET version = 0 WHERE id = :id", "there is a row, but no history says so"),
    ],
)
def test_a_loaded_row_altered_behind_the_products_back_is_named(loaded, alteration, found):
    alter(alteration, id=ids()[17])

    assert [problem for problem in problems() if found in problem] != []


def test_the_page_of_a_load_lists_its_rows_whether_they_are_written_down_or_not(app, loaded):
    apply(plan_edit(Selection.parse(Student, SYSTEM, ids=ids()[60:61]), {"city": "York"}, SYSTEM), SYSTEM)

    with app.test_request_context():
        pages = [[row.kind for row in listing.page_of(SYSTEM, loaded.id, number)] for number in (0, 5, 6)]

    assert pages == [["Student"] * 50, ["Student"] * 50, []]
    assert listing.tally(loaded.id) == [("students", 300, "created")]


def test_a_pruned_load_stays_proved(loaded):
    alter("UPDATE operation SET at = :at WHERE id = :id", at=utcnow() - timedelta(days=200), id=loaded.id)
    apply(plan_edit(Selection.parse(Student, SYSTEM, ids=ids()[:2]), {"city": "York"}, SYSTEM), SYSTEM)

    pruning.prune(100, SYSTEM)

    told = [problem for problem in problems() if "entry or its seal" not in problem and "updated_at" not in problem]
    assert (told, db.session.scalar(select(func.count()).select_from(Birth))) == ([], 0)


def test_a_load_leaves_every_index_and_constraint_as_it_was(session):
    def structure() -> list[tuple[str, ...]]:
        if db.engine.dialect.name == "sqlite":
            found = text(
                "SELECT name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY 1"
            )
        else:
            found = text(
                "SELECT indexdef, '' FROM pg_indexes WHERE schemaname = 'public' UNION ALL"
                " SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2"
            )
        return [tuple(row) for row in session.execute(found)]

    before = structure()
    load(10)

    assert structure() == before


def test_loaded_rows_are_found_by_any_part_of_their_words_and_so_are_those_that_come_after(loaded):
    factories.student(full_name="Zoë Quill")

    found = [
        len(db.session.scalars(Selection.parse(Student, SYSTEM, search=words).select_ids()).all())
        for words in ("l029", "leeds", "quill")
    ]

    assert found == [10, 300, 1]
