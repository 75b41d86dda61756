"""The server behind `serve` and `demo`: Waitress with our limits. Told to stop, it first ends what it has begun."""

from __future__ import annotations

import gc
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import click
from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server

THREADS = 8
CONNECTIONS = 500  # at once; slow clients hold one each, but no thread
LOOK_SECONDS = 1.0  # how often connections are looked at when nothing happens
ARRIVING_SECONDS = 60  # how long one request may take to arrive
READING_SECONDS = 0.2
FINISHING_SECONDS = 20  # how long requests may go on after a signal to stop
YOUNG_OBJECTS = 10_000  # a page makes some thousands, nearly all of which go when it is done: looked through once a page, not ten times


def listen(host: str, port: int) -> socket.socket:
    """Returns a socket that holds the address; connections wait in it until a server accepts them.

    Raises ClickException where the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=CONNECTIONS)
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]  # create_server repeats the address behind it
        raise click.ClickException(f"{host}:{port} cannot be used ({reason}). Give another --port.") from error


def end_when_told() -> None:
    """Has SIGTERM end the process in order, with what it has begun, until a Server takes the signal over."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def settle() -> None:
    """Has the garbage collector leave alone what the process holds by now, the application, and look through the rest less often.

    A page takes a tenth less. What is made from now on is found as ever.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])


class Server:
    """Serves `app` at a socket until SIGTERM or SIGINT comes. A second signal stops it at once.

    `on_stop` is called as soon as the first one is there.
    """

    def __init__(self, app: Flask, listener: socket.socket, on_stop: Callable[[], None] | None = None) -> None:
        self._on_stop = on_stop
        self._sockets: dict[int, Any] = {}
        self._arriving: dict[Any, float] = {}
        self._stop = False
        self._server = create_server(
            app,
            map=self._sockets,
            sockets=[listener],
            threads=THREADS,
            ident=None,
            connection_limit=CONNECTIONS,
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
            asyncore_use_poll=True,
        )

    def run(self) -> None:
        """Serves, and returns once the last request that came before the signal is answered, or took too long."""
        settle()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        try:
            while not self._stop:
                self._turn(LOOK_SECONDS)
            if self._on_stop is not None:
                self._on_stop()
            self._finish()
        finally:
            self._server.task_dispatcher.shutdown(timeout=1)
            wasyncore.close_all(self._sockets)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._stop:
            raise SystemExit(1)
        self._stop = True

    def _turn(self, seconds: float) -> None:
        """Moves bytes for at most so long, then gives up on requests that do not arrive."""
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._sockets, count=1)
        now = time.monotonic()
        arriving = {channel.request: channel for channel in self._channels() if channel.request is not None}
        self._arriving = {request: self._arriving.get(request, now) for request in arriving}
        for request, since in self._arriving.items():
            if now - since > ARRIVING_SECONDS:
                arriving[request].handle_close()

    def _finish(self) -> None:
        """Accepts no more connections and closes each one as soon as its requests are answered."""
        for listener in self._of_kind(BaseWSGIServer):
            self._accept_waiting(listener)
            wasyncore.dispatcher.close(listener)
        until = time.monotonic() + FINISHING_SECONDS
        self._turn(READING_SECONDS)  # what was just accepted has not been read yet
        while self._close_idle() and time.monotonic() < until:
            self._turn(0.1)

    def _accept_waiting(self, listener: BaseWSGIServer) -> None:
        """Accepts the connections that the operating system has made already: closing the listener would cut them."""
        known = 0
        while known < len(self._sockets) < CONNECTIONS:
            known = len(self._sockets)
            listener.handle_accept()

    def _close_idle(self) -> bool:
        """Says whether a connection is left that something is still being done for."""
        idle = [channel for channel in self._channels() if not _is_busy(channel)]
        for channel in idle:
            channel.handle_close()
        return bool(self._channels())

    def _channels(self) -> list[HTTPChannel]:
        return self._of_kind(HTTPChannel)

    def _of_kind(self, kind: type) -> list[Any]:
        return [dispatcher for dispatcher in self._sockets.values() if isinstance(dispatcher, kind)]


def _is_busy(channel: HTTPChannel) -> bool:
    return bool(channel.requests or channel.request is not None or channel.total_outbufs_len)
