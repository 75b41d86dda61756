"""Rows of a file that break a rule: collected, listed for people, written for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from backoffice.core.exchange import guard


@dataclass(frozen=True)
class Refusal:
    """One row that was left out: where it stands, which column is to blame, and why. The header is row 1."""

    file: str
    row: int
    field: str
    reason: str

    def __str__(self) -> str:
        where = f"row {self.row}" + (f", {self.field}" if self.field else "")
        return f"{self.file}, {where}: {self.reason}"


def listed(refusals: list[Refusal], most: int, saved: Path | None) -> Iterator[str]:
    """Yields the refusals as lines, at most `most` of them; the last line says where the others are."""
    for refusal in refusals[:most]:
        yield f"  {refusal}"
    rest = len(refusals) - most
    if rest > 0:
        where = f"all of them are in {saved}" if saved else "name a file with --refused to get them all"
        yield f"  ... and {rest:,} more: {where}"


def save(refusals: Iterable[Refusal], path: Path) -> None:
    """Writes every refusal to a CSV file with the columns file, row, field, reason."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(("file", "row", "field", "reason"))
        writer.writerows(
            (guard(name), row, guard(field), guard(reason)) for name, row, field, reason in map(astuple, refusals)
        )
