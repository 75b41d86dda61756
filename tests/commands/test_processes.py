"""Several web processes behind one address: one may die, all end together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.servers import children, free_port

ROOT = Path(__file__).parents[2]
MANAGE = (sys.executable, str(ROOT / "manage.py"))
WAIT_SECONDS = 60


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of an installation with empty tables."""
    folder = tmp_path_factory.mktemp("processes")
    settings = os.environ | {
        "BACKOFFICE_INSTANCE_PATH": str(folder),
        "BACKOFFICE_DATABASE_URI": f"sqlite:///{folder / 'own.sqlite3'}",
        "BACKOFFICE_SECRET_KEY": "only-for-tests-0123456789-ABCDEFGHIJ",
    }
    subprocess.run([*MANAGE, "db", "upgrade"], env=settings, check=True, capture_output=True)
    return settings


@pytest.fixture
def server(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [*MANAGE, "serve", "--port", str(port), "--processes", "2"], env=environment, stdout=subprocess.PIPE
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith(b"Serving")
            assert until(lambda: len(others(process.pid)) == 1), children(process.pid)
            yield process
        finally:
            process.kill()


def others(pid: int) -> list[int]:
    """Returns the web processes that `pid` keeps beside itself."""
    return [number for number, command in children(pid).items() if "serve --socket" in command]


def until(is_so: Callable[[], bool]) -> bool:
    """Waits until it is so; says whether it ever was."""
    end = time.monotonic() + WAIT_SECONDS
    while not is_so() and time.monotonic() < end:
        time.sleep(0.1)
    return is_so()


def answers(port: int) -> int:
    with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
        return int(answer.status)


def test_a_web_process_that_dies_is_missed_by_nobody_and_begun_again(server, port: int) -> None:
    (first,) = others(server.pid)

    os.kill(first, signal.SIGKILL)
    statuses = {answers(port) for _ in range(20)}

    assert statuses == {200}
    assert until(lambda: others(server.pid) not in ([], [first]))


def test_all_web_processes_stop_together(server, port: int) -> None:
    (other,) = others(server.pid)

    server.send_signal(signal.SIGTERM)

    assert server.wait(timeout=WAIT_SECONDS) == 0
    assert not Path(f"/proc/{other}").exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_no_web_process_outlives_a_parent_that_was_killed(server, port: int) -> None:
    (other,) = others(server.pid)

    server.kill()
    server.wait()

    assert until(lambda: not Path(f"/proc/{other}").exists())
