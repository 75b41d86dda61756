"""The page shows what was committed, wherever it was committed, and is computed once however many ask."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import replace

import pytest

from backoffice.core import access
from backoffice.core.access import SYSTEM
from backoffice.core.operations import apply, plan_delete, plan_edit, plan_undo
from backoffice.core.selection import Selection
from backoffice.core.summaries import look, renew
from backoffice.core.summaries.figure import Figures
from backoffice.students.models import Student
from tests import factories
from tests.dashboard import world
from tests.dashboard.conftest import Somebody


def on_hold(client) -> str:
    """Returns how many students are on hold, as the page says."""
    page = client.get("/admin/").get_data(as_text=True)
    tile = page[page.index('id="figure-settled_without_cash"') :]
    return re.search(r'Students on hold</span>\s*<span class="figure-value">([^<]+)', tile)[1]


@pytest.fixture
def held(app):
    """Two students on hold, one not."""
    with app.app_context():
        for number in (1, 2):
            factories.student(student_number=f"H{number}", financial_hold=True, hold_reason="Owes a book")
        factories.student(student_number="H3")


def test_an_edit_shows_at_the_next_look_and_so_does_its_undo(app, held, sign_in):
    client = sign_in("finance")
    assert on_hold(client) == "2"
    with app.app_context():
        chosen = Selection.parse(Student, SYSTEM, search="student_number:H1")
        operation = apply(plan_edit(chosen, {"financial_hold": False, "hold_reason": None}, SYSTEM), SYSTEM)
        assert on_hold(client) == "1"
        apply(plan_undo(operation, SYSTEM), SYSTEM)
    assert on_hold(client) == "2"


def test_a_deletion_shows_at_the_next_look(app, held, sign_in):
    client = sign_in("finance")
    assert on_hold(client) == "2"
    with app.app_context():
        apply(plan_delete(Selection.parse(Student, SYSTEM, search="student_number:H2"), SYSTEM), SYSTEM)
    assert on_hold(client) == "1"


def test_an_edit_in_another_process_shows_at_the_next_look(held, sign_in, settings, checkout):
    client = sign_in("finance")
    assert on_hold(client) == "2"
    subprocess.run(
        [sys.executable, "-m", "tests.dashboard.edit_from_another_process"],
        cwd=checkout,
        check=True,
        timeout=60,
        env=os.environ
        | {
            "BACKOFFICE_MODE": "test",
            "BACKOFFICE_SECRET_KEY": settings.SECRET_KEY,
            "BACKOFFICE_DATABASE_URI": settings.DATABASE_URI,
            "BACKOFFICE_INSTANCE_PATH": settings.INSTANCE_PATH,
            "BACKOFFICE_TIMEZONE": settings.TIMEZONE,
        },
    )
    assert on_hold(client) == "1"


def test_twenty_people_who_open_the_cold_page_together_compute_each_figure_once(app, small_world, sign_in, monkeypatch):
    calls: Counter[str] = Counter()

    def counted(figure):
        def compute(person, as_of):
            calls[figure.name] += 1
            time.sleep(0.01)
            return figure.compute(person, as_of)

        return replace(figure, compute=compute)

    figures = [counted(figure) for figure in app.extensions["summaries"].all]
    monkeypatch.setitem(app.extensions, "summaries", Figures(figures))
    clients = [sign_in("admin") for _ in range(20)]
    with app.app_context():
        renew([model.__tablename__ for model in access.declared()])
    start, answers = threading.Barrier(20), []

    def open_page(client) -> None:
        start.wait()
        answers.append(client.get("/admin/").status_code)

    threads = [threading.Thread(target=open_page, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 20
    assert calls == dict.fromkeys((figure.name for figure in figures), 1)


def test_two_editors_never_see_each_others_numbers(small_world, session):
    def seats(editor: int) -> dict[str, int]:
        person = Somebody("course_editor", editor)
        return {
            one.figure.name: one.charts[0].series[0].points[0].value
            for one in look(person)
            if one.figure.name in ("active_students", "active_enrollments")
        }

    for _ in range(2):  # the second time from the cache
        assert seats(world.EDITOR) == {"active_students": 3, "active_enrollments": 2}  # one studies elsewhere
        assert seats(world.OTHER_EDITOR) == {"active_students": 2, "active_enrollments": 2}
        assert seats(99) == {"active_students": 0, "active_enrollments": 0}
