"""Selections in people's words."""

from __future__ import annotations

import pytest

from backoffice.core.selection import Count, Selection, filter_term, noun
from backoffice.courses.models import Section
from backoffice.enrollments.models import Enrollment, LessonProgress
from backoffice.staff.models import StaffUser
from backoffice.students.models import Student
from tests.core.selection.conftest import REGISTRAR


@pytest.mark.parametrize(
    ("model", "search", "sort", "words"),
    [
        (Student, "", (), "all"),
        (Student, "", ("-created_at",), "newest first"),
        (Student, "", ("created_at", "city"), "oldest first, by city"),
        (Student, "", ("-city", "-date_of_birth"), "by city, descending, by date of birth, latest first"),
        (Student, 'mueller "new york" -smith', (), "with “mueller”, with “new york”, without “smith”"),
        (Student, "status:active OR -(city:any leeds)", (), "active or not (with city and with “leeds”)"),
        (Student, "(a OR (status:active b)) c", (), "with “a” or (active and with “b”), with “c”"),
        (Student, "status:on_leave,active -status:graduated", (), "on leave or active, not graduated"),
        (Student, 'city:Leeds city:"New York" city~ham', (), "city Leeds, city “New York”, city containing ham"),
        (Student, "city:none email:any -phone:none", (), "no city, with e-mail, not no phone"),
        (
            Student,
            "financial_hold:yes -financial_hold:no financial_hold:no",
            (),
            "financial hold, financial hold, not financial hold",
        ),
        (
            Student,
            "age>=30 age<40 age:..17 age:18..20",
            (),
            "age at least 30, age under 40, age up to 17, age 18 to 20",
        ),
        (
            Student,
            "created_at>2026-01-01 created_at:-7d..today",
            (),
            "created at after 2026-01-01, created at 7 days ago to today",
        ),
        (Student, "enrollments.section.course.code:AAA", (), "course AAA"),
        (
            Enrollment,
            "status:withdrawn section.course.code:AAA",
            ("-created_at",),
            "withdrawn, course AAA, newest first",
        ),
        (
            Enrollment,
            "-section.course:AAA student.city:Leeds",
            ("student",),
            "not course AAA, student city Leeds, by student",
        ),
        (Section, "delivery:on_campus status:open", (), "delivery on campus, open"),
    ],
)
def test_a_selection_reads_as_a_person_would_say_it(
    session: object, model: type, search: str, sort: tuple[str, ...], words: str
):
    assert Selection.parse(model, REGISTRAR, search=search, sort=sort).words() == words


def test_ticked_rows_and_filters_are_named(session: object):
    selection = Selection.parse(Student, REGISTRAR, filters=[filter_term("city", "not_equal", "Leeds")])

    assert selection.narrowed(ids=(1, 2, 3)).words() == "3 ticked students, not city Leeds"
    assert selection.narrowed(ids=(1,)).words() == "1 ticked student, not city Leeds"
    assert selection.narrowed(without=(4, 5)).words() == "not city Leeds, without 2 unticked"


def test_a_title_counts_the_rows(session: object):
    everyone = Selection.parse(Student, REGISTRAR, sort=("city",))
    left = Selection.parse(Enrollment, REGISTRAR, search="status:withdrawn section.course.code:AAA")

    assert everyone.title(1) == "1 student"
    assert everyone.title(Count(10_000, exact=False)) == "10,000+ students"
    assert (everyone.narrowing(), left.narrowing()) == ("", "withdrawn, course AAA")
    assert left.title(2140) == "2,140 enrollments: withdrawn, course AAA"


def test_rows_have_a_noun_for_any_number():
    assert [noun(model, 2) for model in (Student, StaffUser, LessonProgress)] == [
        "students",
        "staff users",
        "lesson progress",
    ]
    assert noun(StaffUser, 1) == "staff user"
