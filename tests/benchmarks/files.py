"""Exports of students: first byte, throughput beside the database's own CSV, and what they cost in memory."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import create_engine, make_url

from tests.benchmarks.measuring import Bench, Figure, resident_megabytes, timed

COLUMNS = "student_number, full_name, email, status, city, country_code, date_of_birth, phone"
XLSX_ROWS = 200_000


def measure(bench: Bench) -> Iterator[Figure]:
    """Yields the figures of both formats."""
    before = resident_megabytes()
    usual, _, _ = _exported(bench, "/admin/students/export/csv/")
    first, whole, size = _exported(bench, f"/admin/students/export/csv/?sort=id&columns={COLUMNS.replace(' ', '')}")
    own, own_size = _by_the_database(bench.uri)
    speed, fastest = size / whole / 1000, own_size / own / 1000
    yield Figure("students as csv, as the grid shows them: first byte", usual, "ms", "200 ms")
    yield Figure("students as csv, the same columns in the same order: first byte", first, "ms", "200 ms")
    yield Figure("students as csv: whole file", whole, "ms", "", own)
    yield Figure("students as csv: throughput", speed, "MBs", "0.5x the database's own", fastest)
    yield Figure("students as csv: of the database's own", speed / fastest, "x", "0.5")
    yield Figure("students as csv: memory grown by", max(resident_megabytes() - before, 0), "MB", "150 MB in all")
    _, whole, _ = _exported(bench, f"/admin/students/export/xlsx/?search=id<={XLSX_ROWS}")
    yield Figure("200,000 students as xlsx: whole file", whole, "ms", "20,000 ms")
    yield Figure("memory of the process after it", resident_megabytes(), "MB", "200 MB")


def _exported(bench: Bench, address: str) -> tuple[float, float, int]:
    """Returns the milliseconds to the first byte and to the last, and the size in bytes."""
    start = time.perf_counter()
    response = bench.client.get(address, buffered=False)
    assert response.status_code == 200, (address, response.status_code)
    chunks = response.iter_encoded()
    size = len(next(chunks))
    first = (time.perf_counter() - start) * 1000
    size += sum(map(len, chunks))
    whole = (time.perf_counter() - start) * 1000
    response.close()
    return first, whole, size


def _by_the_database(uri: str) -> tuple[float, int]:
    """Returns milliseconds and bytes of the database's own CSV of students: COPY, or the sqlite3 shell."""
    query = f"SELECT {COLUMNS} FROM student ORDER BY id"
    if make_url(uri).get_backend_name() == "postgresql":
        return timed(lambda: _copied(uri, query))
    shell = shutil.which("sqlite3") or "sqlite3"
    command = [shell, "-csv", make_url(uri).database or "", query]
    return timed(lambda: len(subprocess.run(command, capture_output=True, check=True).stdout))


def _copied(uri: str, query: str) -> int:
    engine = create_engine(uri)
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as copy:
            size = sum(len(chunk) for chunk in copy)
    engine.dispose()
    return size
