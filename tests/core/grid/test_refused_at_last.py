"""What only the database can refuse, at the end: everything is as before, and the review says which rows and why."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from backoffice.core.jobs import running
from backoffice.extensions import db
from tests.contracts.grids import hidden_inputs, post, rows_of

YORK = {"action": "review", "set-city": "York"}
SQLITE = (
    "CREATE TRIGGER by_hand BEFORE UPDATE ON student WHEN new.city = 'York' AND new.full_name LIKE 'Odd %' "
    "BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: by_hand'); END",
    "DROP TRIGGER IF EXISTS by_hand",
)
POSTGRESQL = (
    "ALTER TABLE student ADD CONSTRAINT by_hand CHECK (city <> 'York' OR full_name NOT LIKE 'Odd %')",
    "ALTER TABLE student DROP CONSTRAINT IF EXISTS by_hand",
)


@pytest.fixture
def by_hand(app):
    """A rule that somebody made in the database, of which the product knows nothing: nobody of this name may be in York."""
    with app.app_context():
        engine = db.engine
    make, drop = SQLITE if engine.dialect.name == "sqlite" else POSTGRESQL
    _run(engine, drop, make)
    yield
    _run(engine, drop)


def _run(engine, *statements):
    with engine.connect() as connection:
        connection.execution_options(unrecorded=True, writing=True)
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


def test_what_no_rule_of_ours_knows_is_found_by_trying_and_left_out_by_one_click(app, by_hand, registrar, made) -> None:
    names = [f"Odd {n}" if n in (3, 17) else f"Even {n}" for n in range(20)]
    ids = [made(full_name=name, city="Leeds") for name in names]
    page = post(registrar, "/admin/students/action/", {"rowid": ids, **YORK}).get_data(as_text=True)
    before = rows_of(app)

    answer = post(registrar, "/admin/students/action/", {**hidden_inputs(page), "action": "apply"})
    told = answer.get_data(as_text=True)
    after = rows_of(app)
    (rule,) = re.findall(r'value="(leave:[^"]+)"', told)
    smaller = post(registrar, "/admin/students/action/", {**hidden_inputs(told), "action": rule}).get_data(as_text=True)
    post(registrar, "/admin/students/action/", {**hidden_inputs(smaller), "action": "apply"})

    assert (answer.status_code, after) == (422, before)
    assert "Nothing was changed. The database refused the values." in told
    assert ("18 will change" in told, "2 refused" in told) == (True, True)
    assert f'<a href="/admin/students/?ids={ids[3]},{ids[17]}">2</a>' in told
    assert "by_hand" not in told
    assert "18 will change" in smaller
    with app.app_context():
        cities = db.session.scalars(text("SELECT city FROM student ORDER BY id")).all()
    assert [city for city in cities if city == "Leeds"] == ["Leeds"] * 2


def test_a_job_that_fails_so_names_the_rows_as_well(app, by_hand, registrar, made, monkeypatch) -> None:
    monkeypatch.setitem(app.config, "JOB_ROWS", 1)
    ids = [made(full_name=name, city="Leeds") for name in ("Even 1", "Odd 2", "Even 3")]
    page = post(registrar, "/admin/students/action/", {"rowid": ids, **YORK}).get_data(as_text=True)
    job = post(registrar, "/admin/students/action/", {**hidden_inputs(page), "action": "apply"}).location
    before = rows_of(app)

    with app.app_context():
        running.run(int(job.rpartition("=")[2]))
    told = registrar.get(job).get_data(as_text=True)

    assert "The database refused this row in the end; no rule says why. (Odd 2)" in told
    assert rows_of(app) == before
