"""What browsers are told with every answer."""

from __future__ import annotations

import pytest

from tests.staff.browser import enter

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ADDRESSES = ["/", "/login", "/admin/", "/nothing", "/healthz", "/static/css/app.css", "/static/nothing.css"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_forbids_what_is_not_ours(client, address: str) -> None:
    with client.get(address) as answer:
        headers = answer.headers
    assert {name: headers.get(name) for name in ALWAYS} == ALWAYS
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == policy["default-src"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in headers


def test_pages_are_kept_by_nobody(client, account) -> None:
    account("admin")
    enter(client, "admin")
    answers = [client.get(address) for address in ("/admin/account/", "/admin/rights/", "/admin/nothing", "/login")]
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}


def test_files_asked_for_by_their_hash_are_kept_for_a_year(client) -> None:
    with client.get("/static/css/app.css?v=0123456789ab") as hashed, client.get("/static/css/app.css") as plain:
        assert "max-age=31536000" in hashed.headers["Cache-Control"]
        assert "max-age=31536000" not in plain.headers.get("Cache-Control", "")


def test_tls_is_asked_for_by_whoever_came_by_tls(client) -> None:
    assert "Strict-Transport-Security" not in client.get("/login").headers
    header = client.get("/login", base_url="https://localhost").headers["Strict-Transport-Security"]
    assert header == "max-age=63072000; includeSubDomains"


def test_the_server_and_its_version_are_not_named(client) -> None:
    assert "Server" not in client.get("/login").headers
