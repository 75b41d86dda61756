"""Pages: joined they are the whole list, whichever way one walks, whatever the order."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from backoffice.billing.models import Invoice
from backoffice.core.selection import Count, QueryError, Ref, Selection
from backoffice.courses.models import Course, Section, Term
from backoffice.enrollments.models import Enrollment
from backoffice.extensions import db
from backoffice.students.models import Student
from tests.core.selection.conftest import REGISTRAR, Write, store, unrecorded

LAWS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
STUDENT_KEYS = (
    "status",
    "city",
    "age",
    "-date_of_birth",
    "financial_hold",
    "merged_into",
    "bio",
    "merged_into.city",
    "created_at",
)
FLIPS = st.booleans()
LAST = 40  # the highest id of the rows that stay


@pytest.fixture
def students(session: object) -> None:
    """Forty students full of ties and gaps."""
    lot = random.Random(5)
    rows: list[dict[str, Any]] = [
        {
            "status": lot.choice(["active", "withdrawn"]),
            "city": lot.choice([None, "Leeds", "Örebro", "leeds", ""]),
            "bio": lot.choice([None, "long " * 60, "short"]),
            "date_of_birth": lot.choice([None, date(1990, 1, 1) + timedelta(days=lot.randrange(4000))]),
            "merged_into_id": lot.choice([None, lot.randrange(1, number)]) if number > 1 else None,
        }
        for number in range(1, 41)
    ]
    store(Student, rows)


def forward(selection: Selection, size: int) -> list[int]:
    page = selection.page((), size)
    found = [row["id"] for row in page.rows]
    while page.next:
        page = selection.page((), size, after=page.next)
        found += [row["id"] for row in page.rows]
    return found


def backward(selection: Selection, size: int, last: str) -> list[int]:
    page = selection.page((), size, before=last)
    found = [row["id"] for row in page.rows]
    while page.previous:
        page = selection.page((), size, before=page.previous)
        found = [row["id"] for row in page.rows] + found
    return found


@LAWS
@given(
    keys=st.lists(st.tuples(st.sampled_from(STUDENT_KEYS), FLIPS), max_size=3, unique_by=lambda pair: pair[0]),
    size=st.integers(1, 45),
)
def test_pages_joined_are_the_whole_list_in_both_directions(students: None, keys: list[tuple[str, bool]], size: int):
    sort = tuple(f"-{key}".replace("--", "") if flip else key for key, flip in keys)
    selection = Selection.parse(Student, REGISTRAR, sort=sort)
    whole = [row["id"] for row in selection.page((), 100).rows]
    numbered = [row["id"] for number in range(40 // size + 1) for row in selection.page((), size, number=number).rows]

    walked = forward(selection, size)
    final = selection.page((), 1, number=39)
    beyond = selection.page((), 1, before=selection.page((), 1, after=final.previous).previous)

    assert sorted(whole) == list(range(1, 41))
    assert walked == whole
    assert numbered == whole
    assert backward(selection, size, final.previous or "") == whole[:-1]
    assert [row["id"] for row in beyond.rows] == whole[-2:-1]
    assert [row["id"] for row in selection.stream(())] == whole


def test_rows_without_a_value_come_last_in_both_directions(write: Write):
    write(Student, {"city": None}, {"city": "B"}, {"city": "A"})

    ascending, descending = (
        forward(Selection.parse(Student, REGISTRAR, sort=(sort,)), 2) for sort in ("city", "-city")
    )

    assert (ascending, descending) == ([3, 2, 1], [2, 3, 1])


def test_money_is_sorted_by_the_amounts_that_people_see(write: Write):
    write(Student, {})
    write(
        Invoice,
        {"currency": "JPY", "total_minor": 1000},
        {"currency": "EUR", "total_minor": 1001},
        {"currency": "KWD", "total_minor": 10005},
    )
    selection = Selection.parse(Invoice, REGISTRAR, sort=("-total",))

    assert forward(selection, 1) == [1, 2, 3]
    assert [row["total"] for row in selection.page(("total",), 5).rows] == [
        Decimal("1000"),
        Decimal("10.01"),
        Decimal("10.005"),
    ]


@pytest.fixture
def seats(write: Write) -> None:
    write(Student, {"full_name": "Zoe", "city": "Leeds"}, {"full_name": "Anna"})
    write(Course, {"code": "AAA"})
    write(Term, {})
    write(Section, {"code": "AAA-1"})
    write(Enrollment, {"student_id": 1, "progress_pct": Decimal("33.33")}, {"student_id": 2})


def test_a_relation_is_sorted_by_its_label_and_shown_with_key_and_label(seats: None):
    selection = Selection.parse(Enrollment, REGISTRAR, sort=("student",))

    rows = selection.page(("student", "student.city", "section.course", "status", "progress_pct"), 20).rows

    assert rows == [
        {
            "id": 2, "version": 1, "student": Ref(2, "S0002", "Anna"), "student.city": None,
            "section.course": Ref(1, "AAA", "AAA"), "status": "active", "progress_pct": None,
        },
        {
            "id": 1, "version": 1, "student": Ref(1, "S0001", "Zoe"), "student.city": "Leeds",
            "section.course": Ref(1, "AAA", "AAA"), "status": "active", "progress_pct": Decimal("33.33"),
        },
    ]  # fmt: skip


def test_a_page_is_one_statement_and_one_probe_however_many_rows_and_relations_it_shows(
    seats: None, statements: Callable[[], list[str]]
):
    for size in (1, 100):
        selection = Selection.parse(Enrollment, REGISTRAR, search="zoe", sort=("section.course", "-student"))
        selection.page(("student", "section", "section.course", "section.term"), size)

    assert len(statements()) == 2 * 2


@pytest.fixture
def statements(session: object) -> Any:
    """Returns a function that returns the statements run since."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield lambda: seen
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("number", [-1, -(10**30), 10**30, 10**7])
def test_a_page_number_that_cannot_be_is_refused(session: object, number: int):
    with pytest.raises(QueryError, match="no such page"):
        Selection.parse(Student, REGISTRAR).page((), 20, number=number)


