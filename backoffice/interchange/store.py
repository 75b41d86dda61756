"""Puts wanted rows into a table: what is new is created, what differs is changed, what staff changed since is left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Row, and_, select

from backoffice.core.model import Record
from backoffice.core.operations import Operation, Recording, Rule, create_many, refusals
from backoffice.core.operations.change_verdicts import refused_changes
from backoffice.interchange.refusals import Refusal
from backoffice.interchange.report import Report

CHUNK = 1000

Key = tuple[Any, ...]
Judge = Callable[[type[Record], list[dict[str, Any]]], dict[int, Rule]]
Complete = Callable[[dict[str, Any]], None]


class DryRun(Exception):
    """Ends the operation of a dry run, so that nothing of it stays."""


@dataclass(frozen=True)
class Wanted:
    """A row as it should be, and where in which file it was asked for."""

    values: dict[str, Any]
    file: str
    row: int


@dataclass(frozen=True)
class Kind:
    """A kind of record in an import: `key` are the columns that tell its rows apart, `owned` those that the file decides.

    The other columns are set when a row is created and are the staff's afterwards. A kind that `yields` leaves a row alone
    that somebody has changed since the last import.
    """

    name: str
    model: type[Record]
    key: tuple[str, ...]
    owned: tuple[str, ...]
    yields: bool = True


class Store:
    """The tables as one import meets them, inside the operation in progress."""

    def __init__(self, operation: Recording, report: Report) -> None:
        self._operation = operation
        self._report = report
        imports = select(Operation.id).where(Operation.verb == "import")
        self._imports = frozenset(operation.session.scalars(imports))

    def put(self, kind: Kind, wanted: Iterable[Wanted], complete: Complete | None = None) -> dict[Key, int]:
        """Creates and changes what is wanted, counts it in the report and returns the ids by key.

        `complete` adds to a new row what only its creation decides. A row that breaks a rule is refused alone.
        """
        intake = Intake(self._operation, self._report, kind, self._imports, complete)
        ids = create_many(kind.model, intake.fresh(wanted), self._operation)
        self._operation.update_rows(kind.model, intake.changes)
        return intake.found | dict(zip(intake.born, ids, strict=True))


class Intake:
    """The rows of one kind on their way in: sorted into new, changed, same, kept and refused."""

    def __init__(
        self,
        operation: Recording,
        report: Report,
        kind: Kind,
        imports: frozenset[int],
        complete: Complete | None,
    ) -> None:
        self.found: dict[Key, int] = {}  # rows that were there already
        self.born: list[Key] = []
        self.changes: list[dict[str, Any]] = []
        self._operation = operation
        self._report = report
        self._tally = report.of(kind.name)
        self._kind = kind
        self._table = kind.model.__table__
        self._imports = imports
        self._complete = complete
        self._first: dict[Key, int] = {}

    def fresh(self, wanted: Iterable[Wanted]) -> Iterator[dict[str, Any]]:
        """Yields the rows to create; what is there already goes to `found`, and to `changes` where it differs."""
        source = iter(wanted)
        while chunk := list(islice(source, CHUNK)):
            stored = self._stored(chunk)
            new: list[Wanted] = []
            differing: list[Wanted] = []
            for each in filter(self._is_first, chunk):
                row = stored.get(self._key(each))
                if row is None:
                    new.append(self._completed(each))
                else:
                    differing += self._difference(each, row)
            self.changes += [each.values for each in self._allowed(differing, refused_changes, "changed")]
            for each in self._allowed(new, refusals, "created"):
                self.born.append(self._key(each))
                yield each.values

    def _key(self, each: Wanted) -> Key:
        return tuple(each.values[name] for name in self._kind.key)

    def _is_first(self, each: Wanted) -> bool:
        """Says whether no earlier row has the same key; a later one is refused."""
        first = self._first.setdefault(self._key(each), each.row)
        if first != each.row:
            self._refuse(each, self._kind.key[-1], f"repeats row {first}")
        return first == each.row

    def _stored(self, chunk: list[Wanted]) -> dict[Key, Row[Any]]:
        columns = self._table.columns
        keys = [columns[name] for name in self._kind.key]
        named = and_(*(key.in_({each.values[key.name] for each in chunk}) for key in keys))
        owned = [columns[name] for name in self._kind.owned]
        found = self._operation.connection.execute(select(columns.id, columns.version, *keys, *owned).where(named))
        return {tuple(row[2 : 2 + len(keys)]): row for row in found}

    def _completed(self, each: Wanted) -> Wanted:
        if self._complete:
            self._complete(each.values)
        return each

    def _difference(self, each: Wanted, row: Row[Any]) -> Iterator[Wanted]:
        """Yields the change that makes the stored row what is wanted, if there is one to make."""
        self.found[self._key(each)] = row.id
        stored = row._mapping
        values = {name: each.values[name] for name in self._kind.owned if each.values[name] != stored[name]}
        if not values:
            self._tally.add("same")
        elif self._kind.yields and row.version not in self._imports:
            self._tally.add("kept")
        else:
            yield Wanted({"id": row.id, **values}, each.file, each.row)

    def _allowed(self, wanted: list[Wanted], judge: Judge, outcome: str) -> Iterator[Wanted]:
        """Yields those rows that no rule refuses."""
        refused = judge(self._kind.model, [each.values for each in wanted]) if wanted else {}
        for place, each in enumerate(wanted):
            if place in refused:
                self._refuse(each, refused[place].place, refused[place].message)
            else:
                self._tally.add(outcome)
                yield each

    def _refuse(self, each: Wanted, field: str, reason: str) -> None:
        self._report.refuse(self._kind.name, Refusal(each.file, each.row, field, reason))
