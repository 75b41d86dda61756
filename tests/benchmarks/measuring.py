"""How the benchmarks measure: medians of repeated runs, the number of SQL statements, resident memory."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

RUNS = 51
TURN = 6  # runs after another one that is not counted
ENOUGH_SECONDS = 5.0  # a scenario that takes so long in all is not run again


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured, its value, the same rows by bare SQL and by a minimal view, and the bar."""

    scenario: str
    value: float
    unit: str = "ms"
    bar: str = ""
    sql: float | None = None
    view: float | None = None
    statements: int | None = None


@dataclass(frozen=True)
class Bench:
    """What a room of the benchmarks measures on: the application, somebody signed in, and the floors of a grid."""

    app: Flask
    client: FlaskClient
    uri: str
    sql: dict[str, float]
    view: Callable[[str], Callable[[], object]]

    def page(self, scenario: str, address: str, bar: str, grid: str = "") -> Figure:
        """Measures a page of the application."""
        with self.app.app_context():
            engine = self.app.extensions["sqlalchemy"].engine
        with counted(engine) as statements:
            answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        if not grid:
            return Figure(
                scenario, milliseconds(lambda: self.client.get(address)), "ms", bar, None, None, len(statements)
            )
        taken, view = beside(lambda: self.client.get(address), self.view(grid))
        return Figure(scenario, taken, "ms", bar, self.sql.get(grid), view, len(statements))

    def text(self, address: str) -> str:
        return self.client.get(address).get_data(as_text=True)


def milliseconds(work: Callable[[], Any], runs: int = RUNS) -> float:
    """Returns the median duration of `work`, in milliseconds, after one run that warms up."""
    work()
    taken: list[float] = []
    while len(taken) < runs and sum(taken) < ENOUGH_SECONDS * 1000:
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def beside(work: Callable[[], Any], floor: Callable[[], Any]) -> tuple[float, float]:
    """Returns the median durations of both, in milliseconds, run by turns of some runs each: a machine that others use is not
    always as fast, and a page that runs alone has the processor's caches to itself."""
    taken: tuple[list[float], list[float]] = ([], [])
    work(), floor()
    while len(taken[0]) < RUNS and sum(taken[0]) < ENOUGH_SECONDS * 1000:
        for each, found in zip((work, floor), taken, strict=True):
            each()
            found += [timed(each)[0] for _ in range(TURN)]
    return statistics.median(taken[0]), statistics.median(taken[1])


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Returns the duration of `work` in milliseconds, and its result."""
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1000, result


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Collects the statements that are executed inside."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def resident_megabytes(process: int | str = "self") -> float:
    """Returns the memory of a process now, in MB; this one's unless another is named."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise OSError(f"/proc/{process}/status names no VmRSS")
