"""How long a session lives, and what ends it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, select

from backoffice.core.clock import utcnow
from backoffice.extensions import db
from backoffice.staff.models import StaffSession, StaffUser
from backoffice.staff.services import set_password
from backoffice.staff.sessions import touch
from tests.staff.browser import PASSWORD, cookie, enter, hidden
from tests.staff.conftest import alter

SIGNED_OUT = "/login?next=/admin/account/"


def age(app: Flask, column: str, **by: int) -> None:
    """Moves an instant of every session into the past."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(StaffSession.__table__.update().values({column: utcnow() - timedelta(**by)}))


def only_session(app: Flask) -> StaffSession:
    with app.app_context():
        return db.session.execute(select(StaffSession)).scalar_one()


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Gives the first words of what the database is asked while the block runs, less what begins a transaction."""
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *others: object) -> None:
        word = statement.split()[0]
        if word not in ("BEGIN", "SET"):
            asked.append(word)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_the_table_holds_no_token_that_opens_a_session(signed_in, app: Flask) -> None:
    client = signed_in("registrar")
    with client.session_transaction() as kept:
        in_the_browser = kept["_user_id"]
    row = only_session(app)
    assert len(in_the_browser) >= 43  # 32 random bytes
    assert in_the_browser not in (row.token_hash, row.password_mark)


def test_a_session_ends_when_it_was_idle_for_half_an_hour(signed_in, app: Flask) -> None:
    client = signed_in("registrar")
    age(app, "last_seen_at", minutes=29)
    assert client.get("/admin/account/").status_code == 200
    age(app, "last_seen_at", minutes=31)
    assert client.get("/admin/account/").location == SIGNED_OUT


def test_a_session_ends_after_its_longest_life_however_busy_it_is(signed_in, app: Flask) -> None:
    client = signed_in("registrar")
    age(app, "created_at", hours=11)
    assert client.get("/admin/account/").status_code == 200
    age(app, "created_at", hours=13)
    assert client.get("/admin/account/").location == SIGNED_OUT


def test_a_clock_that_was_set_back_ends_no_session(signed_in, app: Flask) -> None:
    client = signed_in("registrar")
    age(app, "last_seen_at", days=-1)
    age(app, "created_at", days=-1)
    assert client.get("/admin/account/").status_code == 200


def test_the_sign_in_page_says_that_the_session_has_ended(signed_in, app: Flask) -> None:
    client = signed_in("registrar")
    age(app, "last_seen_at", minutes=31)
    assert "Your session has ended." in client.get("/admin/account/", follow_redirects=True).get_data(as_text=True)


def test_a_deactivated_account_is_out_at_the_next_request(signed_in, app: Flask, account) -> None:
    client = signed_in("registrar")
    alter(app, account_id(app, "registrar"), is_active=False)
    assert client.get("/admin/account/").location == SIGNED_OUT


def test_a_lowered_role_counts_from_the_next_request_on(signed_in, app: Flask) -> None:
    client = signed_in("admin")
    assert client.get("/admin/rights/").status_code == 200
    alter(app, account_id(app, "admin"), role="read_only")
    assert client.get("/admin/rights/").status_code == 403


def test_a_password_set_by_somebody_else_ends_every_session(signed_in, app: Flask) -> None:
    client = signed_in("registrar")
    with app.app_context():
        account = db.session.execute(select(StaffUser).filter_by(username="registrar")).scalar_one()
        set_password(account, "seven quiet harbour stones")
    assert client.get("/admin/account/").location == SIGNED_OUT


def test_a_hash_that_changed_in_the_table_itself_ends_every_session(signed_in, app: Flask) -> None:
    client = signed_in("registrar")
    alter(app, account_id(app, "registrar"), hash="$argon2id$restored-from-elsewhere")
    assert client.get("/admin/account/").location == SIGNED_OUT


def test_changing_ones_password_keeps_this_session_and_ends_the_others(signed_in, app: Flask) -> None:
    here = signed_in("registrar")
    there = app.test_client()
    enter(there, "registrar")
    before = cookie(here)
    new = "seven quiet harbour stones"
    fields = hidden(here.get("/admin/account/")) | {"current_password": PASSWORD, "new_password": new, "repeated": new}
    assert here.post("/admin/account/", data=fields).status_code == 302
    assert here.get("/admin/account/").status_code == 200
    assert there.get("/admin/account/").location == SIGNED_OUT
    thief = app.test_client()
    thief.set_cookie("session", before)
    assert thief.get("/admin/account/").location == SIGNED_OUT
    assert enter(app.test_client(), "registrar", new).status_code == 302


@pytest.mark.parametrize(
    ("current", "new", "repeated", "status", "words"),
    [
        (
            "not it",
            "seven quiet harbour stones",
            "seven quiet harbour stones",
            401,
            "This is not your current password.",
        ),
        (PASSWORD, "short", "short", 422, "Use at least 8 characters."),
        (PASSWORD, "password123", "password123", 422, "This password is among the first that attackers try."),
        (PASSWORD, "Registrar-2026!", "Registrar-2026!", 422, "Do not use your name"),
        (PASSWORD, "seven quiet harbour stones", "seven quiet harbour", 422, "The two new passwords differ."),
    ],
)
def test_a_password_is_changed_only_by_its_owner_and_to_a_good_one(
    signed_in, app, current, new, repeated, status, words
) -> None:
    client = signed_in("registrar")
    fields = hidden(client.get("/admin/account/"))
    fields |= {"current_password": current, "new_password": new, "repeated": repeated}
    answer = client.post("/admin/account/", data=fields)
    assert answer.status_code == status
    assert words in answer.get_data(as_text=True)
    assert enter(app.test_client(), "registrar").status_code == 302


def test_a_request_reads_its_session_in_one_statement_and_writes_nothing(signed_in, app: Flask) -> None:
    client = signed_in("admin")
    client.get("/admin/rights/")  # the first page also asks whether a job is to be told of
    with statements(app) as asked:
        assert client.get("/admin/rights/").status_code == 200
    assert asked == ["SELECT"]


def test_the_session_is_noted_as_in_use_once_a_minute_and_after_the_answer(signed_in, app: Flask) -> None:
    client = signed_in("admin")
    client.get("/admin/rights/").close()
    age(app, "last_seen_at", minutes=2)
    for expected in (["SELECT", "UPDATE"], ["SELECT"]):
        with statements(app) as asked, client.get("/admin/rights/"):
            pass
        assert asked == expected
    assert utcnow() - only_session(app).last_seen_at < timedelta(minutes=1)


def test_nobody_waits_for_the_session_to_be_noted_in_a_busy_database(signed_in, app: Flask) -> None:
    client = signed_in("admin")
    age(app, "last_seen_at", minutes=2)
    with app.app_context():
        engine = create_engine(db.engine.url)
    with engine.begin() as other:
        other.execute(StaffSession.__table__.update().values(agent="held by somebody else"))
        page = client.get("/admin/rights/")
        assert page.status_code == 200
    page.close()
    engine.dispose()
    assert utcnow() - only_session(app).last_seen_at < timedelta(minutes=1)


def test_a_session_that_cannot_be_noted_ends_no_request(other_app, tmp_path, caplog) -> None:
    nowhere = other_app(DATABASE_URI=f"sqlite:///{tmp_path / 'missing' / 'nowhere.sqlite3'}")
    touch(nowhere, 7)
    assert "The session 7 could not be noted as in use" in caplog.text


def test_the_newest_session_says_when_somebody_last_signed_in(signed_in, app: Flask) -> None:
    signed_in("registrar")
    with app.app_context():
        account = db.session.execute(select(StaffUser)).scalar_one()
        assert account.last_login_at == only_session(app).created_at


def account_id(app: Flask, username: str) -> int:
    with app.app_context():
        return db.session.execute(select(StaffUser.id).filter_by(username=username)).scalar_one()
