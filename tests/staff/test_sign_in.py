"""Signing in and out, as a browser and as an attacker would do it."""

from __future__ import annotations

import time

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.staff.browser import PASSWORD, cookie, enter, hidden, token
from tests.staff.conftest import alter


def test_the_sign_in_page_is_labelled_for_people_and_password_managers(client: FlaskClient) -> None:
    page = client.get("/login").get_data(as_text=True)
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    labels = {label.get("for"): label.text for label in tree.iter("label")}
    controls = {control.get("name"): control for control in tree.iter("input")}
    assert {labels[controls[name].get("id")] for name in ("username", "password")} == {"Username or email", "Password"}
    assert controls["username"].get("autocomplete") == "username"
    assert controls["password"].get("autocomplete") == "current-password"
    assert controls["password"].get("maxlength") is None
    assert [button.text.strip() for button in tree.iter("button") if button.get("type") == "submit"] == ["Sign in"]


@pytest.mark.parametrize("name", ["registrar", "registrar@example.org", "Registrar@EXAMPLE.org", " REGISTRAR "])
def test_people_sign_in_by_username_or_address_in_any_case(client: FlaskClient, account, name: str) -> None:
    account("registrar")
    answer = enter(client, name)
    assert (answer.status_code, answer.location) == (302, "/admin/")
    assert client.get("/admin/account/").status_code == 200


def test_a_wrong_password_an_unknown_name_and_a_closed_account_get_the_same_answer(client, app, account) -> None:
    account("registrar")
    alter(app, account("support"), is_active=False)
    alter(app, account("finance"), hash="no hash")
    answers = [
        enter(client, "registrar", "wrong password"),
        enter(client, "nobody"),
        enter(client, "support"),
        enter(client, "finance"),
    ]
    pages = {_without_what_was_typed(answer.get_data(as_text=True)) for answer in answers}
    assert [answer.status_code for answer in answers] == [401] * 4
    assert len(pages) == 1


def _without_what_was_typed(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line and 'name="username"' not in line)


def test_an_unknown_name_costs_the_hashing_of_a_password_as_well(client: FlaskClient, app: Flask, account) -> None:
    account("registrar")
    fields = hidden(client.get("/login")) | {"password": "wrong password"}
    known = [_seconds(client, fields | {"username": "registrar"}) for _ in range(4)]
    unknown = [_seconds(client, fields | {"username": f"nobody{number}"}) for number in range(4)]
    assert min(unknown) > 0.5 * min(known)


def _seconds(client: FlaskClient, fields: dict[str, str]) -> float:
    before = time.process_time()
    assert client.post("/login", data=fields).status_code == 401
    return time.process_time() - before


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "a\0b",
        "\0",
        "x" * 100_000,
        "\u202egnp.exe",
        "ｒｅｇｉｓｔｒａｒ' OR 1=1 --",
        "%",
        "_",
        "\ud83d",
        "🦊" * 300,
    ],
)
def test_no_name_however_strange_breaks_the_sign_in(client: FlaskClient, account, name: str) -> None:
    account("registrar")
    fields = hidden(client.get("/login")) | {"password": "a\0b"}
    answer = client.post("/login", data={**fields, "username": name.encode("utf-8", "surrogatepass")})
    assert answer.status_code == 401


def test_full_width_letters_are_the_same_name(client: FlaskClient, account) -> None:
    account("registrar")
    assert enter(client, "ｒｅｇｉｓｔｒａｒ").status_code == 302


def test_the_password_is_never_sent_back(client: FlaskClient, account) -> None:
    account("registrar")
    answer = enter(client, "registrar", "a wrong but secret password")
    assert "a wrong but secret password" not in answer.get_data(as_text=True)
    assert 'value="registrar"' in answer.get_data(as_text=True)


def test_signing_in_leads_back_to_where_one_wanted_to_go(client: FlaskClient, account) -> None:
    account("admin")
    sent_away = client.get("/admin/rights/?search=a%20b&page=2")
    assert sent_away.location == "/login?next=/admin/rights/?search%3Da%2520b%26page%3D2"
    page = client.get(sent_away.location)
    wrong = client.post("/login", data={**hidden(page), "username": "admin", "password": "wrong password"})
    right = client.post("/login", data={**hidden(wrong), "username": "admin", "password": PASSWORD})
    assert (right.status_code, right.location) == (302, "/admin/rights/?search=a%20b&page=2")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/%0d\n/evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "http:evil.example",
        " //evil.example",
        "///evil.example",
        "/..//evil.example",
        "/admin/..",
        "/login",
        "/logout",
        "",
    ],
)
def test_next_never_leads_to_another_site(client: FlaskClient, account, target: str) -> None:
    account("registrar")
    assert enter(client, "registrar", next=target).location == "/admin/"
    assert client.get("/login", query_string={"next": target}).location == "/admin/"


def test_a_cookie_from_before_never_becomes_signed_in(client: FlaskClient, app: Flask, account) -> None:
    account("registrar")
    client.get("/login")
    before = cookie(client)
    assert enter(client, "registrar").status_code == 302
    stranger = app.test_client()
    stranger.set_cookie("session", before)
    assert cookie(client) != before
    assert stranger.get("/admin/account/").status_code == 302


def test_signing_out_kills_the_session_on_the_server(signed_in, app: Flask) -> None:
    client = signed_in("registrar")
    stolen = cookie(client)
    answer = client.post("/logout", data={"csrf_token": token(client)})
    assert (answer.status_code, answer.location) == (302, "/login")
    thief = app.test_client()
    thief.set_cookie("session", stolen)
    assert thief.get("/admin/account/").location == "/login?next=/admin/account/"
    assert "You are signed out." in client.get("/login").get_data(as_text=True)


def test_signing_out_is_not_done_by_a_link(signed_in) -> None:
    client = signed_in("registrar")
    assert client.get("/logout").status_code == 405
    assert client.get("/admin/account/").status_code == 200


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient, account) -> None:
    account("registrar")
    client.get("/login")
    enter(client, "registrar")
    found = client.get_cookie("session")
    assert (found.http_only, found.same_site, found.path, found.domain) == (True, "Lax", "/", "localhost")


def test_in_production_the_cookie_is_bound_to_this_host_and_to_tls(other_app) -> None:
    app = other_app(MODE="production", SECRET_KEY="0123456789abcdef0123456789abcdefgh")
    header = app.test_client().get("/login", base_url="https://localhost/").headers["Set-Cookie"]
    name, _, flags = header.partition("=")
    assert name == "__Host-session"
    assert {flag.strip() for flag in flags.split(";")} >= {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert "Domain" not in flags
