"""How often somebody may fail to sign in."""

from __future__ import annotations

import re
import time

import pytest
from flask import Flask

from tests.staff.browser import PASSWORD, enter

WRONG = "wrong password"


@pytest.fixture
def limited(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application with small allowances: 3 per account, 6 per address."""
    monkeypatch.setitem(app.config, "SIGN_IN_PER_ACCOUNT", "3 per 15 minutes")
    monkeypatch.setitem(app.config, "SIGN_IN_PER_ADDRESS", "6 per 15 minutes")
    return app


def from_address(app: Flask, address: str, name: str, password: str = WRONG, **headers: str) -> int:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    for header, value in headers.items():
        client.environ_base[f"HTTP_{header}"] = value
    return enter(client, name, password).status_code


def test_an_account_may_be_tried_a_few_times_then_the_answer_says_when_to_come_back(limited: Flask, account) -> None:
    account("registrar")
    client = limited.test_client()
    assert [enter(client, "registrar", WRONG).status_code for _ in range(3)] == [401] * 3
    answer = enter(client, "registrar")
    assert answer.status_code == 429
    assert 840 <= int(answer.headers["Retry-After"]) <= 900
    assert re.search(
        r"Too many attempts\. Wait 15 minutes and try again after \d\d:\d\d\.", answer.get_data(as_text=True)
    )


def test_both_names_of_an_account_share_one_allowance(limited: Flask, account) -> None:
    account("registrar")
    names = ["registrar", "registrar@example.org", "REGISTRAR", "registrar"]
    assert [from_address(limited, "10.0.0.1", name) for name in names] == [401, 401, 401, 429]


def test_an_account_is_tried_from_many_addresses_on_one_allowance(limited: Flask, account) -> None:
    account("registrar")
    tries = [from_address(limited, f"10.0.0.{number}", "registrar") for number in range(1, 6)]
    assert tries == [401, 401, 401, 429, 429]


def test_an_unknown_name_is_throttled_like_a_known_one(limited: Flask) -> None:
    assert [from_address(limited, "10.0.0.1", "nobody") for _ in range(4)] == [401, 401, 401, 429]


def test_an_address_that_tries_many_accounts_has_an_allowance_too(limited: Flask) -> None:
    tries = [from_address(limited, "10.0.0.1", f"nobody{number}") for number in range(8)]
    assert tries == [401] * 6 + [429] * 2
    assert from_address(limited, "10.0.0.2", "nobody9") == 401


def test_one_ipv6_network_counts_as_one_address(limited: Flask) -> None:
    tries = [from_address(limited, f"2001:db8::{number}", f"nobody{number}") for number in range(8)]
    assert tries == [401] * 6 + [429] * 2


def test_a_made_up_forwarding_header_buys_no_further_attempts(limited: Flask) -> None:
    tries = [
        from_address(limited, "10.0.0.1", f"nobody{number}", X_FORWARDED_FOR=f"192.0.2.{number}", FORWARDED=f"for=192.0.2.{number}")
        for number in range(8)
    ]  # fmt: skip
    assert tries == [401] * 6 + [429] * 2


def test_behind_a_trusted_proxy_the_address_that_it_names_counts(other_app) -> None:
    app = other_app(PROXIES=1, SIGN_IN_PER_ADDRESS="2 per 15 minutes")
    client_made, proxy_made = "198.51.100.{}, 192.0.2.7", "198.51.100.{}"
    same = [from_address(app, "127.0.0.1", f"a{n}", X_FORWARDED_FOR=client_made.format(n)) for n in range(4)]
    different = [from_address(app, "127.0.0.1", f"b{n}", X_FORWARDED_FOR=proxy_made.format(n)) for n in range(4)]
    assert same == [401, 401, 429, 429]
    assert different == [401] * 4


def test_signing_in_costs_nothing(limited: Flask, account) -> None:
    account("registrar")
    assert [from_address(limited, "10.0.0.1", "registrar", PASSWORD) for _ in range(10)] == [302] * 10


def test_a_stranger_cannot_lock_the_owner_out(limited: Flask, account) -> None:
    account("registrar")
    assert from_address(limited, "10.0.0.1", "registrar", PASSWORD) == 302
    strangers = [from_address(limited, f"192.0.2.{number}", "registrar") for number in range(6)]
    assert strangers == [401, 401, 401, 429, 429, 429]
    assert from_address(limited, "10.0.0.1", "registrar", PASSWORD) == 302


def test_the_allowance_comes_back(limited: Flask, account, monkeypatch: pytest.MonkeyPatch) -> None:
    account("registrar")
    monkeypatch.setitem(limited.config, "SIGN_IN_PER_ACCOUNT", "1 per 2 seconds")
    assert [from_address(limited, "10.0.0.1", "registrar") for _ in range(2)] == [401, 429]
    time.sleep(2.1)
    assert from_address(limited, "10.0.0.1", "registrar", PASSWORD) == 302


def test_guessing_the_current_password_of_an_open_session_is_throttled(limited: Flask, signed_in) -> None:
    client = signed_in("registrar")
    page = client.get("/admin/account/").get_data(as_text=True)
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)
    fields = {"csrf_token": csrf.group(1), "current_password": "guess", "new_password": "x", "repeated": "x"}
    assert [client.post("/admin/account/", data=fields).status_code for _ in range(4)] == [401, 401, 401, 429]


def test_without_its_storage_the_throttle_counts_in_memory(other_app) -> None:
    app = other_app(REDIS_URL="redis://127.0.0.1:1/0", SIGN_IN_PER_ACCOUNT="3 per 15 minutes")
    assert [from_address(app, "10.0.0.1", "nobody") for _ in range(4)] == [401, 401, 401, 429]
