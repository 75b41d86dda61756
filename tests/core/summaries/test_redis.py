"""With a Redis, figures are shared through it; without its answer they are computed, and nobody waits long."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis

from backoffice.core.summaries import look, renew
from backoffice.core.summaries.backend import LEFT_ALONE, backend
from backoffice.extensions import cache
from tests.core.summaries.conftest import Somebody

pytestmark = pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server on this machine")


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    url: str

    @property
    def client(self) -> Redis:
        return Redis.from_url(self.url)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    server = Server(subprocess.Popen(command, stdout=subprocess.DEVNULL), f"redis://127.0.0.1:{port}/0")
    for _ in range(1500):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.02)
    yield server
    server.process.send_signal(signal.SIGCONT)
    server.process.kill()
    server.process.wait()


@pytest.fixture
def shared(app: Flask, figures: Callable[..., None], redis: Server, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application with one figure and the Redis for its cache."""
    figures()
    monkeypatch.setitem(app.extensions["cache"], cache, backend(app, {"REDIS_URL": redis.url}, [], {}))
    return app


def test_what_is_kept_in_redis_is_found_there_until_a_commit(shared, redis, counter):
    with shared.app_context():
        look(Somebody())
        look(Somebody())
        assert counter.calls == ["terms"]
        renew(["term"])
        look(Somebody())
        assert counter.calls == ["terms"] * 2
    assert sorted(key.split(b":")[1] for key in redis.client.scan_iter()) == [b"figure", b"stamp", b"stamp"]


@pytest.mark.parametrize("poison", [b"garbage", b"!\x80\x04cposix\nsystem\n.", b"7", b"[]", b"\xff\xfe"])
def test_poison_in_redis_is_dropped(shared, redis, counter, poison):
    with shared.app_context():
        look(Somebody())
        for key in redis.client.scan_iter():
            redis.client.set(key, poison)
        look(Somebody())
        look(Somebody())
    assert counter.calls == ["terms"] * 2


def test_a_value_of_another_type_in_redis_is_survived(shared, redis, counter):
    with shared.app_context():
        look(Somebody())
        for key in redis.client.scan_iter():
            redis.client.delete(key)
            redis.client.lpush(key, "a", "list")
        assert len(look(Somebody())) == 1


def test_twenty_simultaneous_looks_compute_once_through_redis(shared, counter):
    counter.meanwhile = lambda: time.sleep(0.1)
    start = threading.Barrier(20)

    def ask() -> None:
        with shared.app_context():
            start.wait()
            look(Somebody())

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.calls == ["terms"]


@pytest.mark.parametrize("fault", [signal.SIGSTOP, signal.SIGKILL], ids=["hung", "down"])
def test_without_redis_figures_are_computed_at_once(shared, redis, counter, fault, caplog):
    with shared.app_context():
        look(Somebody())
        os.kill(redis.process.pid, fault)
        began = time.monotonic()
        looks = [look(Somebody()) for _ in range(3)]
        took = time.monotonic() - began
    assert [len(found) for found in looks] == [1, 1, 1]
    assert counter.calls == ["terms"] * 4
    assert took < 0.6  # one wait of 0.15 s, then Redis is left alone
    assert len([record for record in caplog.records if "Redis" in record.message]) == 1


def test_a_commit_while_redis_was_away_is_made_good_when_it_is_back(shared, redis, counter):
    with shared.app_context():
        look(Somebody())
        os.kill(redis.process.pid, signal.SIGSTOP)
        renew(["term"])
        os.kill(redis.process.pid, signal.SIGCONT)
        cache.cache._asked_again_at -= LEFT_ALONE
        look(Somebody())
        look(Somebody())
    assert counter.calls == ["terms"] * 2
