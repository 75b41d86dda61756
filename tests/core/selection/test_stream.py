"""Rows as a stream: in order, in constant memory, from one snapshot, after the request is over."""

from __future__ import annotations

import tracemalloc

import pytest
from flask import Flask

from backoffice.core.selection import Selection
from backoffice.extensions import db
from backoffice.students.models import Student
from tests.core.selection.conftest import REGISTRAR, Write, store, unrecorded


def test_a_stream_outlives_the_context_it_was_asked_for_in(app: Flask):
    with app.app_context():
        store(Student, [{"city": "Oslo"}, {"city": "Leeds"}])
        rows = Selection.parse(Student, REGISTRAR, search="-age>99", sort=("city",)).stream(("city", "age"))

    assert list(rows) == [
        {"id": 2, "version": 1, "city": "Leeds", "age": None},
        {"id": 1, "version": 1, "city": "Oslo", "age": None},
    ]


def test_a_stream_sees_one_snapshot(write: Write):
    write(Student, *({"city": "Leeds"} for _ in range(50)))
    rows = Selection.parse(Student, REGISTRAR, search="city:leeds").stream(("city",), chunk=10)

    first = next(rows)
    with unrecorded() as connection:
        connection.exec_driver_sql("UPDATE student SET city = 'Oslo'")

    assert {first["city"], *(row["city"] for row in rows)} == {"Leeds"}


def test_a_stream_left_early_gives_its_connection_back(write: Write):
    write(Student, *({} for _ in range(50)))
    before = db.engine.pool.checkedout() if hasattr(db.engine.pool, "checkedout") else 0

    rows = Selection.parse(Student, REGISTRAR).stream((), chunk=10)
    next(rows)
    rows.close()  # type: ignore[attr-defined]

    assert (db.engine.pool.checkedout() if hasattr(db.engine.pool, "checkedout") else 0) == before


def test_a_stream_holds_no_more_than_its_chunk(write: Write):
    write(Student, *({"bio": "x" * 5000} for _ in range(3000)))
    rows = Selection.parse(Student, REGISTRAR, sort=("-id",)).stream(("bio",), chunk=100)
    next(rows)

    tracemalloc.start()
    count = sum(1 for _ in rows)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 2999
    assert peak < 4_000_000  # all the rows together are 15 million


@pytest.mark.parametrize("columns", [("colour",), ("enrollments",), ("enrollments.status",), ("city.x",)])
def test_columns_that_cannot_be_shown_are_refused_before_the_first_row(session: object, columns: tuple[str, ...]):
    with pytest.raises(ValueError, match="“"):
        Selection.parse(Student, REGISTRAR).stream(columns)


@pytest.mark.parametrize("number", [0, 1, 7])
def test_texts_are_those_of_the_rows_from_the_first_to_the_last(write: Write, number: int):
    if number:
        write(Student, *({"city": f"City {place}"} for place in range(number)))
    texts = Selection.parse(Student, REGISTRAR, sort=("id",)).stream_texts(
        ("city",), lambda sources: sources[0].expression, chunk=3
    )

    assert [text for some in texts for text in some] == [f"City {place}" for place in range(number)]
