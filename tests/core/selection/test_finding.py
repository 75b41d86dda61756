"""However the rows are found, from the text index or along the order, they are the same; and the index is always true."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from backoffice.core.selection import Count, Selection, approach, counts
from backoffice.core.selection import selection as selection_module
from backoffice.core.text import fold
from backoffice.courses.models import Course, Section, Term
from backoffice.enrollments.models import Enrollment
from backoffice.extensions import db
from backoffice.students.models import Student
from tests.core.selection.conftest import REGISTRAR, Write, found, store, unrecorded

LAWS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = ("Anna", "Åse", "Joanna", "Bo", "杨", "O'Neil", "Ann-Marie", 'X"Y', "50%_a")
WORDS = (
    "ann",
    "an",
    "a",
    "ase",
    "nna",
    "bo",
    "杨",
    "o'n",
    '"ann-m"',
    "x",
    "0%_",
    "s00",
    "aaa",
    "leeds",
    "zzz",
    "-ann",
    "-o",
)
TERMS = (
    *("status:active", "-status:active", "student.city:leeds", "section.course.code:aaa", "student:any", "id>5"),
    *("applied_on<2026-01-25", "applied_on:2026-01-10..2026-01-20", "applied_on:2026-01-05", "-applied_on>2026-01-05"),
)
ways_of_finding = pytest.mark.parametrize(
    ("few", "walked"),
    [(0, 60), (3, 60), (1000, 60), (0, 0)],
    ids=["walks", "chooses", "takes the few", "walks in vain"],
)


@pytest.fixture
def seats(session: object) -> None:
    lot = random.Random(11)
    store(
        Student,
        [
            {"full_name": f"{lot.choice(NAMES)} {lot.choice(NAMES)}", "city": lot.choice([None, "Leeds"])}
            for _ in range(30)
        ],
    )
    store(Course, [{"code": "AAA"}, {"code": "Ann 1"}])
    store(Term, [{}])
    store(Section, [{"course_id": 1}, {"course_id": 2, "code": "aaa-2"}])
    seats: list[dict[str, Any]] = [
        {
            "student_id": number,
            "section_id": lot.choice([1, 2]),
            "status": lot.choice(["active", "applied"]),
            "applied_on": lot.choice([None, date(2026, 1, 5), date(2026, 1, 15), date(2026, 1, 25)]),
        }
        for number in range(1, 31)
    ]
    store(Enrollment, seats)


@ways_of_finding
@LAWS
@given(
    words=st.lists(st.sampled_from(WORDS), max_size=3),
    terms=st.lists(st.sampled_from(TERMS), max_size=2),
    sort=st.sampled_from(["id", "-student", "status", "section.course", "applied_on", "-applied_on"]),
)
def test_every_way_of_finding_leads_to_the_same_pages_and_counts(
    seats: None, few: int, walked: int, words: list[str], terms: list[str], sort: str
):
    selection = Selection.parse(Enrollment, REGISTRAR, search=" ".join([*words, *terms]), sort=(sort,))
    whole = [row["id"] for row in selection.stream(())]
    with pytest.MonkeyPatch.context() as patch:
        for bound in ("FEW", "FEW_TEXTS"):
            patch.setattr(approach, bound, few)
        patch.setattr(approach, "VERY_FEW", 0)
        patch.setattr(selection_module, "WALKED_SECONDS", walked)
        first = selection.page((), 4)
        pages = [row["id"] for row in first.rows]
        while first.next:
            first = selection.page((), 4, after=first.next)
            pages += [row["id"] for row in first.rows]

        bounded = selection.count(100)

        assert pages == whole
        assert selection.count() == Count(len(whole))
        assert bounded == Count(len(whole)) or (few < 1000 and not bounded.exact and bounded.number <= len(whole))


def test_a_count_that_gave_up_says_that_there_are_at_least_so_many(seats: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(counts, "LOOKED_AT", 10)
    selection = Selection.parse(Enrollment, REGISTRAR, search="-status:suspended")

    assert [selection.count(), selection.count(20)] == [Count(30), Count(10, exact=False)]
    assert str(selection.count(20)) == "10+"


@pytest.mark.parametrize(
    ("search", "expected"), [("o", [2, 3]), ("ol", [2, 3]), ("la", []), ("ola", [1, 2, 3]), ("-ol", [1]), ("2", [2]), ("s", [1, 2, 3])]
)  # fmt: skip
def test_one_or_two_letters_begin_a_word_and_three_occur_anywhere(write: Write, search: str, expected: list[int]):
    write(Student, {"full_name": "Nicola"}, {"full_name": "Ola 2"}, {"full_name": "Eve (Ola) öla"})

    assert found(Student, search) == expected


SPELLINGS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)


@LAWS
@given(
    names=st.lists(SPELLINGS.filter(fold), min_size=1, max_size=4), start=st.integers(0, 8), length=st.integers(1, 6)
)
def test_whatever_is_in_a_text_is_found_by_each_of_its_fragments(
    session: object, names: list[str], start: int, length: int
):
    fragment = fold(fold(names[0])[start : start + length]) or fold(names[0])
    with unrecorded() as connection:
        connection.execute(Student.__table__.delete())
    store(Student, [{"full_name": f"x {name}" if name.strip() else "x"} for name in names])
    quoted = fragment.replace("\\", "\\\\").replace('"', '\\"')

    hits = found(Student, f'"{quoted}"')

    texts = dict(db.session.execute(text("SELECT id, search_text FROM student")).all())
    db.session.rollback()
    starts = (
        (lambda held: f" {held}".find(f" {fragment}") >= 0) if len(fragment) < 3 else (lambda held: fragment in held)
    )
    assert hits == [number for number, held in texts.items() if starts(held)]


def test_the_index_follows_every_way_of_writing_even_past_the_application(write: Write):
    write(Student, {"full_name": "Anna"}, {"full_name": "Berta"}, {"full_name": "Clara"})
    with unrecorded() as connection:
        connection.exec_driver_sql("UPDATE student SET search_text = 'dora' WHERE id <= 2")
        connection.exec_driver_sql("UPDATE student SET id = 9 WHERE id = 1")
        connection.exec_driver_sql("DELETE FROM student WHERE id = 3")

    assert [found(Student, search) for search in ("dor", "anna", "berta", "clara")] == [[2, 9], [], [], []]


def test_somebody_who_types_is_offered_rows_at_once_and_misses_none_that_is_alone(
    seats: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("backoffice.core.selection.selection.NEAR", 3)
    selection = Selection.parse(Student, REGISTRAR, search="leeds", sort=("full_name",))
    whole = [row["id"] for row in selection.stream(())]

    two, all_of_them = selection.some((), 2), selection.some((), 50)

    assert [row["id"] for row in two] == [number for number in whole if number in sorted(whole)[:3]][:2]
    assert [row["id"] for row in all_of_them] == whole
