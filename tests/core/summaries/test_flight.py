"""Whoever looks at the same moment waits for one computation, whatever thread or process it runs in."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter as Tally

from backoffice.core.summaries import look
from backoffice.extensions import cache
from tests.core.summaries.conftest import Somebody

PROCESSES = 4


def test_twenty_simultaneous_looks_compute_each_figure_once(app, figures, counter):
    names = ("one", "two", "three")
    figures(*(counter.figure(name) for name in names))
    counter.meanwhile = lambda: time.sleep(0.05)
    start, seen = threading.Barrier(20), []

    def ask() -> None:
        with app.app_context():
            start.wait()
            seen.append([one.at for one in look(Somebody())])

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Tally(counter.calls) == dict.fromkeys(names, 1)
    assert (len(seen), len({tuple(ages) for ages in seen})) == (20, 1)


def test_a_computation_that_fails_leaves_no_lock_behind(app, figures, counter):
    figures()

    def fail() -> None:
        raise RuntimeError("the database went away")

    counter.meanwhile = fail
    with app.app_context():
        for _ in range(2):
            try:
                look(Somebody())
            except RuntimeError:
                continue
        counter.meanwhile = lambda: None
        assert [one.figure.name for one in look(Somebody())] == ["terms"]


def test_no_figure_shares_its_lock_with_the_stamps_that_are_made_meanwhile(app):
    with app.app_context():
        for number in range(1000):
            with cache.cache.claim(f"figure:{number}") as figure, cache.cache.claim("stamps") as stamps:
                assert (figure, stamps) == (True, True)


def test_processes_that_look_together_compute_once(settings, tmp_path, checkout):
    log = tmp_path / "calls"
    environment = os.environ | {
        "BACKOFFICE_MODE": "test",
        "BACKOFFICE_SECRET_KEY": settings.SECRET_KEY,
        "BACKOFFICE_DATABASE_URI": settings.DATABASE_URI,
        "BACKOFFICE_INSTANCE_PATH": str(tmp_path),
    }
    command = [sys.executable, "-m", "tests.core.summaries.look_from_another_process", str(log), str(PROCESSES)]
    processes = [subprocess.Popen(command, cwd=checkout, env=environment) for _ in range(PROCESSES)]
    assert [process.wait(60) for process in processes] == [0] * PROCESSES
    assert log.read_text().splitlines() == ["computed"]
