"""A file of any grid, read again: nothing to create, nothing to change, and every text as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice.core.access import SYSTEM
from backoffice.core.exchange import FORMATS, with_currencies
from backoffice.core.grid.declaration import grids
from backoffice.core.model import Record
from backoffice.core.selection import Field, Selection, visible_fields
from backoffice.courses.models import Course
from tests import factories
from tests.interchange.loading import load, refused

pytestmark = pytest.mark.usefixtures("session")


def organisation() -> None:
    """Makes rows of every grid, with what is hard about them."""
    course = factories.course(code="=C1", title="'=1+1", list_price_minor=1050, currency="JPY")
    lessons = [factories.lesson(course=course, position=place, title="twice") for place in (1, 2)]
    section = factories.section(course=course, code="@S")
    student = factories.student(full_name="+Ann\r\n“B”", bio=" \t=x ", email="a@b.org", archived_at=datetime.now(UTC))
    ended = factories.enrollment(student=student, section=section, status="withdrawn")
    again = ended.end_date + timedelta(days=1)
    active = factories.enrollment(student=student, section=section, attempt_no=2, start_date=again)
    for enrollment, lesson in ((ended, lessons[0]), (active, lessons[0]), (active, lessons[1])):
        factories.progress(enrollment=enrollment, lesson=lesson, status="completed", completed_at=datetime.now(UTC))
    contact = factories.contact(full_name="=Mother")
    factories.student_contact(student=student, contact=contact)
    factories.note(student=student, text="=Called\n\nCalls “again”")
    factories.approval_policy()
    factories.saved_view()
    factories.invoice(10_000, student=student, paid=700)
    factories.invoice(state="draft", student=student)
    same = {"student": student, "recorded_by": factories.staff("finance"), "amount_minor": 300}
    for _ in range(2):
        factories.payment(**same)


def exported(grid: Any, format_: str) -> bytes:
    columns = with_currencies(grid.columns_for(SYSTEM), visible_fields(SYSTEM, grid.model))
    return written(Selection.parse(grid.model, SYSTEM, sort=[grid.default_sort]), columns, format_)


def written(selection: Selection, columns: dict[str, Field], format_: str) -> bytes:
    form = FORMATS[format_]
    return b"".join(form.write(form.batches(selection, columns), columns))


@pytest.mark.parametrize("format_", list(FORMATS))
def test_the_import_of_an_export_of_any_grid_changes_nothing(format_: str) -> None:
    organisation()
    found = {}
    for name, grid in grids().items():
        if issubclass(grid.model, Record):
            report = load(grid.model, exported(grid, format_))
            found[name] = (report.words(to_do=True), refused(report))
    assert found == dict.fromkeys(found, ("0 to create, 0 to change", []))


TEXTS = st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",)), min_size=1, max_size=40)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, TEXTS, st.sampled_from(list(FORMATS)))
def test_any_text_comes_back_from_a_file_as_it_was(title: str, description: str, format_: str) -> None:
    if not title.strip():
        title = f"x{title}"
    course = factories.course(title=title, description=description)
    columns = {name: visible_fields(SYSTEM, Course)[name] for name in ("code", "title", "description")}
    report = load(Course, written(Selection.parse(Course, SYSTEM, ids=[course.id]), columns, format_))
    assert (report.words(), report.refusals) == ("0 created, 0 changed", [])
