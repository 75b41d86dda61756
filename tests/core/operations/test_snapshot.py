"""A row as JSON: the same from SQL and from Python, and back into the same bytes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, Column, Integer, MetaData, Table, Text, cast, select

from backoffice.core.access import SYSTEM
from backoffice.core.operations import Change, recording, snapshot
from backoffice.core.operations.tables import table_of
from backoffice.courses.models import Course
from backoffice.enrollments.models import LessonProgress
from backoffice.students.models import Student
from tests import factories
from tests.core.operations.tables import stored_rows

# Whatever can be stored at all: no NUL and no halves of characters.
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)


def taken(session, model, row_id):
    table = table_of(model)
    document = snapshot.take_columns(session.get_bind().dialect.name, snapshot.columns_of(table).values())
    return session.execute(select(document).where(table.c.id == row_id)).scalar_one()


def test_every_type_reads_the_same_from_sql_and_from_python(session):
    born, instant = date(999, 1, 2), datetime(2026, 3, 29, 1, 30, 0, 5, tzinfo=UTC)
    values = {
        "student_number": "0012",
        "full_name": 'O"Brien\\ \n\t {"a": null} ü 😀',
        "date_of_birth": born,
        "financial_hold": True,
        "hold_reason": "null",
        "archived_at": instant,
        "city": None,
    }
    student = factories.student(**values)
    found = taken(session, Student, student.id)
    columns = table_of(Student).columns
    assert {name: found[name] for name in values} == {
        name: snapshot.encode(columns[name].type, value) for name, value in values.items()
    }
    assert {name: snapshot.decode(columns[name].type, found[name]) for name in values} == values


@pytest.mark.parametrize("credits_", [Decimal("0.00"), Decimal("10.00"), Decimal("0.07"), Decimal("9999.99"), None])
@pytest.mark.parametrize("price", [0, 1, 2**53 + 1, 2**63 - 1])
def test_numbers_are_exact(session, credits_, price):
    course = factories.course(credits=credits_, list_price_minor=price, currency="EUR")
    found = taken(session, Course, course.id)
    columns = table_of(Course).columns
    assert snapshot.decode(columns["credits"].type, found["credits"]) == credits_
    assert found["list_price_minor"] == price


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bio=st.none() | TEXT, archived_at=st.none() | st.datetimes(timezones=st.just(UTC)), hold=st.booleans())
def test_the_text_of_a_row_is_letter_by_letter_that_of_its_document(session, bio, archived_at, hold):
    student = factories.student(
        bio=bio, archived_at=archived_at, financial_hold=hold, hold_reason="x" if hold else None
    )
    course = factories.course(credits=Decimal("7.50"))
    for row in (student, course):
        table, dialect = table_of(type(row)), session.get_bind().dialect.name
        columns = list(snapshot.columns_of(table).values())
        document = cast(snapshot.take_columns(dialect, columns), Text)
        both = select(snapshot.take_text(dialect, columns), document).where(table.c.id == row.id)
        text, expected = session.execute(both).one()
        assert text == expected


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bio=st.none() | TEXT, city=st.none() | TEXT, archived_at=st.none() | st.datetimes(timezones=st.just(UTC)))
def test_any_row_comes_back_byte_for_byte(session, bio, city, archived_at):
    student = factories.student(bio=bio, city=city, archived_at=archived_at)
    before = stored_rows()["student"]
    with recording(SYSTEM, "system", "update") as operation:
        operation.update(Student, Student.id == student.id, {"bio": "x", "city": "y", "archived_at": None})
    change = session.scalars(select(Change).where(Change.operation_id == operation.id)).one()
    names = list(change.before)
    with recording(SYSTEM, "system", "update") as operation:
        columns = table_of(Student).columns
        old = {name: snapshot.decode(columns[name].type, change.before[name]) for name in names}
        operation.update_rows(Student, [{"id": student.id, **old}])
    skipped = [list(columns.keys()).index(name) for name in ("version", "updated_at")]

    def without_stamps(rows):
        return [[value for place, value in enumerate(row) if place not in skipped] for row in rows]

    assert without_stamps(stored_rows()["student"]) == without_stamps(before)


def test_scores_and_instants_survive_deletion_and_return(session):
    done = factories.progress(status="completed", score=Decimal("7.25"), completed_at=datetime(2026, 1, 1, tzinfo=UTC))
    found = taken(session, LessonProgress, done.id)
    assert (found["score"], found["completed_at"]) == (7.25, "2026-01-01 00:00:00.000000")


def test_a_type_that_cannot_be_restored_exactly_is_refused_at_once():
    table = Table("odd", MetaData(), Column("id", Integer), Column("document", JSON))
    with pytest.raises(TypeError, match=r"odd\.document"):
        snapshot.columns_of(table)
