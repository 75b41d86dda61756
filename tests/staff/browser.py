"""What the tests of the gate do again and again, as a browser would do it."""

from __future__ import annotations

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PASSWORD = "orchid tram ninety lanterns"


def token(client: FlaskClient) -> str:
    """Returns a token of this browser's session: from one's account, or from the sign-in page."""
    page = client.get("/admin/account/")
    return hidden(page if page.status_code == 200 else client.get("/login"))["csrf_token"]


def hidden(page: TestResponse) -> dict[str, str]:
    """Returns the hidden fields of a page by name."""
    inputs = re.findall(r"<input\b[^>]*type=\"hidden\"[^>]*>", page.get_data(as_text=True))
    return {_attribute(tag, "name"): _attribute(tag, "value") for tag in inputs}


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found.group(1)) if found else ""


def enter(client: FlaskClient, username: str, password: str = PASSWORD, **fields: str) -> TestResponse:
    """Sends the sign-in form."""
    page = client.get("/login")
    return client.post("/login", data={**hidden(page), "username": username, "password": password, **fields})


def cookie(client: FlaskClient) -> str:
    """Returns the value of the session cookie."""
    found = client.get_cookie("session")
    assert found is not None
    return found.value
