"""The one table: a line per task, for each product and hand the steps and the seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

COLUMNS = ("ours keyboard", "ours mouse", "Django keyboard", "Django mouse")
HEAD = f"| task | {' | '.join(f'{column}: steps, s' for column in COLUMNS)} |"
RULE = f"|---{'|---' * len(COLUMNS)}|"


@dataclass(frozen=True)
class Done:
    """A task that came about."""

    steps: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.steps}, {self.seconds:.1f}"


def line(task: str, cells: Sequence[Done | str | None]) -> str:
    """Returns the line of a task; a text says why a product has nothing for it, None that nobody asked."""
    return f"| {task} | {' | '.join(str(cell or '') for cell in cells)} |"
