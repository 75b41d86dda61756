"""The basket: what is ticked stays ticked, per person and grid, and grants nothing."""

from __future__ import annotations

import random
from threading import Thread
from typing import Any

from backoffice.core import lists
from backoffice.core.access import Role, right
from backoffice.core.lists import Tally
from backoffice.core.selection import Selection
from backoffice.courses.models import Course
from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories
from tests.core.lists.conftest import found, students
from tests.rights import declare


def test_ticks_of_several_searches_add_up_and_know_where_they_come_from(registrar) -> None:
    ids = students(5)

    lists.put(registrar, Student, ids[:2], "active")
    lists.put(registrar, Student, ids[1:4], "city Leeds")

    assert lists.tally(registrar, Student) == Tally(4, 2)
    assert found(registrar, "in:basket") == ids[:4]
    assert lists.held(registrar, Student, ids[3:]) == {ids[3]}


def test_each_person_and_each_grid_has_a_basket_of_its_own(registrar) -> None:
    other, (student_id,), course = factories.staff("admin"), students(1), factories.course()

    lists.put(registrar, Student, [student_id], "")
    lists.put(registrar, Course, [course.id], "")

    assert found(registrar, "in:basket") == [student_id]
    assert found(registrar, "in:basket", Course) == [course.id]
    assert found(other, "in:basket") == []


def test_all_that_match_are_put_in_by_one_statement_and_some_taken_out_again(registrar) -> None:
    ids = students(6)
    factories.student(city="Hull")

    lists.put(registrar, Student, Selection.parse(Student, registrar, search="-city:Hull").select_ids(), "not Hull")
    lists.take(registrar, Student, ids[:2])

    assert found(registrar, "in:basket") == ids[2:]
    lists.clear(registrar, Student)
    assert found(registrar, "in:basket") == []


def test_what_is_outside_the_scope_never_gets_in(editor, theirs) -> None:
    hidden = students(2)

    lists.put(editor, Student, [*hidden, theirs.id], "")

    assert lists.tally(editor, Student) == Tally(1, 1)
    assert found(editor, "in:basket") == [theirs.id]


def test_a_row_that_left_the_scope_is_in_the_basket_no_more(editor, theirs, monkeypatch) -> None:
    lists.put(editor, Student, [theirs.id], "")

    declare(monkeypatch, Student, {Role.COURSE_EDITOR: right("V", scope=lambda _: Student.id < 0)})

    assert lists.tally(editor, Student) == Tally(0, 0)
    assert found(editor, "in:basket") == []


def test_a_page_s_ticks_replace_what_the_basket_says_of_that_page_only(registrar) -> None:
    ids = students(6)
    lists.put(registrar, Student, ids[:4], "first")

    lists.replace(registrar, Student, ids[2:], [ids[3], ids[5]], "second")

    assert found(registrar, "in:basket") == [ids[0], ids[1], ids[3], ids[5]]


def test_two_windows_ticking_at_once_lose_no_tick(app, registrar) -> None:
    ids = students(40)
    person = _Person(registrar.id)
    db.session.commit()
    failures: list[Exception] = []

    def tick(own: list[int]) -> None:
        with app.app_context():
            try:
                for row_id in own:
                    lists.put(person, Student, [row_id], "")
            except Exception as error:  # noqa: BLE001  (told below)
                failures.append(error)
            finally:
                db.session.remove()

    windows = [Thread(target=tick, args=(own,)) for own in (ids[:25], ids[15:])]
    for window in windows:
        window.start()
    for window in windows:
        window.join()

    assert failures == []
    assert found(registrar, "in:basket") == ids


def test_the_basket_is_the_set_that_the_same_steps_make_in_python(registrar) -> None:
    ids, chance, expected = students(12), random.Random(7), set[int]()

    for _ in range(60):
        some = chance.sample(ids, chance.randint(0, 5))
        step = chance.choice(("put", "take", "replace", "clear", "put"))
        if step == "put":
            lists.put(registrar, Student, some, str(chance.randint(1, 3)))
            expected |= set(some)
        elif step == "take":
            lists.take(registrar, Student, some)
            expected -= set(some)
        elif step == "replace":
            ticked = some[: len(some) // 2]
            lists.replace(registrar, Student, some, ticked, "page")
            expected = expected - set(some) | set(ticked)
        elif chance.random() < 0.2:
            lists.clear(registrar, Student)
            expected = set()

        kept = Selection.parse(Student, registrar, search="in:basket")
        assert set(db.session.scalars(kept.select_ids())) == expected
        assert kept.count().number == lists.tally(registrar, Student).number == len(expected)
        assert {row["id"] for row in kept.page((), 50).rows} == expected
        assert lists.held(registrar, Student, ids) == expected
        assert set(found(registrar, "-in:basket")) == set(ids) - expected


class _Person:
    """A registrar as a value, for threads."""

    full_name, role = "Somebody", "registrar"

    def __init__(self, number: Any) -> None:
        self.id = number
