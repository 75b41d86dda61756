"""A file of a grid's fields on its way into the table."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from backoffice.core import access
from backoffice.core.access import SYSTEM
from backoffice.core.exchange import Unreadable
from backoffice.core.model import Record
from backoffice.core.operations import Operation, apply, history, plan_edit, plan_undo
from backoffice.core.selection import Selection
from backoffice.courses.models import Course, Lesson
from backoffice.enrollments.models import Enrollment
from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories
from tests.interchange.loading import load, names, refused

pytestmark = pytest.mark.usefixtures("session")


def test_new_rows_are_created_and_known_ones_changed_as_one_operation() -> None:
    factories.student(student_number="S1", full_name="Ann")
    factories.student(student_number="S2", full_name="Bob")
    report = load(Student, "student_number,full_name\nS1,Ann\nS2,Robert\nS3,Cleo\n")
    operation = db.session.scalars(select(Operation).where(Operation.verb == "import")).one()
    assert (report.words(), names(), operation.title) == (
        "1 created, 1 changed",
        [("S1", "Ann"), ("S2", "Robert"), ("S3", "Cleo")],
        "Import of students: 1 created, 1 changed",
    )


def test_what_an_import_and_a_bulk_edit_did_stands_in_the_history_of_each_row() -> None:
    load(Student, "student_number,full_name\nS1,Ann\n")
    load(Student, "student_number,full_name\nS1,Anna\n")
    apply(plan_edit(Selection.parse(Student, SYSTEM), {"city": "York"}, SYSTEM), SYSTEM)

    found = history(SYSTEM, Student, db.session.scalars(select(Student.id)).one())

    assert [(entry.door, entry.action) for entry in found] == [
        ("bulk", "update"),
        ("import", "update"),
        ("import", "create"),
    ]


def test_an_import_that_changes_nothing_is_told_as_well() -> None:
    factories.student(student_number="S1", full_name="Ann")
    load(Student, "student_number,full_name\nS1,Ann\n")
    load(Student, "student_number,full_name\nS1,Beth\n", dry_run=True)

    (operation,) = db.session.scalars(select(Operation).where(Operation.verb == "import")).all()
    assert (operation.title, operation.row_count) == ("Import of students: 0 created, 0 changed", 0)


def test_what_follows_from_a_changed_value_is_derived_anew() -> None:
    factories.student(student_number="S2", full_name="Bob")
    load(Student, "student_number,full_name,email\nS2,Ána Bob,ANA@example.org\n")
    student = db.session.scalars(select(Student)).one()
    assert (student.sort_name, student.email_key) == ("ana bob", "ana@example.org")


def test_a_dry_run_says_the_same_and_changes_nothing() -> None:
    report = load(Student, "student_number,full_name\nS3,Cleo\n", dry_run=True)
    assert (report.words(to_do=True), names()) == ("1 to create, 0 to change", [])


def test_one_refused_row_keeps_the_whole_file_out() -> None:
    report = load(Student, "student_number,full_name,status\nS1,Ann,active\nS2,Bob,asleep\n")
    assert (refused(report), names()) == (
        [(3, "status", "“asleep” is none of applicant, active, on_leave, withdrawn, graduated")],
        [],
    )


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("student_number,full_name\nS1,\n", [(2, "full_name", "must not be empty")]),
        (
            "student_number,full_name\n,Ann\n",
            [(2, "student_number", "is empty, so it cannot be told which row is meant")],
        ),
        ("student_number,full_name\nS1,Ann\nS1,Bob\n", [(3, "student_number", "is about the same row as row 2")]),
        (
            "student_number,full_name,email\nS1,Ann,a@b.org\nS2,Bob,A@B.org\n",
            [(3, "email", "is the same as in row 2")],
        ),
        (
            "student_number,full_name,email\nS1,Ann,taken@example.org\n",
            [
                (
                    2,
                    "email",
                    "Another student has this e-mail address. Give an address that a family shares to a contact.",
                )
            ],
        ),
        (
            "student_number,full_name,financial_hold\nS1,Ann,true\n",
            [(2, "hold_reason", "A financial hold needs a reason.")],
        ),
        ("student_number,full_name\nS1\n", [(2, "", "has 1 cell, but the header has 2")]),
        ("id,full_name\n999,Ann\n", [(2, "id", "names no row; leave it empty for a new one")]),
        ("student_number,full_name,merged_into\nS1,Ann,S9\n", [(2, "merged_into", "“S9” names no merged into")]),
        (
            '{"student_number": "S1", "full_name": "A"}\n{"student_number": "S2"}\n',
            [(2, "", "has other fields than the first row")],
        ),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_number_column_and_reason(
    text: str, problems: list[tuple[int, str, str]]
) -> None:
    factories.student(student_number="OLD", full_name="Old", email="taken@example.org")
    report = load(Student, text)
    assert (refused(report), names()) == (problems, [("OLD", "Old")])


def test_a_change_meets_the_rules_of_every_other_door() -> None:
    enrollment = factories.enrollment(status="dropped")
    report = load(Enrollment, f"id,status,end_date,end_reason\n{enrollment.id},active,,\n")
    assert refused(report) == [(2, "status", "An enrollment cannot go from its status to this one.")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("student_number,nickname\nS1,A\n", "There is no field nickname"),
        ("student_number,password_hash\nS1,A\n", "There is no field password_hash"),
        ("code,title,list_price\nC1,A,5\n", "The column list_price needs the column currency"),
    ],
)
def test_a_file_with_columns_that_nobody_knows_is_refused_whole(text: str, words: str) -> None:
    model: type[Record] = Course if text.startswith("code") else Student
    with pytest.raises(Unreadable, match=words):
        load(model, text)


def test_columns_that_nobody_can_set_are_left_aside_and_named() -> None:
    student = factories.student(student_number="S1", full_name="Ann")
    report = load(Student, "student_number,full_name,age,sort_name,version,created_at\nS1,Ann,3,zzz,9,2001-01-01\n")
    db.session.refresh(student)
    assert (report.words(), report.remarks, student.sort_name) == (
        "0 created, 0 changed",
        ["not imported, because nobody can set them: age, sort_name, version, created_at"],
        "ann",
    )


def test_relations_are_named_by_their_keys() -> None:
    section, student = factories.section(code="A-1"), factories.student(student_number="S1")
    report = load(Enrollment, "student,section,status,start_date\nS1,A-1,active,2026-01-05\n")
    enrollment = db.session.scalars(select(Enrollment)).one()
    assert (report.words(), enrollment.student_id, enrollment.section_id) == (
        "1 created, 0 changed",
        student.id,
        section.id,
    )


def test_a_row_that_fits_an_ended_enrollment_has_to_say_which_is_meant() -> None:
    ended = factories.enrollment(status="withdrawn")
    keys = f"{ended.student.student_number},{ended.section.code}"
    unclear = load(Enrollment, f"student,section,status\n{keys},active\n")
    clear = load(Enrollment, f"id,student,section,status\n,{keys},active\n")
    attempts = db.session.scalars(select(Enrollment.attempt_no).order_by(Enrollment.id)).all()
    assert (refused(unclear), clear.words(), attempts) == (
        [
            (
                2,
                "student_id and section_id",
                "fits a row that has ended; add the column id: to change it, or empty for a new one",
            )
        ],
        "1 created, 0 changed",
        [1, 2],
    )


def test_money_is_read_in_the_currency_beside_it() -> None:
    load(Course, "code,title,list_price,currency\nC1,A,10.50,EUR\nC2,B,1050,JPY\n")
    prices = db.session.scalars(select(Course.list_price_minor).order_by(Course.code)).all()
    report = load(Course, "code,title,list_price,currency\nC3,A,10.505,EUR\n")
    assert (prices, refused(report)) == ([1050, 1050], [(2, "list_price", "has more decimal places than EUR")])


def test_undo_of_an_import_takes_new_rows_out_and_changed_ones_back() -> None:
    factories.student(student_number="S1", full_name="Ann")
    load(Student, "student_number,full_name\nS1,Anna\nS2,Bob\n")
    operation = db.session.scalars(select(Operation).where(Operation.verb == "import")).one()
    apply(plan_undo(operation, SYSTEM), SYSTEM)
    assert names() == [("S1", "Ann")]


def test_who_may_only_look_imports_nothing() -> None:
    person = factories.staff("read_only")
    with pytest.raises(access.Refused):
        load(Student, "student_number,full_name\nS1,Ann\n", person=person)
    assert names() == []


def test_many_rows_cost_a_handful_of_statements() -> None:
    rows = "".join(f"C{number},Course {number}\n" for number in range(2_500))
    report = load(Course, "code,title\n" + rows)
    again = load(Course, "code,title\n" + rows)
    count = db.session.scalar(select(func.count(Course.id)))
    assert (report.words(), again.words(), count) == ("2,500 created, 0 changed", "0 created, 0 changed", 2_500)


def test_lessons_are_told_apart_by_their_place_in_the_course() -> None:
    course = factories.course(code="C1")
    factories.lesson(course=course, position=1, title="One")
    report = load(Lesson, "course,position,title\nC1,1,First\nC1,2,Second\n")
    titles = db.session.scalars(select(Lesson.title).order_by(Lesson.position)).all()
    assert (report.words(), titles) == ("1 created, 1 changed", ["First", "Second"])
