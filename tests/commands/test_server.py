"""What the server does around requests: it ends what it began, and waits for nobody for ever."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.servers import free_port

SCRIPT = "tests.commands.serve_slowly"
ROOT = Path(__file__).parents[2]
ARRIVING_SECONDS = 2


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def server(port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", SCRIPT, str(port), str(ARRIVING_SECONDS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def test_a_request_under_way_is_answered_whole_after_the_signal_to_stop(server, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)), closing(HTTPConnection("127.0.0.1", port, timeout=10)) as busy:
        busy.request("GET", "/")
        assert server.stdout.readline() == "begun\n"

        server.send_signal(signal.SIGTERM)
        with busy.getresponse() as answer:
            assert (answer.status, len(answer.read())) == (200, 1_000_000)

    assert server.wait(timeout=10) == 0
    assert server.stdout.read() == "stopped\n"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_a_body_that_is_announced_too_large_is_refused_before_it_is_sent(server, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000000\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_request_that_does_not_arrive_is_given_up_and_holds_nobody_up(server, port: int) -> None:
    begun = time.monotonic()
    with ExitStack() as opened:
        drips = [opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10)) for _ in range(120)]
        for drip in drips:
            drip.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nx")

        other = opened.enter_context(closing(HTTPConnection("127.0.0.1", port, timeout=10)))
        other.request("GET", "/")

        with other.getresponse() as answer:
            assert answer.status == 200
        assert [drip.recv(1) for drip in drips] == [b""] * 120
    assert time.monotonic() - begun < ARRIVING_SECONDS + 5
