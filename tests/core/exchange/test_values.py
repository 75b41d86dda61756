"""From a cell to a value of the catalog."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from backoffice.core.exchange import reader_of
from backoffice.core.selection import fields_of
from backoffice.courses.models import Course
from backoffice.enrollments.models import Enrollment
from backoffice.students.models import Student

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 1)  # noqa: DTZ001 - as a spreadsheet gives a date


@pytest.mark.parametrize(
    ("model", "name", "cell", "value"),
    [
        (Student, "full_name", "'=Ann", "=Ann"),
        (Student, "full_name", " Ann ", " Ann "),
        (Student, "student_number", 42.0, "42"),
        (Student, "student_number", "0042", "0042"),
        (Student, "full_name", "", None),
        (Student, "date_of_birth", "2001-02-03", date(2001, 2, 3)),
        (Student, "date_of_birth", MIDNIGHT, date(2026, 3, 1)),
        (Student, "archived_at", "2026-03-01T12:00:00Z", NOON),
        (Student, "archived_at", "2026-03-01T13:00:00+01:00", NOON),
        (Student, "financial_hold", "TRUE", True),
        (Student, "financial_hold", False, False),
        (Student, "status", "On leave", "on_leave"),
        (Student, "merged_into", "S1", "S1"),
        (Course, "credits", "12.50", Decimal("12.50")),
        (Course, "credits", 12.5, Decimal("12.50")),
        (Course, "list_price", "1050.00", Decimal("1050.00")),
        (Enrollment, "attempt_no", "2", 2),
    ],
)
def test_a_cell_becomes_the_value_that_was_meant(model: type, name: str, cell: Any, value: Any) -> None:
    assert reader_of(fields_of(model)[name], guarded=isinstance(cell, str))(cell) == value


@pytest.mark.parametrize(
    ("model", "name", "cell", "words"),
    [
        (Student, "student_number", "9" * 41, "is longer than 40 characters"),
        (Student, "full_name", "a\0b", "holds a character that is no text"),
        (Student, "date_of_birth", "03/02/2001", "is not a date; write it as 2026-03-31"),
        (Student, "date_of_birth", "2001-02-30", "is not a date; write it as 2026-03-31"),
        (Student, "archived_at", "noon", "is not a time; write it as 2026-03-31T09:30:00Z"),
        (Student, "financial_hold", "perhaps", "is neither true nor false"),
        (Student, "status", "20-Oct", "is none of applicant, active, on_leave, withdrawn, graduated"),
        (Course, "credits", "1e9", "is too large a number"),
        (Course, "credits", "1.234", "has more than 2 decimal places"),
        (Course, "credits", "NaN", "is not a number, such as 12.50"),
        (Enrollment, "attempt_no", "2.5", "is not a whole number"),
        (Enrollment, "attempt_no", "99999999999999", "is too large a number"),
        (Enrollment, "attempt_no", "٣", "is not a whole number"),
    ],
)
def test_a_cell_that_the_field_cannot_hold_is_refused_in_words(model: type, name: str, cell: Any, words: str) -> None:
    with pytest.raises(ValueError) as caught:
        reader_of(fields_of(model)[name], guarded=False)(cell)
    assert str(caught.value) == words
