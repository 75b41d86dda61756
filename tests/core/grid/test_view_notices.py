"""Whoever watches a view is told once a day which rows entered and left it, as far as they may see them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backoffice.core.access import SYSTEM
from backoffice.core.grid import watching
from backoffice.core.operations import apply, plan_edit
from backoffice.core.selection import Selection
from backoffice.core.views import watches
from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories
from tests.contracts.grids import post

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def view(app: Flask) -> int:
    """A view of the students in Leeds, for everybody."""
    with app.app_context():
        return int(factories.saved_view(name="In Leeds", search="city:Leeds").id)


@pytest.fixture
def watched(sign_in: Callable[..., FlaskClient], view: int) -> FlaskClient:
    """A registrar who watches it."""
    client = sign_in("registrar")
    post(client, f"/admin/views/watch/?url=/admin/students/views/&watch=1&id={view}", {})
    client.get("/admin/students/views/")  # reads that it was switched on
    return client


@pytest.fixture
def look(app: Flask) -> Callable[[datetime], None]:
    """Returns a function: an instant -> what a worker does then."""

    def looked(at: datetime) -> None:
        with app.app_context():
            watching.look(at)

    return looked


def move(app: Flask, row_id: int, city: str) -> None:
    with app.app_context():
        apply(plan_edit(Selection.parse(Student, SYSTEM, ids=[row_id]), {"city": city}, SYSTEM), SYSTEM)


def told(client: FlaskClient) -> list[tuple[str, str]]:
    """Returns (what is said, where it leads) on the next page."""
    with client.get("/admin/courses/") as answer:  # what was told is written down when the answer is closed
        page = answer.get_data(as_text=True)
    found = re.findall(
        r'<p id="message-\d+">([^<]+)</p></div>\s*<div class="notice-actions">\s*<a [^>]*href="([^"]+)"', page
    )
    return [(unescape(words), unescape(url)) for words, url in found]


def test_rows_that_entered_and_left_are_told_once_with_a_link_to_them(
    app: Flask, watched: FlaskClient, look: Any, made: Any, view: int
) -> None:
    ids = [made(city="Leeds"), made(city="York"), made(city="York")]
    look(NOON)
    first = told(watched)
    move(app, ids[0], "York")
    move(app, ids[1], "Leeds")
    move(app, ids[2], "Leeds")

    look(NOON + DAY)

    (words, url), *rest = told(watched)
    listed = watched.get(url).get_data(as_text=True)
    assert (first, words, rest) == ([], "2 entered, 1 left: In Leeds", [])
    assert f"view={view}" in url
    assert sorted(map(int, re.findall(r'<tr data-id="(\d+)"', listed))) == ids
    assert told(watched) == []


def test_a_view_is_looked_at_once_a_day_whoever_looks(app: Flask, watched: FlaskClient, look: Any, made: Any) -> None:
    look(NOON)
    made(city="Leeds")

    look(NOON + timedelta(hours=11))
    same_day = told(watched)
    with app.app_context():
        (due,) = watches.due(NOON + DAY, 10)
        both = [watches.settle(due, NOON + DAY, untold=True, number=1, rows=0) for _ in range(2)]

    assert same_day == []
    assert both == [True, False]


def test_what_was_not_read_is_told_together_with_what_came_later(
    app: Flask, watched: FlaskClient, look: Any, made: Any
) -> None:
    look(NOON)
    first = made(city="Leeds")
    look(NOON + DAY)
    made(city="Leeds")
    move(app, first, "York")

    look(NOON + 2 * DAY)

    assert [words for words, _ in told(watched)] == ["1 entered: In Leeds"]


def test_of_very_many_rows_only_the_number_is_told(
    monkeypatch: pytest.MonkeyPatch, watched: FlaskClient, look: Any, made: Any
) -> None:
    monkeypatch.setattr(watching, "MOST", 2)
    for _ in range(3):
        made(city="Leeds")
    look(NOON)
    made(city="Leeds")

    look(NOON + DAY)

    assert [words for words, _ in told(watched)] == ["4 rows, 1 more: In Leeds"]


def test_a_view_is_looked_at_with_the_eyes_of_whoever_watches_it(
    app: Flask, sign_in: Callable[..., FlaskClient], look: Any, view: int
) -> None:
    client = sign_in("course_editor", username="teacher")
    post(client, f"/admin/views/watch/?watch=1&id={view}", {})
    client.get("/admin/")
    look(NOON)
    with app.app_context():
        teacher = db.session.scalars(select(factories.StaffUser).filter_by(username="teacher")).one()
        factories.student(city="Leeds")
        factories.enrollment(section=factories.section(instructor=teacher), student=factories.student(city="Leeds"))

    look(NOON + DAY)

    assert [words for words, _ in told(client)] == ["1 entered: In Leeds"]


def test_nobody_is_told_of_a_view_that_is_no_longer_theirs_to_open(
    app: Flask, watched: FlaskClient, look: Any, made: Any, view: int, sign_in: Callable[..., FlaskClient]
) -> None:
    look(NOON)
    post(sign_in("admin"), f"/admin/views/edit/?id={view}", {"visibility": "mine"})
    made(city="Leeds")

    look(NOON + DAY)

    assert told(watched) == []


def test_the_page_of_views_says_which_one_watches_and_switches_it_off(watched: FlaskClient, view: int) -> None:
    page = watched.get("/admin/students/views/").get_data(as_text=True)
    post(watched, f"/admin/views/watch/?url=/admin/students/views/&id={view}", {})

    assert "Stop telling me which rows enter or leave In Leeds" in page
    assert "Stop telling me which" not in watched.get("/admin/students/views/").get_data(as_text=True)


def test_row_numbers_are_packed_small_and_come_back() -> None:
    ids = frozenset(range(3, 30_003, 3))

    assert watches.unpacked(watches.packed(ids)) == ids
    assert watches.unpacked(watches.packed(())) == frozenset()
    assert len(watches.packed(ids)) < 1_000
