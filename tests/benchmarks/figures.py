"""The dashboard: cold, and warm, when no SQL but the session's is left."""

from __future__ import annotations

import time
from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient

from backoffice.extensions import cache, db
from tests.benchmarks.measuring import Figure, counted, milliseconds


def measure(app: Flask, client: FlaskClient) -> Iterator[Figure]:
    """Yields the cold and the warm look."""
    with app.app_context():
        engine = db.engine
        cache.clear()
    start = time.perf_counter()
    with counted(engine) as statements:
        client.get("/admin/")
    yield Figure("/ (dashboard, cold)", (time.perf_counter() - start) * 1000, "ms", statements=len(statements))
    with counted(engine) as statements:
        client.get("/admin/")
    yield Figure(
        "/ (dashboard, warm)", milliseconds(lambda: client.get("/admin/")), "ms", None, "20 ms", len(statements)
    )
