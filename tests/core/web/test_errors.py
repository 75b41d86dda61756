"""Every way to fail has a page of ours: the right status, words, a number, and nothing of the inside."""

from __future__ import annotations

import json
import logging
import time
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.exceptions import default_exceptions

from backoffice.core.web.errors import WORDS, error_page
from backoffice.core.web.gate import PUBLIC
from backoffice.core.web.logs import JsonLines
from backoffice.extensions import db
from tests.staff.browser import hidden, token

INSIDE = ("Traceback", "sqlalchemy", "sqlite3", "SELECT", "werkzeug", "/work", "site-packages")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503, 507])
def test_each_status_has_its_words_and_the_number_of_the_request(app: Flask, status: int) -> None:
    with app.test_request_context("/admin/"):
        answer = error_page(status)
    page = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert str(WORDS[status].title) in page
    assert f"Error {status}, request " in page


def test_an_unknown_address_is_404_and_carries_the_number_of_its_request(client) -> None:
    answer = client.get("/nothing/here")
    assert answer.status_code == 404
    assert f"request {answer.headers['X-Request-ID']}" in answer.get_data(as_text=True)


def test_scripts_get_their_errors_as_json(client, signed_in) -> None:
    asks_json = {"Accept": "application/json"}
    unknown = client.get("/nothing", headers=asks_json)
    assert unknown.json == {
        "status": 404,
        "title": str(WORDS[404].title),
        "message": str(WORDS[404].text),
        "request_id": unknown.headers["X-Request-ID"],
    }
    assert client.get("/admin/account/", headers=asks_json).status_code == 401
    assert client.post("/login", headers=asks_json).json["status"] == 400
    assert signed_in("support").get("/admin/rights/", headers=asks_json).json["status"] == 403


def test_a_refusal_says_whom_to_ask(signed_in) -> None:
    answer = signed_in("support").get("/admin/rights/")
    assert answer.status_code == 403
    assert "ask an administrator" in answer.get_data(as_text=True)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_method_that_an_address_does_not_know_is_405_and_names_those_it_knows(client, method: str) -> None:
    answer = client.open("/login", method=method, data={"csrf_token": token(client)})
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_trace_echoes_nothing(client) -> None:
    answer = client.open("/login", method="TRACE", headers={"X-Secret": "echo me"})
    assert answer.status_code == 405
    assert "echo me" not in answer.get_data(as_text=True)


def test_a_body_above_the_limit_is_413_without_being_read(client, app: Flask) -> None:
    sent = {
        "CONTENT_LENGTH": str(app.config["MAX_CONTENT_LENGTH"] + 1),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
    }
    answer = client.post("/login", input_stream=BytesIO(), environ_overrides=sent)
    assert answer.status_code == 413


def test_a_hundred_thousand_fields_are_refused_at_once(client) -> None:
    before = time.process_time()
    answer = client.post(
        "/login", data="&".join(f"a{n}" for n in range(70_000)), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413
    assert time.process_time() - before < 2


def test_an_unknown_host_is_400_and_not_repeated(other_app) -> None:
    app = other_app(TRUSTED_HOSTS="office.example")
    for path in ("/login", "/admin/", "/nothing", "/healthz"):
        answer = app.test_client().get(path, base_url="http://evil.example")
        assert answer.status_code == 400
        assert "evil.example" not in answer.get_data(as_text=True) + str(answer.headers)
        assert "Content-Security-Policy" in answer.headers
    assert app.test_client().get("/login", base_url="http://office.example").status_code == 200


def test_a_host_that_cannot_be_one_is_400(client) -> None:
    assert client.get("/admin/", headers={"Host": "x" * 5000}).status_code == 400


def test_a_redirect_to_the_full_address_repeats_no_host(sign_in) -> None:
    client = sign_in("registrar")
    client.set_cookie("session", client.get_cookie("session").value, domain="evil.example")
    answer = client.get("/admin/students?search=a", base_url="http://evil.example")
    assert (answer.status_code, answer.location) == (308, "/admin/students/?search=a")
    assert "evil.example" not in answer.get_data(as_text=True)


def test_a_change_by_a_method_that_no_page_has_is_405_to_those_who_are_signed_in(sign_in) -> None:
    client = sign_in("registrar")
    assert [client.open(path, method="PUT").status_code for path in ("/admin/students/", "/admin/no/")] == [405, 404]


@pytest.fixture
def without_database(other_app, tmp_path) -> Flask:
    return other_app(DATABASE_URI=f"sqlite:///{tmp_path / 'missing' / 'nowhere.sqlite3'}")


def test_without_a_database_the_answer_is_503_and_when_to_try_again(without_database: Flask) -> None:
    client = without_database.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"] = "a token of some time ago"
    page = client.get("/login", headers={"Accept": "text/html"})
    signing_in = without_database.test_client()
    fields = hidden(signing_in.get("/login")) | {"username": "registrar", "password": "whatever it is"}
    for answer in (page, client.get("/admin/account/"), signing_in.post("/login", data=fields)):
        text = answer.get_data(as_text=True)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert [word for word in INSIDE if word in text] == []


def test_the_process_is_alive_but_not_ready_without_a_database(without_database: Flask) -> None:
    client = without_database.test_client()
    assert (client.get("/healthz").status_code, client.get("/healthz").json) == (200, {"status": "ok"})
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json == {
        "status": "failing",
        "database": "failing",
        "migrations": "failing",
        "cache": "ok",
        "jobs": "failing",
    }


def test_an_error_of_ours_is_500_with_words_only(other_app) -> None:
    app = other_app(MODE="demo")
    app.view_functions["entrance.sign_in"] = _broken
    answer = app.test_client().get("/login")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in text
    assert [word for word in (*INSIDE, "a secret detail") if word in text] == []
    assert "Content-Security-Policy" in answer.headers


def test_a_connection_that_is_cut_after_its_last_use_takes_no_answer_along(app: Flask) -> None:
    with app.app_context():
        db.session.execute(text("SELECT 1"))
        db.session.connection().connection.dbapi_connection.close()
    with app.app_context():
        assert db.session.scalar(text("SELECT 1")) == 1


def _broken() -> None:
    raise RuntimeError("a secret detail")


_broken.need = PUBLIC  # type: ignore[attr-defined]


def test_every_exception_that_werkzeug_knows_has_words_or_falls_back_on_some(app: Flask) -> None:
    for status in default_exceptions:
        if status >= 400:
            with app.test_request_context("/"):
                assert error_page(status).status_code == status


def test_a_typed_line_break_forges_no_line_of_the_log(app: Flask) -> None:
    record = logging.LogRecord("backoffice.events", logging.INFO, "", 0, "sign_in.failed", None, None)
    record.person, record.facts = 7, {"name": 'x\r\n{"event": "sign_in.ok"}'}
    with app.test_request_context("/login", environ_base={"REMOTE_ADDR": "192.0.2.1"}):
        line = JsonLines().format(record)
    assert "\n" not in line
    entry = json.loads(line)
    assert (entry["event"], entry["person"], entry["address"]) == ("sign_in.failed", 7, "192.0.2.1")
    assert entry["at"].endswith("+00:00")


def test_what_matters_to_an_auditor_is_logged(signed_in, app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "backoffice.events")
    client = signed_in("support")
    client.get("/admin/rights/")
    client.post("/admin/account/", data={"csrf_token": "forged"})
    client.post("/logout", data={"csrf_token": token(client)})
    events = [record.getMessage() for record in caplog.records if record.name == "backoffice.events"]
    assert events == ["sign_in.ok", "access.refused", "request.refused", "sign_out"]
    assert "orchid" not in caplog.text
