"""What a person wants of pages is kept on the server, for them alone and on every machine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.contracts.grids import post

PAGES = ("/admin/account/", "/admin/students/")


def ticked(client: FlaskClient) -> list[bool]:
    """Returns whether the box is ticked in the dialog of each page."""
    pages = [client.get(address).get_data(as_text=True) for address in PAGES]
    return [" checked data-shortcuts" in page for page in pages]


def test_single_keys_are_on_until_a_person_turns_them_off_for_themselves(sign_in: Callable[..., FlaskClient]) -> None:
    client, other = sign_in("read_only"), sign_in("read_only")
    before = ticked(client)

    answer = post(client, "/admin/account/keys/", {})

    assert (before, answer.location) == ([True, True], "/admin/account/")
    assert (ticked(client), ticked(other)) == ([False, False], [True, True])


@pytest.mark.parametrize("times", [1, 2])
def test_single_keys_are_turned_on_again(sign_in: Callable[..., FlaskClient], times: int) -> None:
    client = sign_in("registrar")
    post(client, "/admin/account/keys/", {})

    for _ in range(times):
        post(client, "/admin/account/keys/", {"single_keys": "1"})

    assert ticked(client) == [True, True]
