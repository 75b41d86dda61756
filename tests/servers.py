"""Processes that serve for tests: a port for them, when they are ready, and whom they keep beside them."""

from __future__ import annotations

import socket
import subprocess
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path


def free_port() -> int:
    """Returns a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path, seconds: float) -> None:
    """Waits until `process` answers at `port`; fails with its log where it ends, or takes longer than `seconds`."""
    deadline = time.monotonic() + seconds
    while not _answers(port):
        assert process.poll() is None, f"The server did not start:\n{log.read_text()}"
        assert time.monotonic() < deadline, f"The server was not ready in {seconds} s:\n{log.read_text()}"
        time.sleep(0.05)


def children(pid: int) -> dict[int, str]:
    """Returns what a process keeps beside itself: number -> command line.

    From the kernel, not from `ps`: that cuts a command line off where COLUMNS is set.
    """
    listed = (task.read_text().split() for task in Path(f"/proc/{pid}/task").glob("*/children"))
    return {int(number): _command_line(number) for numbers in listed for number in numbers}


def _command_line(number: str) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ").strip()
    except (FileNotFoundError, ProcessLookupError):  # it has just ended
        return ""


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
