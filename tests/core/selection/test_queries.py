"""What each form of the query language finds, on a real database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from backoffice.billing.models import Invoice
from backoffice.core import clock
from backoffice.core.selection import QueryError, Selection
from backoffice.courses.models import Course, Section, Term
from backoffice.enrollments.models import Enrollment
from backoffice.students.models import Student
from tests.core.selection.conftest import REGISTRAR, Write, found


@pytest.fixture
def people(write: Write) -> None:
    write(
        Student,
        {"full_name": "Anna Müller", "city": "Leeds", "email": "anna@example.org", "status": "active"},
        {"full_name": "Bob Smith", "city": "MÁLAGA", "status": "on_leave"},
        {"full_name": "Zoë 100%_Smith", "city": "New York", "status": "graduated"},
        {"full_name": "Øyvind O'Neil", "city": "", "status": "withdrawn"},
        {"full_name": "Ann", "city": None, "status": "applicant", "phone": "+49 170 1"},
    )


def test_words_and_fields_find(people: None):
    expected = {
        "": [1, 2, 3, 4, 5],
        "anna muller": [1],
        "MÜLLER": [1],
        "nn": [],
        "an": [1, 5],
        "a": [1, 5],
        "oyvind": [4],
        "o'neil": [4],
        '"bob smith"': [2],
        '"smith bob"': [],
        "100%_": [3],
        "a%b": [],
        "_": [],
        "s0002": [2],
        "smith -zoe": [2],
        "-smith": [1, 4, 5],
        "status:active": [1],
        "status:ACTIVE,On_Leave": [1, 2],
        'status:"on leave"': [2],
        "-status:active,on_leave": [3, 4, 5],
        "city:leeds": [1],
        "city:malaga": [2],
        "city:Málaga,LEEDS": [1, 2],
        'city:"new york"': [3],
        "city:new": [],
        "city~new": [3],
        "city~ALA": [2],
        "full_name~100%": [3],
        "-city:leeds": [2, 3, 4, 5],
        "city:none": [4, 5],
        "city:any": [1, 2, 3],
        "-city:none": [1, 2, 3],
        "city:leeds,none": [1, 4, 5],
        "email:any": [1],
        "financial_hold:no -status:active": [2, 3, 4, 5],
        "id:2..3": [2, 3],
        "id>=4": [4, 5],
        "id<2": [1],
        "id:1,4..": [1, 4, 5],
        "id>99999999999": [],
        "id:9223372036854775807": [],
    }

    assert {search: found(Student, search) for search in expected} == expected


def test_dates_are_compared_with_both_ends_included(write: Write):
    today = clock.today()
    write(Course, {})
    write(Term, {})
    write(
        Section,
        *(
            {"start_date": day, "end_date": day + timedelta(days=1)}
            for day in (today - timedelta(8), today - timedelta(7), today)
        ),
    )

    searches = (
        "start_date:-7d..today",
        "start_date:today",
        "start_date<today",
        f"start_date:{today - timedelta(8)}",
        "start_date>=-1w",
    )

    assert [found(Section, search) for search in searches] == [[2, 3], [3], [1, 2], [1], [2, 3]]


def test_instants_are_compared_by_days_and_minutes_in_the_organisations_zone(write: Write):
    # Europe/Berlin: 2026-01-15 lasts from 23:00 UTC on the day before to 23:00 UTC.
    write(
        Student,
        {"created_at": datetime(2026, 1, 14, 22, 59, 59, tzinfo=UTC)},
        {"created_at": datetime(2026, 1, 14, 23, 0, tzinfo=UTC)},
        {"created_at": datetime(2026, 1, 15, 22, 59, 59, tzinfo=UTC)},
        {"created_at": datetime(2026, 1, 15, 23, 0, tzinfo=UTC)},
    )
    expected = {
        "created_at:2026-01-15": [2, 3],
        "created_at>2026-01-15": [4],
        "created_at>=2026-01-15": [2, 3, 4],
        "created_at<2026-01-15": [1],
        "created_at<=2026-01-15": [1, 2, 3],
        "created_at:2026-01-14..2026-01-15": [1, 2, 3],
        "created_at:2026-01-15T00:00": [2],
        "created_at:2026-01-14T23:00Z": [2],
        "created_at:2026-01-14T23:59:59": [1],
        "-created_at:2026-01-15": [1, 4],
    }

    assert {search: found(Student, search) for search in expected} == expected


def test_money_is_compared_in_each_rows_own_currency(write: Write):
    write(Student, {})
    write(
        Invoice,
        {"currency": "EUR", "total_minor": 10050},  # 100.50
        {"currency": "JPY", "total_minor": 101},  # 101
        {"currency": "JPY", "total_minor": 100},  # 100
        {"currency": "KWD", "total_minor": 100501},  # 100.501
        {"currency": "EUR", "total_minor": 0},
    )
    expected = {
        "balance>100.50": [2, 4],
        "balance>=100.50": [1, 2, 4],
        "balance:100.50": [1],
        "balance:100.501": [4],
        "balance<100.501": [1, 3, 5],
        "balance<=100.501": [1, 3, 4, 5],
        "balance:100..101": [1, 2, 3, 4],
        "-balance:100.50": [2, 3, 4, 5],
        "total>0": [1, 2, 3, 4],
        "total>-99999999999999.9999": [1, 2, 3, 4, 5],
    }

    assert {search: found(Invoice, search) for search in expected} == expected


def test_decimals_are_compared_exactly_and_beyond_the_columns_own_precision(write: Write):
    write(Course, {"credits": Decimal("2.50")}, {"credits": Decimal("30.00")}, {"credits": None})
    expected = {
        "credits:2.5": [1],
        "credits>2.499": [1, 2],
        "credits>2.505": [2],
        "credits<99999999999999": [1, 2],
        "credits:none": [3],
        "-credits:2.5": [2, 3],
    }

    assert {search: found(Course, search) for search in expected} == expected


@pytest.fixture
def seats(people: None, write: Write) -> None:
    write(Course, {"code": "AAA", "title": "Arts"}, {"code": "BBB", "title": "Botany"})
    write(Term, {})
    write(Section, {"course_id": 1, "code": "AAA-1"}, {"course_id": 2, "code": "BBB-1"})
    left = {"status": "withdrawn", "end_date": date(2026, 3, 1), "end_reason": "health"}
    write(
        Enrollment,
        {"student_id": 1, "section_id": 1},
        {"student_id": 1, "section_id": 2},
        {"student_id": 2, "section_id": 2, **left},
    )


def test_relations_lead_to_the_fields_of_other_rows(seats: None):
    expected = {
        "student.city:Leeds": [1, 2],
        "-student.city:Leeds": [3],
        "section.course.code:AAA": [1],
        "section.course:aaa": [1],
        "-section.course.code:AAA": [2, 3],
        "student:s0002": [3],
        "student:S0001,S0002": [1, 2, 3],
        "student:any": [1, 2, 3],
        "student:none": [],
        "student.phone:none": [1, 2, 3],
        "muller": [1, 2],
        "muller bbb": [2],
        "muller -bbb": [1],
        "status:withdrawn end_date:2026-01-01..2026-12-31 -section.course.code:AAA": [3],
    }

    assert {search: found(Enrollment, search) for search in expected} == expected


def test_collections_ask_whether_there_is_such_a_row(seats: None):
    expected = {
        "enrollments.status:withdrawn": [2],
        "enrollments.section.course.code:BBB": [1, 2],
        "-enrollments.section.course.code:BBB": [3, 4, 5],
        "enrollments:any": [1, 2],
        "enrollments:none": [3, 4, 5],
        "enrollments:3": [2],
        "enrollments.status:active enrollments.status:withdrawn": [],
        "merged_into:none": [1, 2, 3, 4, 5],
    }

    assert {search: found(Student, search) for search in expected} == expected


def test_a_relation_to_the_same_table_is_another_row(write: Write):
    write(Student, {"city": "Leeds"}, {"city": "Oslo", "merged_into_id": 1}, {"city": "Leeds", "merged_into_id": 2})

    assert [
        found(Student, search) for search in ("merged_into.city:leeds", "merged_from.city:leeds", "merged_into:s0001")
    ] == [
        [2],
        [2],
        [2],
    ]


def test_computed_fields_are_asked_for_like_any_other(write: Write):
    today = clock.today()
    write(Student, {"date_of_birth": date(today.year - 30, 1, 1)}, {"date_of_birth": date(today.year - 20, 1, 1)}, {})

    assert [found(Student, search) for search in ("age>=30", "age:20", "age:none", "-age>=30")] == [
        [1],
        [2],
        [3],
        [2, 3],
    ]


def test_what_cannot_be_understood_is_refused_by_name_with_the_next_step(session: object):
    expected = {
        "anna colour:red": "unknown field “colour”",
        "citty:Leeds": "did you mean “city”",
        "status:actve": "choose from applicant, active",
        "age>=old": "whole number",
        "age>30.5": "whole number",
        "age>1e3": "whole number",
        "age>9223372036854775808": "too large",
        "date_of_birth:0000-00-00": "no such day",
        "date_of_birth:2026-02-30": "no such day",
        "date_of_birth:01.02.2026": "2026-01-31",
        "date_of_birth:-99999y": "does not reach",
        "created_at>9999-12-31": "no such time",
        "created_at:0001-01-01": "no such time",
        "id:5..3": "begins after its end",
        "financial_hold:maybe": "yes or no",
        "city>5": "has no order",
        "city:a..b": "has no order",
        "age~3": "is none",
        "city.name:x": "is no relation",
        "enrollments>3": "is a relation",
        "merged_into.merged_into.merged_into.merged_into.merged_into.city:x": "5 steps",
        "´": "nothing that could be searched",
    }

    refused = {search: refusal(search) for search in expected}

    assert [part for part, _message in refused.values()] == [search.removeprefix("anna ") for search in expected]
    assert {search: hint for search, hint in expected.items() if hint not in refused[search][1]} == {}


def refusal(search: str) -> tuple[str, str]:
    with pytest.raises(QueryError) as caught:
        Selection.parse(Student, REGISTRAR, search=search)
    return caught.value.part, caught.value.message
