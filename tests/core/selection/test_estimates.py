"""Estimates beside a count that stopped: from the database's statistics, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from backoffice.core.selection import Count, Selection
from backoffice.core.selection.shapes import rounded
from backoffice.extensions import db
from backoffice.students.models import Student
from tests.core.selection.conftest import EDITOR, REGISTRAR, Write, unrecorded

ROWS = 60


@pytest.fixture
def many(session: object, write: Write) -> None:
    if db.engine.dialect.name == "postgresql":
        run("TRUNCATE student CASCADE")  # what other tests deleted still fills its pages
    write(Student, *({"full_name": f"Person {number}", "status": "active"} for number in range(ROWS)))


@pytest.fixture
def analyze(session: object) -> Iterator[Callable[[], None]]:
    """Returns a function that has the database take its statistics, which are forgotten afterwards."""
    yield lambda: run("ANALYZE student")
    forget()
    db.session.remove()
    db.engine.dispose()  # connections know what they have read


def run(statement: str) -> None:
    db.session.rollback()  # what was read so far is not what it will see
    with unrecorded() as connection:
        connection.execute(text(statement))


def forget() -> None:
    sqlite = db.engine.dialect.name == "sqlite"
    run(
        "DELETE FROM sqlite_stat1 WHERE tbl = 'student'"
        if sqlite
        else "UPDATE pg_class SET reltuples = -1 WHERE oid = 'student'::regclass"
    )


def test_all_rows_of_a_table_have_an_estimate_where_counting_stopped(many: None, analyze: Callable[[], None]):
    analyze()

    counted = Selection.parse(Student, REGISTRAR).count(20)

    assert counted == Count(20, exact=False, about=ROWS)
    assert counted.words == "20+, about 60"


def test_what_was_counted_to_the_end_needs_no_estimate(many: None, analyze: Callable[[], None]):
    analyze()

    assert Selection.parse(Student, REGISTRAR).count(ROWS) == Count(ROWS)


def test_statistics_of_the_whole_table_say_nothing_about_a_part_of_it(many: None, analyze: Callable[[], None]):
    analyze()
    parts = (
        Selection.parse(Student, REGISTRAR, search="status:active"),
        Selection.parse(Student, REGISTRAR).narrowed(without=(1,)),
        Selection.parse(Student, EDITOR),  # sees active students alone
    )

    assert [part.count(20) for part in parts] == [Count(20, exact=False)] * 3


def test_without_statistics_there_is_no_estimate(many: None, analyze: Callable[[], None]):
    analyze()
    forget()

    assert Selection.parse(Student, REGISTRAR).count(20) == Count(20, exact=False)


def test_statistics_that_cannot_be_true_are_not_shown(many: None, analyze: Callable[[], None]):
    analyze()
    untrue = (
        "UPDATE sqlite_stat1 SET stat = '{} 1' WHERE tbl = 'student'"
        if db.engine.dialect.name == "sqlite"
        else "UPDATE pg_class SET reltuples = {} WHERE oid = 'student'::regclass"
    )
    shown = []
    for rows in (ROWS, 20, 0, -1):
        run(untrue.format(rows))
        shown.append(Selection.parse(Student, REGISTRAR).count(20).about)

    assert shown == [ROWS, None, None, None]


def test_one_index_that_was_sampled_badly_does_not_spoil_the_estimate(many: None, analyze: Callable[[], None]):
    if db.engine.dialect.name != "sqlite":
        return
    analyze()
    run("UPDATE sqlite_stat1 SET stat = '350 1' WHERE idx = (SELECT min(idx) FROM sqlite_stat1 WHERE tbl = 'student')")

    assert Selection.parse(Student, REGISTRAR).count(20).about == ROWS


def test_rows_that_came_since_the_statistics_were_taken_are_not_left_out(
    many: None, analyze: Callable[[], None], write: Write
):
    analyze()
    newcomers = range(ROWS + 1, 40 * ROWS)
    write(
        Student,
        *({"id": number, "student_number": f"N{number}", "full_name": f"Newcomer {number}"} for number in newcomers),
    )

    about = Selection.parse(Student, REGISTRAR).count(20).about

    if db.engine.dialect.name == "sqlite":
        assert about is None
    else:
        assert about is not None and about > 10 * ROWS


def test_a_count_with_an_estimate_goes_on_as_rows_are_seen():
    count = Count(10_000, exact=False, about=2_944_321)

    assert str(count) == "10,000+"
    assert count.words == "10,000+, about 2.9 million"
    assert count.with_seen(12_000).words == "12,000+, about 2.9 million"
    assert count.with_seen(3_000_000).words == "3,000,000+"


@pytest.mark.parametrize(
    ("number", "expected"),
    [(60, "60"), (10_449, "10,000"), (43_210, "43,000"), (999_999, "1 million"), (2_944_321, "2.9 million"),
     (29_443_210, "29 million"), (1_250_000_000, "1.2 billion")],
)  # fmt: skip
def test_an_estimate_is_said_in_two_digits(number: int, expected: str):
    assert rounded(number) == expected
