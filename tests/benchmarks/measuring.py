"""How the benchmarks measure: medians of repeated runs, the number of SQL statements, resident memory."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

RUNS = 15


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured, its value, the floor measured in the same run, and the bar."""

    what: str
    value: float
    unit: str
    floor: float | None = None
    bar: str = ""
    statements: int | None = None

    def line(self) -> str:
        floor = f"{self.floor:9.2f}" if self.floor is not None else " " * 9
        ratio = f"{self.value / self.floor:7.1f}x" if self.floor else " " * 8
        statements = f"{self.statements:4d}" if self.statements is not None else " " * 4
        return f"{self.what:48} {self.value:9.2f} {self.unit:3} {floor} {ratio} {statements}  {self.bar}"


HEADER = f"{'scenario':48} {'ours':>9} {'':3} {'bare SQL':>9} {'ratio':>8} {'SQL':>4}  bar"


def milliseconds(work: Callable[[], Any], runs: int = RUNS) -> float:
    """Returns the median duration of `work`, in milliseconds, after one run that warms up."""
    work()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


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


def resident_megabytes() -> float:
    """Returns the memory of this process now, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise OSError("/proc/self/status names no VmRSS")
