"""Thinking up cohorts in a process of its own, one after the other, while this one writes those before."""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from threading import Thread

from backoffice.core.model import Record
from backoffice.interchange.seed.bills import Numbers
from backoffice.interchange.seed.cohort import Batch, Batches, Writer
from backoffice.interchange.seed.world import COHORT, World

ALONE = 5 * COHORT  # students; fewer are thought up sooner than a process starts
AHEAD = 3  # cohorts that are thought up and not yet written, at most


@dataclass(frozen=True)
class Outlines:
    """What all cohorts have in common once the timetable is written."""

    world: World
    first: dict[type[Record], int]  # numbers of new rows
    lessons: list[list[int]]  # ids, by course
    staff: dict[str, list[int]]  # ids, by role


class Thinker:
    """Thinks up the rows of cohorts, which must come in their order."""

    def __init__(self, outlines: Outlines) -> None:
        self._batches = Batches(outlines.first)
        numbers = Numbers(outlines.world)
        self._writer = Writer(outlines.world, self._batches, numbers, outlines.lessons, outlines.staff)

    def rows(self, places: range) -> list[Batch]:
        """Returns the rows of a cohort, table by table."""
        self._writer.write(places)
        return self._batches.take()


@contextmanager
def uncollected() -> Iterator[None]:
    """A block in which Python looks for no cycles: it would take a third of the time, and what is thought up has none."""
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()


def thought_up(outlines: Outlines, cohorts: Iterable[range]) -> Iterator[list[Batch]]:
    """Yields the rows of each cohort: the same whether there are so many that a second process is worth its start or not."""
    if outlines.world.size > ALONE:
        yield from _ahead(outlines, cohorts)
        return
    thinker = Thinker(outlines)
    for places in cohorts:
        yield thinker.rows(places)


def _ahead(outlines: Outlines, cohorts: Iterable[range]) -> Iterator[list[Batch]]:
    waiting: deque[Future[list[Batch]]] = deque()
    # Not a fork: that would share connections and locks with this process.
    pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_begin, initargs=(outlines,))
    try:
        for places in cohorts:
            waiting.append(pool.submit(_rows, places))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


_thinker: Thinker  # of the second process


def _begin(outlines: Outlines) -> None:
    global _thinker
    Thread(target=_end_with_parent, daemon=True).start()
    gc.disable()  # see `uncollected`
    _thinker = Thinker(outlines)


def _end_with_parent() -> None:
    """Ends this process when the one that writes is gone, even if it was killed: a pool's process would wait for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _rows(places: range) -> list[Batch]:
    return _thinker.rows(places)
