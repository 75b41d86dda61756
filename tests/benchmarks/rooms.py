"""All that is measured on one database."""

from __future__ import annotations

import tempfile

from flask import Flask
from flask.testing import FlaskClient

from backoffice.commands.server import settle
from tests import factories
from tests.benchmarks import changes, clients, dashboard, databases, files, forms, lists, minimal, pages, searches
from tests.benchmarks.measuring import Bench, Figure

ROOMS = {
    "pages": pages,
    "searches": searches,
    "forms": forms,
    "dashboard": dashboard,
    "lists": lists,
    "files": files,
    "clients": clients,
    "changes": changes,
}


def measured(uri: str, rooms: list[str]) -> list[Figure]:
    """Returns the figures of the rooms of these names; runs in a process of its own, which is set up as one that serves."""
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        app = databases.application(uri, folder)
        client = _signed_in(app)
        settle()
        bench = Bench(app, client, uri, minimal.bare(uri), minimal.floor(uri))
        for room in rooms:
            print(f"  {room} ...", flush=True)
            found += ROOMS[room].measure(bench)
    return found


def _signed_in(app: Flask) -> FlaskClient:
    with app.app_context():
        username = databases.administrator()
    client = app.test_client()
    token = factories.csrf_token(client.get("/login").get_data(as_text=True))
    client.post("/login", data={"username": username, "password": factories.PASSWORD, "csrf_token": token})
    return client
