"""A look shows what is kept as long as it is true, and computes the rest."""

from __future__ import annotations

import json
import struct
import time
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from backoffice.core import clock
from backoffice.core.access import Role, right
from backoffice.core.summaries import look, refresh, renew
from backoffice.core.summaries.data import encode
from backoffice.courses.models import Term
from backoffice.extensions import db
from tests.core.summaries.conftest import Somebody
from tests.rights import declare


def shown(person=None) -> list[tuple[str, int]]:
    """Returns name and number of each figure in a look."""
    looks = look(person or Somebody())
    return [(one.figure.name, one.charts[0].series[0].points[0].value) for one in looks]


def test_a_second_look_computes_nothing_and_asks_the_database_nothing(session, figures, counter):
    figures()
    first = look(Somebody())
    asked: list[str] = []

    def note(connection, cursor, statement, *rest):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    second = look(Somebody())
    event.remove(db.engine, "before_cursor_execute", note)
    assert (counter.calls, asked, second) == (["terms"], [], first)


def test_a_commit_to_a_table_that_the_figure_reads_makes_it_fresh(session, figures, counter):
    figures()
    look(Somebody())
    renew(["term"])
    look(Somebody())
    assert counter.calls == ["terms"] * 2


def test_a_commit_to_another_table_leaves_it_alone(session, figures, counter):
    figures()
    look(Somebody())
    renew(["payment"])
    look(Somebody())
    assert counter.calls == ["terms"]


def test_a_computation_that_a_commit_overtook_is_not_kept(session, figures, counter):
    figures()
    counter.meanwhile = lambda: renew(["term"])
    look(Somebody())
    counter.meanwhile = lambda: None
    look(Somebody())
    look(Somebody())
    assert counter.calls == ["terms"] * 2


def test_refresh_computes_anew_and_the_others_see_it(session, figures, counter):
    figures()
    before = look(Somebody())[0].at
    pressed = clock.utcnow()
    refresh(Somebody())
    refreshed = look(Somebody())[0].at
    assert before < pressed <= refreshed
    assert look(Somebody(id=2))[0].at == refreshed
    assert counter.calls == ["terms"] * 2


def test_the_age_is_the_instant_of_computing(session, figures):
    figures()
    before = clock.utcnow()
    at = look(Somebody())[0].at
    assert isinstance(at, datetime)
    assert before <= at <= clock.utcnow()


def test_a_figure_grows_too_old(app, session, figures, counter, monkeypatch):
    monkeypatch.setitem(app.config, "FIGURE_SECONDS", 1)
    figures()
    look(Somebody())
    time.sleep(2.1)
    look(Somebody())
    assert counter.calls == ["terms"] * 2


def test_another_day_is_another_figure(app, session, figures, counter, monkeypatch):
    figures()
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # never the same day
        monkeypatch.setitem(app.config, "TIMEZONE", zone)
        look(Somebody())
    assert counter.calls == ["terms"] * 2


def test_persons_without_a_row_scope_share_what_is_kept(session, figures, counter):
    figures()
    look(Somebody(id=1))
    look(Somebody(id=2, role=Role.SUPPORT))
    assert counter.calls == ["terms"]


def test_persons_with_a_row_scope_see_their_own_rows_only(session, figures, counter, monkeypatch):
    own = right("V", scope=lambda person: Term.id == person.id)
    declare(monkeypatch, Term, {Role.ADMIN: right("V"), Role.COURSE_EDITOR: own})
    figures()
    for person in (Somebody(), Somebody(id=1, role=Role.COURSE_EDITOR), Somebody(id=2, role=Role.COURSE_EDITOR)):
        look(person)
        look(person)
    assert counter.calls == ["terms"] * 3


def test_a_table_that_only_the_row_scope_reads_makes_the_figure_fresh_too(session, figures, counter, monkeypatch):
    other = db.metadata.tables["staff_user"]
    own = right("V", scope=lambda person: Term.id.in_(db.select(other.c.id)))
    declare(monkeypatch, Term, {Role.ADMIN: own})
    figures()
    look(Somebody())
    renew(["staff_user"])
    look(Somebody())
    assert counter.calls == ["terms"] * 2


def test_a_figure_is_hidden_from_whoever_may_not_see_a_field_of_it(session, figures, counter):
    figures(counter.figure("open"), counter.figure("secret", reads=("code", "name")))
    assert [name for name, _ in shown(Somebody(role=Role.SUPPORT))] == ["open"]
    assert [name for name, _ in shown(Somebody(role=Role.ADMIN))] == ["open", "secret"]
    assert shown(Somebody(role=Role.FINANCE)) == []


def test_two_figures_of_one_name_are_refused(figures, counter):
    with pytest.raises(ValueError, match="share a name"):
        figures(counter.figure(), counter.figure())


POISON = {
    "nothing": b"",
    "three bytes": b"\0\0\0",
    "no json": struct.pack("I", 0) + b"\x80\x04cposix\nsystem\n(S'true'\ntR.",
    "deep json": struct.pack("I", 0) + b"[" * 100_000,
    "a number": struct.pack("I", 0) + b"7",
    "a list": struct.pack("I", 0) + b"[1,2]",
    "an empty object": struct.pack("I", 0) + b"{}",
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
def test_a_poisoned_cache_is_dropped_and_computed_anew(app, session, figures, counter, poison):
    figures()
    look(Somebody())
    for file in (Path(app.instance_path) / "cache").iterdir():
        file.write_bytes(poison)
    assert shown() == shown() == [("terms", 0)]
    assert counter.calls == ["terms"] * 2


@pytest.mark.parametrize(
    "change",
    [
        {"charts": "none"},
        {"charts": [{"picture": "number", "series": [], "title": "", "link": {"grid": "x"}}]},
        {"at": "yesterday"},
        {"at": "2026-01-01T00:00:00"},
        {"at": 7},
        {"took": "long"},
        {"took": 10**400},
        {"stamps": {}},
        {"stamps": None},
    ],
    ids=str,
)
def test_a_kept_value_of_the_wrong_shape_is_dropped(app, session, figures, counter, change):
    figures()
    look(Somebody())
    for file in (Path(app.instance_path) / "cache").iterdir():
        head, body = file.read_bytes()[:4], json.loads(file.read_bytes()[4:])
        if isinstance(body, dict):
            file.write_bytes(head + json.dumps(body | change).encode())
    assert shown() == [("terms", 0)]
    assert counter.calls == ["terms"] * 2


def test_an_unwritable_cache_costs_only_time(app, session, figures, counter):
    figures()
    directory = Path(app.instance_path) / "cache"
    moved = directory.rename(directory.with_name("cache-away"))
    try:
        assert shown() == shown() == [("terms", 0)]
    finally:
        moved.rename(directory)
    assert counter.calls == ["terms"] * 2


def test_the_key_changes_with_the_definition(counter):
    one = counter.figure()
    other = type(one)(one.name, one.title, "Terms, otherwise.", one.group, one.reads, one.compute)
    assert one.edition != other.edition


def test_what_is_kept_is_what_was_computed(session, figures, counter):
    figures()
    first, second = look(Somebody())[0], look(Somebody())[0]
    assert encode(first.charts) == encode(second.charts) == encode(counter.figure().compute(Somebody(), clock.today()))
