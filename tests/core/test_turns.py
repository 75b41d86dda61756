"""Who wants to write the same SQLite file stands in line, threads and processes alike."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from backoffice.core.locked import Turns

HOLDER = """
import sys, time
from backoffice.core.locked import Turns
turns = Turns(sys.argv[1])
assert turns.take(1)
print("mine", flush=True)
time.sleep(60)
"""


@pytest.fixture
def database(tmp_path: Path) -> str:
    return str(tmp_path / "data.sqlite3")


def in_line(turns: Turns, name: str, order: list[str], patience: float = 10) -> threading.Thread:
    """Lets a thread wait for its turn, write its name down and give the turn back."""

    def wait() -> None:
        if turns.take(patience):
            order.append(name)
            turns.give_back()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_a_process_that_writes_without_a_pause_takes_turns_with_the_others(database: str) -> None:
    one, other = Turns(database), Turns(database)  # each stands for a process: it locks the files anew
    order: list[str] = []
    assert one.take(1)

    waiting = in_line(other, "the other process", order)
    until(lambda: other._next.is_locked)
    again = in_line(one, "this process again", order)
    one.give_back()
    waiting.join()
    again.join()

    assert order == ["the other process", "this process again"]


def test_who_waits_longer_than_their_patience_is_told_and_leaves_the_line(database: str) -> None:
    one, other = Turns(database), Turns(database)
    assert one.take(1)

    patient = (other.take(0.02), one.take(0.02))
    one.give_back()

    assert patient == (False, False)
    assert other.take(1)
    other.give_back()


def test_who_has_no_patience_left_looks_once_and_does_not_wait_for_ever(database: str) -> None:
    one, other = Turns(database), Turns(database)
    assert one.take(0)

    impatient = in_line(other, "never", [], patience=0)
    impatient.join(5)

    assert not impatient.is_alive()
    one.give_back()


def test_the_turn_of_a_killed_process_ends_with_it(database: str) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, database], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "mine\n"
        mine = Turns(database)
        before = mine.take(0.02)

        holder.kill()
        holder.wait()

    assert (before, mine.take(1)) == (False, True)
    mine.give_back()
