"""Somebody comes in between the last look at the rows and the end, and only the database sees it: on PostgreSQL alone, for
SQLite lets one write at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

from backoffice.enrollments.models import Enrollment
from backoffice.extensions import db
from tests import factories
from tests.contracts.grids import hidden_inputs, post, rows_of

HELD_UP = text("SELECT count(*) FROM pg_stat_activity WHERE :holder = ANY (pg_blocking_pids(pid))")
"""How many wait for this very session: other tests wait for their own on the same server."""


@contextmanager
def somebody(app) -> Iterator[Connection]:
    """A transaction beside that of the product, which is committed once somebody else waits for it."""
    with app.app_context():
        engine = db.engine
    with engine.connect().execution_options(unrecorded=True, writing=True) as connection:
        yield connection


def applied_meanwhile(client, address: str, page: str, connection: Connection, **fields: Any) -> Any:
    """Presses Apply, commits what somebody else does as soon as that waits for it, and returns the answer."""
    answers: list[Any] = []
    holder = connection.scalar(text("SELECT pg_backend_pid()"))
    sent = {**hidden_inputs(page), "action": "apply", **fields}
    pressing = threading.Thread(target=lambda: answers.append(post(client, address, sent)))
    pressing.start()
    until = time.monotonic() + 8
    while time.monotonic() < until:
        with connection.engine.connect() as looking:
            if looking.scalar(HELD_UP, {"holder": holder}):
                break
        time.sleep(0.05)
    connection.commit()
    pressing.join()
    return answers[0]


def test_a_seat_that_somebody_takes_in_between_is_named_and_can_be_left_out(app, registrar) -> None:
    with app.app_context():
        there = factories.section(capacity=None)
        movers = [factories.enrollment(student=factories.student(full_name=f"Mover {n}")) for n in range(3)]
        ids, section, code = [row.id for row in movers], there.id, there.code
        columns = ", ".join(c.name for c in Enrollment.__table__.columns if c.computed is None and c.name != "id")
        values = columns.replace("section_id", ":section")
    page = post(
        registrar, "/admin/enrollments/action/", {"action": "review", "rowid": ids, "set-section": code}
    ).get_data(as_text=True)
    before = rows_of(app)

    with somebody(app) as connection:
        copy = f"INSERT INTO enrollment ({columns}) SELECT {values} FROM enrollment WHERE id = :id"
        connection.execute(text(copy), {"section": section, "id": ids[1]})
        answer = applied_meanwhile(registrar, "/admin/enrollments/action/", page, connection)
    told = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert "Nothing was changed. The student has a live enrollment in this section already." in told
    assert "1 refused" in told
    assert f'<a href="/admin/enrollments/?ids={ids[1]}">1</a>' in told
    assert "Mover 1" in told
    assert set(before["enrollment"]) < set(rows_of(app)["enrollment"])


def test_rows_that_are_referred_to_in_between_are_named_and_none_is_deleted(app, registrar, made) -> None:
    ids = [made(full_name=f"Leaver {n}") for n in range(3)]
    page = post(registrar, "/admin/students/action/", {"action": "delete", "rowid": ids}).get_data(as_text=True)
    with app.app_context():
        enrollment = factories.enrollment()
        number = enrollment.id

    with somebody(app) as connection:
        move = text("UPDATE enrollment SET student_id = :student WHERE id = :id")
        connection.execute(move, {"student": ids[2], "id": number})
        answer = applied_meanwhile(registrar, "/admin/students/action/", page, connection)
    told = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert "Nothing was changed." in told
    assert "1 enrollment would be left behind." in told
    assert f'<a href="/admin/students/?ids={ids[2]}">1</a>' in told
    assert "Leaver 2" in told
    assert len(rows_of(app)["student"]) >= 3


def test_a_section_that_is_deleted_in_between_is_said_to_be_gone_and_nobody_is_moved(app, registrar) -> None:
    with app.app_context():
        there = factories.section(capacity=None)
        ids, section, code = [factories.enrollment().id for _ in range(2)], there.id, there.code
    sent = {"action": "review", "rowid": ids, "set-section": code}
    page = post(registrar, "/admin/enrollments/action/", sent).get_data(as_text=True)
    before = rows_of(app)["enrollment"]

    with somebody(app) as connection:
        connection.execute(text("DELETE FROM section WHERE id = :id"), {"id": section})
        answer = applied_meanwhile(registrar, "/admin/enrollments/action/", page, connection)

    assert answer.status_code in (409, 422)
    assert "IntegrityError" not in answer.get_data(as_text=True)
    assert rows_of(app)["enrollment"] == before
