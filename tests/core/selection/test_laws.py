"""Laws of selections: every door gives the same rows, and the order of conditions does not matter."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backoffice.core.selection import Selection, Term, grouped, parse, printed
from backoffice.extensions import db
from backoffice.students.models import Student
from tests.core.selection.conftest import REGISTRAR, store

LAWS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CONDITIONS = (
    "anna", "muller", "-smith", "status:active", "-status:active,on_leave", "city:none", "city:any", "city~e", "-city:leeds",
    "age>=30", "-age>=30", "age:..25", "created_at>=2026-01-10", "date_of_birth:1990-01-01..1999-12-31", "email:none",
    "financial_hold:yes", "merged_into:any", "-merged_into.city:leeds", "merged_from.status:active", "id:5..30",
    "(city:leeds OR age>=30)", "-(anna status:active)", "status:active OR (smith -city:none) OR id:3", "(anna OR muller)",
    "city:OREBRO", "city~öreb", "-city~leed", "country_code:gb", "country_code:GB,none", "-country_code:fr", "age:30", "-age<25",
)  # fmt: skip
searches = st.lists(st.sampled_from(CONDITIONS), max_size=3).map(" ".join)
conditions = st.sampled_from(CONDITIONS)


@pytest.fixture
def students(session: object) -> None:
    lot = random.Random(3)
    rows: list[dict[str, Any]] = [
        {
            "full_name": f"{lot.choice(['Anna', 'Bo', 'Åse'])} {lot.choice(['Müller', 'Smith'])}",
            "status": lot.choice(["active", "on_leave", "graduated"]),
            "city": lot.choice([None, "Leeds", "Örebro", ""]),
            "country_code": lot.choice([None, "GB", "gb", "FR", "ÅÄ"]),
            "date_of_birth": lot.choice([None, date(1985, 1, 1) + timedelta(days=lot.randrange(9000))]),
            "created_at": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=lot.randrange(20)),
            "merged_into_id": lot.choice([None, lot.randrange(1, number)]) if number > 1 else None,
        }
        for number in range(1, 61)
    ]
    store(Student, rows)


def ids(selection: Selection) -> list[int]:
    return sorted(db.session.scalars(selection.select_ids()))


@LAWS
@given(
    search=searches,
    ticked=st.none() | st.lists(st.integers(1, 70), max_size=20, unique=True),
    sort=st.sampled_from(["city", "-age", "id"]),
)
def test_where_ids_select_count_page_and_stream_agree(students: None, search: str, ticked: list[int] | None, sort: str):
    selection = Selection.parse(Student, REGISTRAR, search=search, ids=ticked, sort=(sort,))
    where = selection.where()
    every = Student.__table__.select() if where is None else Student.__table__.select().where(where)

    expected = ids(selection)

    assert sorted(row.id for row in db.session.execute(every)) == expected
    assert sorted(row.id for row in db.session.execute(selection.select(("city", "merged_into")))) == expected
    assert selection.count().number == len(expected)
    assert sorted(row["id"] for row in selection.page(("city",), 100).rows) == expected
    assert sorted(row["id"] for row in selection.stream(("city",), chunk=7)) == expected


@LAWS
@given(one=conditions, other=conditions)
def test_the_order_of_conditions_does_not_matter(students: None, one: str, other: str):
    both, turned = (
        ids(Selection.parse(Student, REGISTRAR, search=search)) for search in (f"{one} {other}", f"{other} {one}")
    )
    each = [set(ids(Selection.parse(Student, REGISTRAR, search=search))) for search in (one, other)]

    assert both == turned == sorted(each[0] & each[1])


@LAWS
@given(condition=conditions)
def test_a_condition_and_its_opposite_share_no_row_and_miss_none(students: None, condition: str):
    opposite = printed((grouped(parse(condition), negated=True),))

    assert sorted(
        ids(Selection.parse(Student, REGISTRAR, search=condition))
        + ids(Selection.parse(Student, REGISTRAR, search=opposite))
    ) == list(range(1, 61))


@LAWS
@given(
    search=searches,
    filtered=st.lists(conditions, max_size=2),
    without=st.lists(st.integers(1, 60), max_size=5, unique=True),
)
def test_url_parameters_make_the_same_selection_again(
    students: None, search: str, filtered: list[str], without: list[int]
):
    filters = [part for text in filtered for part in parse(text) if isinstance(part, Term)]
    selection = Selection.parse(
        Student, REGISTRAR, search=search, filters=filters, sort=("-city", "age"), without=without
    )

    again = Selection.from_args(Student, REGISTRAR, selection.params())

    assert ids(again) == ids(selection)
    assert again.params() == selection.params()
    assert (again.sort, again.without) == (selection.sort, selection.without)


@LAWS
@given(one=conditions, other=conditions)
def test_either_finds_the_rows_of_both(students: None, one: str, other: str):
    each = [set(ids(Selection.parse(Student, REGISTRAR, search=search))) for search in (one, other)]

    either = printed((grouped((grouped(parse(one)), grouped(parse(other))), either=True),))

    assert ids(Selection.parse(Student, REGISTRAR, search=either)) == sorted(each[0] | each[1])
