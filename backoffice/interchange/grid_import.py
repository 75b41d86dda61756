"""A file of a grid's fields, put into its table: new rows are created, others changed, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from sqlalchemy import Row

from backoffice.core import access
from backoffice.core.access import Person, Verb
from backoffice.core.exchange import Line, Table
from backoffice.core.model import Record
from backoffice.core.operations import Recording, Rule, create_many, recording, refusals
from backoffice.core.operations.change_verdicts import refused_changes
from backoffice.core.operations.constraints import field_of
from backoffice.core.operations.tables import plural, table_of
from backoffice.core.selection import Kind
from backoffice.interchange.columns import FileColumns, cells_of, columns_of
from backoffice.interchange.completeness import Needs
from backoffice.interchange.matching import Keys, Matcher, Parsed, Unclear, difference, in_minor
from backoffice.interchange.refusals import Refusal
from backoffice.interchange.report import Report
from backoffice.interchange.store import DryRun

CHUNK = 1000

Watch = Callable[[Iterable[Line]], Iterable[Line]]  # shows the progress of lines
Judge = Callable[[type[Record], list[dict[str, Any]]], dict[int, Rule]]


def import_table(
    model: type[Record], table: Table, name: str, person: Person, watch: Watch, *, dry_run: bool = False
) -> Report:
    """Puts the rows of `table` (of the file `name`) into the table of `model` and returns what became of them.

    One refused row, or a dry run, leaves everything as it was. Raises Unreadable for a file that cannot be understood,
    access.Refused where `person` may not create or change rows.
    """
    if not access.may(person, Verb.CREATE, model):
        access.require(person, Verb.BULK, model)
    columns, table = columns_of(model, person, table)
    report = Report()
    kind = plural(table_of(model).name)
    report.of(kind)
    if columns.left_aside:
        report.remarks.append(f"not imported, because nobody can set them: {', '.join(columns.left_aside)}")
    try:
        with recording(person, "import", "import", title=f"Import of {kind}", selection=name, model=model) as operation:
            operation.keep = True  # who imported what, even where nothing was new
            GridImport(model, columns, operation, report, person, name).run(watch(table.lines))
            operation.title = f"Import of {kind}: {report.words()}"
            if dry_run or report.refusals:
                raise DryRun
    except DryRun:
        pass
    return report


class GridImport:
    """One file on its way into one table."""

    def __init__(
        self, model: type[Record], columns: FileColumns, operation: Recording, report: Report, person: Person, name: str
    ) -> None:
        self._model = model
        self._columns = columns
        self._operation = operation
        self._report = report
        self._person = person
        self._name = name
        self._kind = plural(table_of(model).name)
        self._keys = Keys(person)
        self._matcher = Matcher(model, columns, person)
        self._needs = Needs(model, columns)
        self._first: dict[Any, int] = {}  # key or id -> the row that came first

    def run(self, lines: Iterable[Line]) -> None:
        """Reads the lines in pieces and writes what they ask for."""
        source = iter(lines)
        while chunk := list(islice(source, CHUNK)):
            rows = list(self._parsed(chunk))
            found = self._matcher.find(rows)
            new: list[Parsed] = []
            changed: list[Parsed] = []
            for row in rows:
                self._sort(row, found.get(self._matcher.key_of(row), []), new, changed)
            self._write(new, changed)

    def _parsed(self, chunk: list[Line]) -> Iterator[Parsed]:
        """Yields the lines whose cells all are values; the others are refused."""
        read = [(line, *cells_of(self._columns, line)) for line in chunk]
        relations = [each for each in self._columns.incoming if each.field.kind is Kind.RELATION]
        for each in relations:
            self._keys.learn(each.field, (cells[each.name] for _, cells, problems in read if not problems))
        for line, cells, problems in read:
            values = {} if problems else self._values(cells, problems)
            if problems:
                self._refuse(line.number, problems)
            else:
                yield Parsed(line.number, cells, values)

    def _values(self, cells: dict[str, Any], problems: list[tuple[str, str]]) -> dict[str, Any]:
        """Returns the values by column of the table; what cannot be one is added to `problems`."""
        values = {}
        for column, each in self._columns.written.items():
            values[column] = cells[each.name]
            if each.field.kind is Kind.RELATION:
                try:
                    values[column] = self._keys.id_of(each.field, cells[each.name])
                except ValueError as error:
                    problems.append((each.name, f"“{cells[each.name]}” {error}"))
        try:
            return values | dict(in_minor(self._columns, values))
        except Unclear as unclear:
            problems.append((unclear.column, str(unclear)))
            return {}

    def _sort(self, row: Parsed, candidates: list[Row[Any]], new: list[Parsed], changed: list[Parsed]) -> None:
        """Puts a row to the new or the changed ones, or counts it as the same or refused."""
        try:
            stored = self._meant(row, [dict(candidate._mapping) for candidate in candidates])
            self._claim(row, stored)
        except Unclear as unclear:
            self._refuse(row.number, [(unclear.column, str(unclear))])
            return
        if stored is None:
            new.append(row)
        elif different := difference(row.values, stored):
            changed.append(replace(row, values={"id": stored["id"], **different}))
        else:
            self._report.of(self._kind).add("same")

    def _meant(self, row: Parsed, candidates: list[dict[str, Any]]) -> dict[str, Any] | None:
        """Returns the stored row that `row` is about, None for a new one. Raises Unclear where that cannot be told."""
        same = [each for each in candidates if not difference(row.values, each)]
        if same:  # rows that say the same, such as two equal payments, are taken in turn
            return next((each for each in same if each["id"] not in self._first), same[0])
        return self._matcher.choose(row, candidates)

    def _claim(self, row: Parsed, stored: Mapping[str, Any] | None) -> None:
        """Raises Unclear if an earlier row of the file was about the same stored row, or is the same new one."""
        key = self._matcher.key_of(row)
        mine = stored["id"] if stored else None if None in key else key
        first = row.number if mine is None else self._first.setdefault(mine, row.number)
        if first != row.number:
            raise Unclear(self._matcher.words, f"is about the same row as row {first}")

    def _write(self, new: list[Parsed], changed: list[Parsed]) -> None:
        """Creates and changes the rows that no rule refuses."""
        born = self._allowed("created", self._sound(new, self._needs.problems), refusals)
        if born:
            access.require(self._person, Verb.CREATE, self._model)
            create_many(self._model, born, self._operation)
        moved = self._allowed("changed", self._sound(changed, self._needs.missing), refused_changes)
        if moved:
            access.require(self._person, Verb.BULK, self._model)
            self._operation.update_rows(self._model, moved)

    def _sound(self, rows: list[Parsed], problems: Callable[[Parsed], list[tuple[str, str]]]) -> list[Parsed]:
        """Returns the rows without problems; the others are refused."""
        return [row for row in rows if not self._refuse(row.number, problems(row))]

    def _allowed(self, outcome: str, rows: list[Parsed], judge: Judge) -> list[dict[str, Any]]:
        refused = judge(self._model, [row.values for row in rows]) if rows else {}
        for place, rule in refused.items():
            self._refuse(rows[place].number, [(field_of(self._model, rule.place), rule.message)])
        allowed = [row.values for place, row in enumerate(rows) if place not in refused]
        self._report.of(self._kind).add(outcome, len(allowed))
        return allowed

    def _refuse(self, number: int, problems: list[tuple[str, str]]) -> bool:
        """Counts a row with problems as refused and says whether it is."""
        if problems:
            self._report.of(self._kind).add("refused")
            self._report.refusals += [Refusal(self._name, number, column, reason) for column, reason in problems]
        return bool(problems)
