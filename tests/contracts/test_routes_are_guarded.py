"""Deny by default: an endpoint that says nothing about who may call it is called by nobody."""

from __future__ import annotations

import pytest
from flask import Flask

from backoffice.core import access
from backoffice.core.access import SYSTEM
from backoffice.core.web.gate import PUBLIC, Need, need_of
from tests.contracts.routes import routes

OPEN = {
    "bootstrap.static",
    "brand.logo",
    "brand.style",
    "entrance.home",
    "entrance.sign_in",
    "entrance.sign_out",
    "health.alive",
    "health.ready",
    "static",
}


def test_every_endpoint_declares_its_right(app: Flask) -> None:
    assert sorted(endpoint for endpoint in app.view_functions if need_of(app, endpoint) is None) == []


def test_only_sign_in_health_and_files_are_open_to_strangers(app: Flask) -> None:
    assert {endpoint for endpoint in app.view_functions if need_of(app, endpoint) == PUBLIC} == OPEN


def test_an_endpoint_without_a_right_is_refused_even_to_an_administrator(app: Flask, sign_in, monkeypatch) -> None:
    client = sign_in("admin")
    monkeypatch.setitem(app.view_functions, "health.alive", lambda: "nobody said who may read this")
    answer = client.get("/healthz")
    assert answer.status_code == 403
    assert "nobody said" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("data", [{}, {"csrf_token": "forged", "id": "1"}])
def test_a_stranger_is_led_to_the_sign_in_page_from_every_address_under_admin(app: Flask, client, data) -> None:
    wrong = [
        (route.method, route.address, answer.status_code, answer.location)
        for route in routes(app)
        if route.address.startswith("/admin/")
        for answer in [client.open(route.address, method=route.method, data=data if route.method != "GET" else None)]
        if answer.status_code != 302 or not (answer.location or "").startswith("/login?next=/admin/")
    ]
    assert wrong == []


@pytest.mark.parametrize("address", ["/admin/nothing", "/admin/students/nothing/?a=b", "/admin"])
def test_a_stranger_does_not_learn_which_addresses_exist(client, address: str) -> None:
    assert client.get(address).location.startswith("/login?next=/admin")


def test_every_change_asks_for_a_token_of_the_session(app: Flask, sign_in) -> None:
    client = sign_in("admin")
    answers = {
        route: client.open(route.address, method=route.method, data={"id": "1", "url": "/admin/"}).status_code
        for route in routes(app)
        if route.method != "GET" and may(need_of(app, route.endpoint))
    }
    assert len(answers) > 50
    assert {route: status for route, status in answers.items() if status != 400} == {}


def may(need: Need | None) -> bool:
    """Says whether an administrator may call what asks for `need`, where strangers may not."""
    if need is None or need == PUBLIC:
        return False
    return need.model is None or need.verb is None or access.may(SYSTEM, need.verb, need.model)
