"""Whatever is typed into a search, the answer is rows or a QueryError: never an error of the database."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice.billing.models import Invoice
from backoffice.core.selection import Op, QueryError, Selection, complete
from backoffice.core.selection.fields import Kind, Model, fields_of
from backoffice.courses.models import Course
from backoffice.enrollments.models import Enrollment
from backoffice.students.models import Student
from tests.core.selection.conftest import REGISTRAR, Write

NASTY = (
    "1e309", "NaN", "-Infinity", "inf", str(10**30), f"-{10**18}", "9223372036854775807", "-9223372036854775808", "99999999999999",
    "-99999999999999.9999999999", "0.0000000001", "0000-00-00", "9999-12-31", "0001-01-01", "2026-02-30", "-99999d", "+99999w", "today",
    "0001-01-01T00:00Z", "9999-12-31T23:59:59+00:00", "2026-01-01T99:99", "２０２６", "３", "'", "''; DROP TABLE student --", '"\\""', "\\", "%", "_", "%s",
    ":x", "{0}", "\u202e", "\ufeff", "🜚" * 9, "ß", "İ", "none", "any", "..", "1..", "..1", "2..1", "1,2,", "\x01", "true", "null", "",
)  # fmt: skip
MODELS = (Student, Enrollment, Course, Invoice)
LAWS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def answered(model: Model, search: str) -> bool:
    """Asks at every door; says whether the search was understood."""
    try:
        selection = Selection.parse(model, REGISTRAR, search=search)
    except QueryError as error:
        assert str(error).encode()
        return False
    selection.page(("id",), 5)
    assert selection.words()
    return True


@pytest.fixture
def one_student(write: Write) -> None:
    write(Student, {"full_name": "Ünal \\ % _ ' 🜚"})


@pytest.mark.parametrize("model", MODELS)
def test_no_value_of_any_field_reaches_the_database_unchecked(one_student: None, model: Model):
    ops = (Op.EQUALS, Op.AT_LEAST, Op.CONTAINS)
    understood = [answered(model, f"{name}{op}{value}") for name in fields_of(model) for op in ops for value in NASTY]

    assert True in understood
    assert False in understood


@LAWS
@given(st.text(max_size=30))
def test_any_text_is_answered_or_refused(one_student: None, text: str):
    assert answered(Student, text) in (True, False)


@LAWS
@given(st.text(st.sampled_from('status:any.,"-><~\\ 07dcity'), max_size=25), st.integers(-5, 40))
def test_any_half_typed_text_can_be_completed(one_student: None, text: str, caret: int):
    for suggestion in complete(Student, REGISTRAR, text, caret):
        assert suggestion.label
        assert 0 <= suggestion.caret <= len(suggestion.text)


@pytest.mark.parametrize(
    "search",
    [
        "x" * 5000,
        "a " * 300,
        "status:" + "active," * 800 + "active",
        "city:" + "a," * 480 + "b",
        "-id:" + "1," * 480 + "2",
        "(" * 1999,
        "-" * 1999,
        '"' * 1999,
    ],
)
def test_oversized_searches_are_answered_or_refused(one_student: None, search: str):
    assert answered(Student, search) in (True, False)


def test_fifty_parts_of_the_costly_kind_are_still_one_statement(one_student: None):
    assert answered(
        Enrollment,
        " ".join(f"-student.enrollments.section.course.code:c{number}" for number in range(40))[:2000].rsplit(" ", 1)[
            0
        ],
    )


def test_wildcards_quotes_and_backslashes_are_letters(one_student: None):
    assert [
        Selection.parse(Student, REGISTRAR, search=text).count().number
        for text in ("%", "_", "'", "\\", "🜚", "%_", "x%")
    ] == [1, 1, 1, 1, 1, 0, 0]


def test_kinds_cover_the_fields(one_student: None):
    assert {field.kind for model in MODELS for field in fields_of(model).values()} == set(Kind)
