"""Exports: the first byte, the whole file, and what it costs in memory, beside the bare SELECT of the table."""

from __future__ import annotations

import time
from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from backoffice.extensions import db
from tests.benchmarks.measuring import Figure, resident_megabytes

GRIDS = {"students": "student", "enrollments": "enrollment"}


def measure(app: Flask, client: FlaskClient) -> Iterator[Figure]:
    """Yields first byte and whole file of each grid and format."""
    for grid, table in GRIDS.items():
        floor = _bare(app, table)
        for kind in ("csv", "xlsx"):
            memory = resident_megabytes()
            start = time.perf_counter()
            response = client.get(f"/admin/{grid}/export/{kind}/", buffered=False)
            chunks = response.iter_encoded()
            next(chunks)
            first = (time.perf_counter() - start) * 1000
            for _ in chunks:
                pass
            whole = (time.perf_counter() - start) * 1000
            response.close()
            yield Figure(f"{grid} as {kind}: first byte", first, "ms", None, "200 ms" if kind == "csv" else "")
            yield Figure(f"{grid} as {kind}: whole file", whole, "ms", floor)
            yield Figure(f"{grid} as {kind}: memory grown by", max(resident_megabytes() - memory, 0), "MB")


def _bare(app: Flask, table: str) -> float:
    with app.app_context():
        start = time.perf_counter()
        for _ in db.session.execute(text(f"SELECT * FROM {table} ORDER BY id")).yield_per(1000):
            pass
        db.session.rollback()
        return (time.perf_counter() - start) * 1000
