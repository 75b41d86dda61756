"""What the steps of one import of OULAD share: where it reads, what it writes into, what it reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from backoffice.core.operations import Recording
from backoffice.interchange.oulad import source
from backoffice.interchange.oulad.cells import Cells, seat_in
from backoffice.interchange.refusals import Refusal
from backoffice.interchange.report import Report
from backoffice.interchange.store import Store


class Sourced(Protocol):
    """A row that knows where it stands and what tells it from the others of its file."""

    @property
    def row(self) -> int: ...
    @property
    def key(self) -> str: ...


Made = TypeVar("Made", bound=Sourced)
Watch = Callable[[str, Iterable[Any], int], Iterable[Any]]  # shows the progress of rows, given a name and their number


@dataclass(frozen=True)
class Run:
    """One import in progress."""

    directory: Path
    operation: Recording
    report: Report
    store: Store
    watch: Watch

    def rows(
        self, kind: str, name: str, make: Callable[[int, Cells], Made], left_out: dict[str, Refusal] | None = None
    ) -> Iterator[Made]:
        """Yields the sound rows of a file and shows the progress.

        The others, and each that repeats the key of one before, are refused as rows of `kind`; `left_out` gets those that
        name a registration, by its key.
        """
        seen: dict[str, int] = {}

        def refuse(refusal: Refusal, cells: Cells) -> None:
            self.report.refuse(kind, refusal)
            if left_out is not None:
                left_out[seat_in(cells)] = refusal

        total = source.rows_in(self.directory, name)
        for each in self.watch(name, source.rows_of(self.directory, name, make, refuse), total):
            first = seen.setdefault(each.key, each.row)
            if first == each.row:
                yield each
            else:
                self.refuse(kind, name, each.row, "", f"repeats row {first}")

    def refuse(self, kind: str, name: str, row: int, field: str, reason: str) -> Refusal:
        """Counts a refused row of `kind` and returns it."""
        refusal = Refusal(name, row, field, reason)
        self.report.refuse(kind, refusal)
        return refusal
