"""A change comes from a page of ours, of this session; and what was typed is never lost on the way."""

from __future__ import annotations

from datetime import timedelta

import html5lib
import pytest
from flask import Flask, request

from backoffice.core.clock import utcnow
from backoffice.core.web.gate import signed_in as for_staff
from backoffice.extensions import db
from backoffice.staff.models import StaffSession
from tests.staff.browser import PASSWORD, hidden, token

ADDRESS = "/admin/test-notes/"
TYPED = {"title": 'A "quoted" <b>title</b>', "text": "two\nlines", "tags": ["one", "two"]}


@pytest.fixture
def app(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application with a form of notes, which answers what it received."""
    if "test_notes" not in app.view_functions:
        app._got_first_request = False  # Flask adds no route to an application that has answered already
        app.add_url_rule(ADDRESS, "test_notes", for_staff(_receive), methods=["POST"])
    return app


def _receive() -> dict[str, object]:
    return request.form.to_dict(flat=False)


def test_a_form_with_the_token_of_its_session_is_accepted(signed_in) -> None:
    client = signed_in("registrar")
    answer = client.post(ADDRESS, data={**TYPED, "csrf_token": token(client)})
    assert answer.status_code == 200
    assert answer.json["tags"] == ["one", "two"]


@pytest.mark.parametrize("bad", ["", "forged", "e30.aaaaaa.bbbbbb"])
def test_a_missing_or_forged_token_is_answered_by_a_page_that_keeps_what_was_typed(signed_in, bad: str) -> None:
    client = signed_in("registrar")
    refused = client.post(ADDRESS + "?page=2", data={**TYPED, "password": "a secret", "csrf_token": bad})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 400
    assert f'action="{ADDRESS}?page=2"' in page
    assert "<b>title</b>" not in page
    assert "a secret" not in page
    again = client.post(ADDRESS, data=_all_hidden(page))
    assert {name: again.json[name] for name in ("title", "text", "tags")} == {
        "title": [TYPED["title"]],
        "text": ["two\r\nlines"] if "\r" in again.json["text"][0] else ["two\nlines"],
        "tags": ["one", "two"],
    }


@pytest.mark.parametrize("kept", ['[["name", "\\ud800"]]', '[["\\udc00", "x"]]', "[" * 100_000, "{}", '[["a"]]'])
def test_a_kept_form_that_was_made_up_is_forgotten(client, kept: str) -> None:
    fields = {
        "username": "nobody",
        "password": "wrong",
        "kept": kept,
        "kept_for": "/admin/",
        "csrf_token": token(client),
    }
    answer = client.post("/login", data=fields)
    assert answer.status_code == 401
    assert "\ud800" not in answer.get_data(as_text=True)


def test_the_token_of_another_person_is_refused(signed_in) -> None:
    one, other = signed_in("registrar"), signed_in("finance")
    assert one.post(ADDRESS, data={**TYPED, "csrf_token": token(other)}).status_code == 400


@pytest.mark.parametrize(
    "header",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_is_refused_even_with_a_good_token_and_offered_no_retry(signed_in, header: dict[str, str]) -> None:
    client = signed_in("registrar")
    answer = client.post(ADDRESS, data={**TYPED, "csrf_token": token(client)}, headers=header)
    assert answer.status_code == 403
    assert "another website" in answer.get_data(as_text=True)
    assert ADDRESS not in answer.get_data(as_text=True)


@pytest.mark.parametrize("header", [{"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}])
def test_our_own_pages_are_accepted(signed_in, header: dict[str, str]) -> None:
    client = signed_in("registrar")
    assert client.post(ADDRESS, data={"csrf_token": token(client)}, headers=header).status_code == 200


def test_under_tls_a_page_fetched_without_it_is_refused(signed_in) -> None:
    client = signed_in("registrar")
    headers = {"Origin": "http://localhost", "Referer": "https://localhost/admin/"}
    answer = client.post(ADDRESS, data={"csrf_token": token(client)}, headers=headers, base_url="https://localhost")
    assert answer.status_code == 403


def test_under_tls_a_browser_that_sends_no_referer_is_accepted(signed_in) -> None:
    client = signed_in("registrar")
    data = {"csrf_token": token(client)}
    answer = client.post(ADDRESS, data=data, headers={"Origin": "https://localhost"}, base_url="https://localhost")
    assert answer.status_code == 200


def test_an_old_sign_in_page_asks_again_and_keeps_the_name(client) -> None:
    answer = client.post("/login", data={"username": "registrar", "password": PASSWORD, "csrf_token": "old"})
    assert answer.status_code == 400
    assert 'value="registrar"' in answer.get_data(as_text=True)
    assert PASSWORD not in answer.get_data(as_text=True)


def test_a_form_that_met_an_ended_session_is_kept_through_signing_in_again(signed_in, app: Flask) -> None:
    client = signed_in("registrar")
    fields = {**TYPED, "csrf_token": token(client)}
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(StaffSession.__table__.update().values(last_seen_at=utcnow() - timedelta(hours=1)))
    stopped = client.post(ADDRESS + "?page=2", data=fields)
    assert stopped.status_code == 401
    assert "Sign in and try again" in stopped.get_data(as_text=True)
    wrong = client.post("/login", data={**hidden(stopped), "username": "registrar", "password": "wrong password"})
    back = client.post("/login", data={**hidden(wrong), "username": "registrar", "password": PASSWORD})
    page = back.get_data(as_text=True)
    assert back.status_code == 200
    assert f'action="{ADDRESS}?page=2"' in page
    sent = client.post(ADDRESS, data=_all_hidden(page)).json
    assert (sent["title"], sent["tags"]) == ([TYPED["title"]], ["one", "two"])


def test_a_kept_form_is_never_sent_to_another_site(client, account) -> None:
    account("registrar")
    fields = hidden(client.get("/login")) | {"kept": '[["a", "b"]]', "kept_for": "//evil.example/"}
    page = client.post("/login", data={**fields, "username": "registrar", "password": PASSWORD})
    assert "evil.example" not in page.get_data(as_text=True)


@pytest.mark.parametrize("kept", ["{", "7", '[["a"]]', '[["a", 1]]', "[" * 5000])
def test_a_spoiled_kept_form_is_left_aside(client, account, kept: str) -> None:
    account("registrar")
    fields = hidden(client.get("/login")) | {"kept": kept, "kept_for": ADDRESS}
    answer = client.post("/login", data={**fields, "username": "registrar", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (302, "/admin/")


def test_a_stranger_who_sends_a_form_is_led_to_the_sign_in_page(client) -> None:
    answer = client.post(ADDRESS, data=TYPED)
    assert (answer.status_code, answer.location) == (302, "/login?next=/admin/")


def _all_hidden(page: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    main = next(html5lib.parse(page, namespaceHTMLElements=False).iter("main"))
    for control in main.iter("input"):
        if control.get("type") == "hidden":
            fields.setdefault(control.get("name"), []).append(control.get("value"))
    return fields