@pytest.mark.parametrize("size", [0, -5, 10**6])
def test_a_page_size_that_cannot_be_is_refused(session: object, size: int):
    with pytest.raises(QueryError, match="a page has 1 to"):
        Selection.parse(Student, REGISTRAR).page((), size)


def test_a_page_beyond_the_end_is_empty(students: None):
    page = Selection.parse(Student, REGISTRAR).page((), 20, number=99)

    assert (page.rows, page.next) == ([], None)


def test_cursors_that_were_tampered_with_or_belong_elsewhere_are_refused(students: None):
    selection = Selection.parse(Student, REGISTRAR, sort=("city",))
    cursor = selection.page((), 5).next or ""
    others = (Selection.parse(Student, REGISTRAR, sort=("-city",)), Selection.parse(Enrollment, REGISTRAR))
    bad = (cursor[:-1], "x" + cursor, "", "a.b", "\ud800", "\0", "9" * 9000, cursor.replace(".", ".."))

    for foreign in others:
        with pytest.raises(QueryError, match="start at the first page"):
            foreign.page((), 5, after=cursor)
    for text in bad:
        with pytest.raises(QueryError, match="start at the first page"):
            selection.page((), 5, after=text)
        with pytest.raises(QueryError, match="start at the first page"):
            selection.page((), 5, before=text)
    with pytest.raises(QueryError, match="not both"):
        selection.page((), 5, after=cursor, before=cursor)


@settings(LAWS, max_examples=25)  # each of them writes beside every page
@given(
    key=st.sampled_from(STUDENT_KEYS),
    turned=FLIPS,
    size=st.integers(1, 9),
    search=st.sampled_from(["", "city:any", "-status:withdrawn"]),
    seed=st.integers(0, 10_000),
)
def test_pages_joined_have_each_lasting_row_once_whatever_comes_and_goes_meanwhile(
    students: None, key: str, turned: bool, size: int, search: str, seed: int
):
    lot, name = random.Random(seed), key.removeprefix("-")
    selection = Selection.parse(Student, REGISTRAR, search=search, sort=(f"-{name}" if turned else name,))
    lasting = [row["id"] for row in selection.stream(())]
    come_and_go(lot)

    page = selection.page((), size)
    joined = [row["id"] for row in page.rows]
    while page.next:
        come_and_go(lot)
        page = selection.page((), size, after=page.next)
        joined += [row["id"] for row in page.rows]
    come_and_go(lot, coming=0)

    assert [number for number in joined if number <= LAST] == lasting
    assert len(joined) == len(set(joined))


def come_and_go(lot: random.Random, coming: int = 6) -> None:
    """Deletes some of the rows that came before, all of them where none is to come, and stores others."""
    db.session.rollback()  # each page is a request of its own
    rows = [
        {
            "id": LAST + lot.randrange(1, 10**9),
            "student_number": f"passing {lot.random()}",
            "status": lot.choice(["active", "withdrawn"]),
            "city": lot.choice([None, "Leeds", "York", ""]),
            "bio": lot.choice([None, "long " * 60, "short"]),
            "date_of_birth": lot.choice([None, date(1990, 1, 1) + timedelta(days=lot.randrange(4000))]),
            "merged_into_id": lot.choice([None, lot.randrange(1, LAST)]),
        }
        for _ in range(coming)
    ]
    with unrecorded() as connection:
        chance = "AND mod(id, 2) = 0" if coming else ""
        connection.exec_driver_sql(f"DELETE FROM student WHERE id > {LAST} {chance}")
    if rows:
        store(Student, rows)


def test_the_row_that_a_cursor_names_may_be_gone(students: None):
    selection = Selection.parse(Student, REGISTRAR, sort=("student_number",))
    cursor = selection.page((), 5).next
    db.session.rollback()  # the next page is another request, which sees what was committed meanwhile
    with unrecorded() as connection:
        connection.exec_driver_sql("UPDATE student SET merged_into_id = NULL")
        connection.exec_driver_sql("DELETE FROM student WHERE id IN (5, 6)")

    page = selection.page((), 3, after=cursor)

    assert [row["id"] for row in page.rows] == [7, 8, 9]


def test_counting_stops_at_a_limit_and_says_so(students: None):
    selection = Selection.parse(Student, REGISTRAR)
    counts = selection.count(), selection.count(40), selection.count(39)

    assert [replace(count, about=None) for count in counts] == [  # the server may have an estimate, or none yet
        Count(40),
        Count(40),
        Count(39, exact=False),
    ]
    assert [str(selection.count()), str(selection.count(39))] == ["40", "39+"]


@pytest.mark.parametrize(
    "sort", [("enrollments",), ("enrollments.status",), ("colour",), ("",), ("a", "b", "c", "d", "e", "f"), ("\0",)]
)
def test_a_sort_that_cannot_be_is_refused(session: object, sort: tuple[str, ...]):
    with pytest.raises(QueryError):
        Selection.parse(Student, REGISTRAR, sort=sort)
