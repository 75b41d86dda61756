"""Eight clients at once on the first page, for 30 seconds: the served product beside the served minimal view."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlencode

from backoffice.config import PREFIX
from tests import factories
from tests.benchmarks.databases import SECRET, administrator
from tests.benchmarks.measuring import Bench, Figure, resident_megabytes

CLIENTS = 8
SECONDS = 30
READY_SECONDS = 60


@dataclass
class Tally:
    """What the clients saw: milliseconds of each answer, and how many were not 200."""

    taken: list[float] = field(default_factory=list)
    errors: int = 0


def measure(bench: Bench) -> Iterator[Figure]:
    """Yields pages a second, errors, the slowest answers and memory."""
    with _served([sys.executable, "-m", "tests.benchmarks.minimal", bench.uri], {}) as (port, _):
        floor = _load(port, "/students/", "")
    with tempfile.TemporaryDirectory() as folder, _served(*_product(bench.uri, folder)) as (port, process):
        cookie = _signed_in(port, bench)
        _load(port, "/admin/students/?page_size=50", cookie, 2)
        before = resident_megabytes(process)
        ours = _load(port, "/admin/students/?page_size=50", cookie)
        after = resident_megabytes(process)
    fastest, speed = len(floor.taken) / SECONDS, len(ours.taken) / SECONDS
    median, last = statistics.median(ours.taken), statistics.quantiles(ours.taken, n=100)[98]
    yield Figure("8 clients: pages a second", speed, "1/s", "a fifth of the view's", None, fastest)
    yield Figure("8 clients: of the view's", speed / fastest, "x", "0.2")
    yield Figure("8 clients: errors", ours.errors, "", "0")
    yield Figure("8 clients: median", median, "ms")
    yield Figure("8 clients: p99 by median", last / median, "x", "6")
    yield Figure("8 clients: memory of the server before", before, "MB", "200 MB")
    yield Figure("8 clients: memory of the server after", after, "MB", "200 MB, flat")


def _product(uri: str, folder: str) -> tuple[list[str], dict[str, str]]:
    settings = {"SECRET_KEY": SECRET, "DATABASE_URI": uri, "INSTANCE_PATH": folder, "HTTPS": "0"}
    return [sys.executable, "manage.py", "serve", "--port"], {PREFIX + name: value for name, value in settings.items()}


@contextmanager
def _served(command: list[str], environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Serves by a process of its own, and yields its port and number."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*command, str(port)], env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"nothing serves on port {port}")


def _signed_in(port: int, bench: Bench) -> str:
    """Returns the cookie of a new administrator's session."""
    with bench.app.app_context():
        username = administrator()
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/login")
    answer = connection.getresponse()
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    token = factories.csrf_token(answer.read().decode())
    fields = {"username": username, "password": factories.PASSWORD, "csrf_token": token}
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/login", urlencode(fields), headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 302, answer.status
    return (answer.getheader("Set-Cookie") or cookie).partition(";")[0]


def _load(port: int, address: str, cookie: str, seconds: float = SECONDS) -> Tally:
    tally, until = Tally(), time.monotonic() + seconds
    threads = [threading.Thread(target=_client, args=(port, address, cookie, until, tally)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def _client(port: int, address: str, cookie: str, until: float, tally: Tally) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    while time.monotonic() < until:
        start = time.perf_counter()
        connection.request("GET", address, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        tally.taken.append((time.perf_counter() - start) * 1000)
        tally.errors += answer.status != 200
