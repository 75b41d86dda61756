"""What an import did, counted per kind of record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from backoffice.interchange.refusals import Refusal

_HEADINGS = ("", "read", "created", "changed", "same", "kept", "refused")


@dataclass
class Tally:
    """The rows of one kind. `kept` differ from the file because staff changed them after the last import."""

    read: int = 0
    created: int = 0
    changed: int = 0
    same: int = 0
    kept: int = 0
    refused: int = 0

    def add(self, outcome: str, number: int = 1) -> None:
        """Counts rows that were read and became `outcome`, such as "created"."""
        self.read += number
        setattr(self, outcome, getattr(self, outcome) + number)

    def numbers(self) -> tuple[int, ...]:
        return self.read, self.created, self.changed, self.same, self.kept, self.refused


@dataclass
class Report:
    """Tallies by kind ("students"), every refusal in the order in which it was met, and remarks for people."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def of(self, kind: str) -> Tally:
        """Returns the tally of `kind`, a new one at first."""
        return self.tallies.setdefault(kind, Tally())

    def refuse(self, kind: str, refusal: Refusal) -> None:
        """Counts a refused row, which was read as well."""
        self.of(kind).add("refused")
        self.refusals.append(refusal)

    def total(self, name: str) -> int:
        """Returns a number of the tallies, such as "created", over all kinds."""
        return sum(getattr(tally, name) for tally in self.tallies.values())

    def words(self, *, to_do: bool = False) -> str:
        """Returns the outcome in one line: "3 created, 0 changed", or before it is done "3 to create, 0 to change"."""
        created, changed = ("to create", "to change") if to_do else ("created", "changed")
        parts = [f"{self.total('created'):,} {created}", f"{self.total('changed'):,} {changed}"]
        parts += [f"{self.total(name):,} {name}" for name in ("kept", "refused") if self.total(name)]
        return ", ".join(parts)

    def table(self) -> Iterator[str]:
        """Yields the tallies as the lines of a table."""
        yield _line(_HEADINGS)
        for kind, tally in self.tallies.items():
            yield _line((kind, *(f"{number:,}" for number in tally.numbers())))


def _line(cells: tuple[str, ...]) -> str:
    return f"{cells[0]:<12}" + "".join(f"{cell:>10}" for cell in cells[1:])
