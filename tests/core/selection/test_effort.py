"""What the database looks at for a page does not depend on where the page lies, nor on how many rows share a value."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from backoffice.core.selection import Count, Selection, approach
from backoffice.courses.models import Course, Section, Term
from backoffice.enrollments.models import Enrollment
from backoffice.extensions import db
from backoffice.students.models import Student
from tests.core.selection.conftest import REGISTRAR, store

ROWS = 1600
SIZE = 20
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)


def looked_at(work: Callable[[], object]) -> int:
    """Returns how many steps SQLite needs, or how many rows PostgreSQL meets, for the statements of `work`."""
    sent: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    work()
    event.remove(db.engine, "before_cursor_execute", note)
    driver: Any = db.session.connection().connection.dbapi_connection
    count = _steps if isinstance(driver, sqlite3.Connection) else _met
    return sum(count(driver, *statement) for statement in sent)


def _steps(driver: sqlite3.Connection, statement: str, parameters: Any) -> int:
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    driver.set_progress_handler(step, 1)
    driver.execute(statement, parameters).fetchall()
    driver.set_progress_handler(None, 1)
    return steps


def _met(driver: Any, statement: str, parameters: Any) -> int:
    answer = driver.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).fetchone()[0]
    plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    return _rows(plan)


def _rows(plan: dict[str, Any]) -> int:
    own = plan["Actual Rows"] * plan["Actual Loops"] + plan.get("Rows Removed by Filter", 0)
    return int(own) + sum(_rows(part) for part in plan.get("Plans", ()))


@pytest.fixture
def planned(session: Any) -> None:
    """PostgreSQL plans for these few rows as for a million."""
    if db.engine.dialect.name == "postgresql":
        for kind in ("seqscan", "sort", "bitmapscan"):
            session.execute(text(f"SET enable_{kind} = off"))


@pytest.mark.parametrize("apart", [timedelta(0), timedelta(minutes=1)], ids=["all the same", "each its own"])
@pytest.mark.parametrize("sort", ["created_at", "-created_at"])
@pytest.mark.parametrize("search", ["", "status:active created_at:2025-12-01..2026-03-01"])
def test_the_pages_in_the_middle_take_no_more_than_the_first(
    planned: None, monkeypatch: pytest.MonkeyPatch, search: str, sort: str, apart: timedelta
) -> None:
    monkeypatch.setattr(approach, "FEW", 0)
    store(Student, [{"created_at": BEGUN + apart * number} for number in range(ROWS)])
    selection = Selection.parse(Student, REGISTRAR, search=search, sort=(sort,))
    middle = selection.page((), SIZE, ROWS // SIZE // 2)

    first = looked_at(lambda: selection.page((), SIZE))
    following = looked_at(lambda: selection.page((), SIZE, after=middle.next))
    previous = looked_at(lambda: selection.page((), SIZE, before=middle.previous))

    assert (following < 3 * first, previous < 3 * first) == (True, True), (first, following, previous)


@pytest.mark.parametrize("sort", ["created_at", "-created_at"])
def test_a_page_of_what_lies_in_the_middle_of_an_order_begins_there(
    planned: None, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(approach, "FEW", 0)
    store(Student, [{"created_at": BEGUN + timedelta(hours=number)} for number in range(ROWS)])
    day = f"{BEGUN + timedelta(hours=ROWS / 2):%Y-%m-%d}"
    narrow = Selection.parse(Student, REGISTRAR, search=f"status:active created_at:{day}", sort=(sort,))
    whole = Selection.parse(Student, REGISTRAR, search="status:active", sort=(sort,))

    assert looked_at(lambda: narrow.page((), SIZE)) < 3 * looked_at(lambda: whole.page((), SIZE))


@pytest.mark.parametrize("narrow", ["section.code:X1 status:active", "section:X1 status:active"])
def test_two_parts_that_begin_an_index_together_are_counted_by_the_few_rows_that_fulfil_both(
    planned: None, session: Any, narrow: str
) -> None:
    """Half of the seats are in each section and nearly all of the second one are active; few are both in the first and active."""
    store(Student, [{} for _ in range(ROWS)])
    store(Course, [{}])
    store(Term, [{}])
    store(Section, [{}, {}])
    store(Enrollment, [_seat(number) for number in range(ROWS)])
    if db.engine.dialect.name == "postgresql":
        session.execute(text("ANALYZE enrollment"))  # SQLite needs no statistics; these end with the transaction
    both, *parts = (
        Selection.parse(Enrollment, REGISTRAR, search=search, sort=("-id",)) for search in (narrow, *narrow.split())
    )

    few = looked_at(lambda: both.count(ROWS))

    assert both.count() == Count(SIZE)
    assert all(few < looked_at(lambda part=part: part.count(ROWS)) / 2 for part in parts)  # type: ignore[misc]


def _seat(number: int) -> dict[str, Any]:
    section = number % 2 + 1
    first = section == 1 and number < 2 * SIZE
    status = "active" if section == 2 or first else "rejected"
    return {"student_id": number + 1, "section_id": section, "status": status}
