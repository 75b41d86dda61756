"""Nobody waits for a slow figure: what was kept is shown with its age, or that it is counted, until it is made."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from backoffice.core.access import Role, right
from backoffice.core.summaries import look, refresh, renew
from backoffice.core.summaries.making import Maker
from backoffice.courses.models import Term
from tests.core.summaries.conftest import Somebody, nothing_is_made
from tests.rights import declare

LONG = 60  # seconds; no test waits so long


@pytest.fixture
def slow(counter) -> Iterator[threading.Event]:
    """Holds every computation until the event is set, which the end of the test does."""
    done = threading.Event()
    counter.meanwhile = lambda: done.wait(LONG)
    yield done
    done.set()
    nothing_is_made()


def told(person=None, patience: float = 0.05) -> list[tuple[bool, bool]]:
    """Returns for each figure of a short look whether it has numbers, and whether they are the present ones."""
    return [(one.at is not None, one.true) for one in look(person or Somebody(), patience)]


def after(look_again, expected) -> bool:
    """Says whether looking again tells what is expected, before long."""
    until = time.monotonic() + LONG
    while (found := look_again()) != expected and time.monotonic() < until:
        time.sleep(0.01)
    return found == expected


def test_a_figure_that_nobody_has_counted_yet_says_so_and_is_there_when_it_is_made(session, figures, counter, slow):
    figures()
    assert told() == [(False, False)]
    slow.set()
    assert after(told, [(True, True)])
    assert counter.calls == ["terms"]


def test_a_look_waits_no_longer_than_it_has_patience(session, figures, slow):
    figures()
    began = time.monotonic()
    told(patience=0.1)
    assert time.monotonic() - began < LONG / 4


def test_a_figure_that_took_long_is_shown_with_its_age_while_it_is_made_afresh(session, figures, counter, slow):
    figures()
    counter.meanwhile = lambda: time.sleep(0.2)
    before = look(Somebody())[0]
    refresh(Somebody())
    counter.meanwhile = lambda: slow.wait(LONG)
    old = look(Somebody(), 0.1)[0]
    assert (old.at, old.true, old.charts) == (before.at, False, before.charts)
    slow.set()
    assert after(told, [(True, True)])
    assert look(Somebody())[0].at > before.at


def test_nobody_waits_for_what_took_longer_than_there_is_patience(session, figures, counter, slow):
    figures()
    counter.meanwhile = lambda: time.sleep(0.2)
    look(Somebody())
    refresh(Somebody())
    counter.meanwhile = lambda: slow.wait(LONG)
    began = time.monotonic()
    assert [one.true for one in look(Somebody(), 0.19)] == [False]
    assert time.monotonic() - began < 0.19


def test_a_quick_figure_does_not_wait_behind_a_slow_one(session, figures, counter, slow):
    quick, other = counter.figure("quick"), counter.figure("slow")
    figures(other, quick)
    counter.meanwhile = lambda: time.sleep(0.2 * (counter.calls[-1] == "slow"))
    look(Somebody())
    refresh(Somebody())
    counter.meanwhile = lambda: counter.calls[-1] == "quick" or slow.wait(LONG)
    assert {one.figure.name: one.true for one in look(Somebody(), 0.19)} == {"quick": True, "slow": False}


def test_a_slow_figure_rests_while_others_write_and_is_made_again_for_whoever_asks(session, figures, counter):
    figures()
    counter.meanwhile = lambda: time.sleep(0.3)
    look(Somebody())
    renew(["term"])
    [resting] = look(Somebody())
    assert (resting.true, resting.counting, len(counter.calls)) == (False, False, 1)
    refresh(Somebody())
    [fresh] = look(Somebody())
    assert (fresh.true, fresh.counting, len(counter.calls)) == (True, False, 2)
    assert fresh.at > resting.at


def test_a_slow_figure_is_made_again_once_it_has_rested_ten_times_as_long(session, figures, counter):
    figures()
    counter.meanwhile = lambda: time.sleep(0.3)
    look(Somebody())
    renew(["term"])
    began = time.monotonic()
    assert after(lambda: [(one.true, one.counting) for one in look(Somebody())], [(True, False)])
    assert time.monotonic() - began > 2.5


def test_fifty_who_come_when_it_grows_too_old_have_it_made_once(app, figures, counter, monkeypatch):
    figures()
    counter.meanwhile = lambda: time.sleep(0.3)
    with app.app_context():
        look(Somebody())
    monkeypatch.setitem(app.config, "FIGURE_SECONDS", 0)
    start, seen = threading.Barrier(50), []

    def ask() -> None:
        with app.app_context():
            start.wait()
            seen.append([one.at is not None for one in look(Somebody(), 0.05)])

    threads = [threading.Thread(target=ask) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [[True]] * 50
    assert len(counter.calls) <= 2 + 1  # the first look, and two at most


def test_who_waits_for_nothing_sees_nobody_elses_numbers(session, figures, counter, monkeypatch, slow):
    own = right("V", scope=lambda person: Term.id == person.id)
    declare(monkeypatch, Term, {Role.ADMIN: right("V"), Role.COURSE_EDITOR: own})
    figures()
    counter.meanwhile = lambda: None
    look(Somebody())
    counter.meanwhile = lambda: slow.wait(LONG)
    assert told(Somebody(id=1, role=Role.COURSE_EDITOR)) == [(False, False)]


def test_a_figure_that_cannot_be_made_is_told_to_who_waits_and_tried_again(session, figures, counter):
    figures()

    def fail() -> None:
        raise RuntimeError("the database went away")

    counter.meanwhile = fail
    with pytest.raises(RuntimeError, match="went away"):
        look(Somebody())
    counter.meanwhile = lambda: None
    assert told(patience=LONG) == [(True, True)]


def test_who_asks_before_it_has_begun_shares_it_and_who_asks_later_has_it_made_again():
    maker: Maker[int] = Maker()
    begun, go, made = threading.Event(), threading.Event(), []

    def make() -> int:
        begun.set()
        go.wait(LONG)
        made.append(1)
        return len(made)

    first = maker.ask("key", make)
    begun.wait(LONG)
    second, third = maker.ask("key", make), maker.ask("key", make)
    go.set()
    assert (first.result(LONG), second.result(LONG), third.result(LONG)) == (1, 2, 2)
