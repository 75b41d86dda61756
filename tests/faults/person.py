"""A member of staff at a browser: signs in, reviews, applies and undoes by the forms of the pages."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass
from html import unescape
from http.client import HTTPException
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from tests.contracts.grids import hidden_inputs
from tests.factories import csrf_token

PASSWORD = "clear water under old bridges"
WAITS = 60.0  # seconds, for an answer

Fields = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the browser shows: where redirects led, the status, the page."""

    address: str
    status: int
    text: str
    headers: dict[str, str]

    def json(self) -> dict[str, object]:
        """The answer as a script reads it."""
        return json.loads(self.text)

    @property
    def words(self) -> str:
        """The text of the page's main part, without markup."""
        main = self.text.partition("<main")[2] or self.text
        return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", "<main" + main)))


class Person:
    """One browser, with its cookies."""

    def __init__(self, port: int) -> None:
        self._root = f"http://127.0.0.1:{port}"
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))
        self._token = ""

    def sign_in(self, username: str = "ada") -> None:
        """Signs in by the form."""
        token = csrf_token(self.get("/login").text)
        answer = self._open("/login", {"username": username, "password": PASSWORD, "csrf_token": token})
        assert answer.status == 200, answer.words
        self._token = csrf_token(answer.text)

    def get(self, address: str) -> Answer:
        """Opens a page."""
        return self._open(address)

    def send(self, address: str, fields: Fields) -> Answer:
        """Sends a form."""
        return self._open(address, {"csrf_token": self._token, **fields})

    def review(self, grid: str, search: str, **fields: str) -> Fields:
        """Reviews a change of all that match, and returns what its button would send."""
        answer = self.send(f"/admin/{grid}/action/?search={search}", {"all": "1", "action": "review", **fields})
        assert answer.status == 200, answer.words
        return {**hidden_inputs(answer.text), "action": "apply"}

    def apply(self, grid: str, reviewed: Fields) -> Answer:
        """Presses the review's button."""
        return self.send(f"/admin/{grid}/action/", reviewed)

    def undo(self, operation: int) -> Answer:
        """Presses "Undo" of an operation."""
        return self.send(f"/admin/operations/undo/?id={operation}", {})

    def _open(self, address: str, fields: Fields | None = None) -> Answer:
        data = urlencode(fields, doseq=True).encode() if fields is not None else None
        request = Request(self._root + address, data, {"Accept": "text/html"})  # noqa: S310 http alone
        try:
            with self._opener.open(request, timeout=WAITS) as response:
                return _read(response)
        except HTTPError as refused:
            with refused:
                return _read(refused)


def _read(response: Any) -> Answer:
    return Answer(response.geturl(), response.status, response.read().decode(), dict(response.headers))


class Sending(threading.Thread):
    """A form on its way; the server may be gone before it answers."""

    def __init__(self, send: Any, *arguments: Any) -> None:
        super().__init__()
        self._send = lambda: send(*arguments)
        self.answer: Answer | None = None
        self.start()

    def run(self) -> None:
        try:
            self.answer = self._send()
        except (OSError, HTTPException):
            self.answer = None  # the connection was cut
