"""A row is saved together with its lines: those of them that are new, changed, removed or in another place, as one operation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select

from backoffice.core import reader
from backoffice.core.access import Person, Refused, Verb
from backoffice.core.model import Record
from backoffice.core.operations import approvals, numbering, review, rights, verdicts
from backoffice.core.operations.applying import delete_at_once, edit_at_once
from backoffice.core.operations.constraints import field_of
from backoffice.core.operations.creating import create
from backoffice.core.operations.display import ref
from backoffice.core.operations.errors import Conflict, Gone, Invalid, InvalidLines, NeedsApproval
from backoffice.core.operations.models import Operation
from backoffice.core.operations.recording import Recording, recording
from backoffice.core.operations.tables import plural, singular, table_of
from backoffice.core.selection import Selection, fields_of
from backoffice.core.wording import gettext, ngettext
from backoffice.extensions import db


@dataclass(frozen=True)
class Line:
    """One line as a form has it. `values`, by field, are what is to change in it, or what is known of a new one."""

    values: Mapping[str, Any]
    id: int | None = None
    seen_version: int | None = None


@dataclass(frozen=True)
class Lines:
    """The lines of one kind: those that stay, in their order, and those that go. `by` is their relation to the row that they
    belong to, `alike` what new ones have from it. Lines that are not named stay as they are."""

    model: type[Record]
    by: str
    kept: Sequence[Line]
    removed: Sequence[Line] = ()
    alike: Mapping[str, Any] = field(default_factory=dict)


def edit_with_lines(
    selection: Selection,
    wanted: Mapping[str, Any],
    lines: Sequence[Lines],
    person: Person,
    *,
    door: str,
    seen_version: int | None = None,
) -> Operation | None:
    """Does what `edit_at_once` does to a row, and to its lines, whole or not at all.

    Raises InvalidLines with what is wrong with the row and with each line; a Conflict says which line it is about.
    """
    row_id = next(iter(selection.ids or ()))
    rights.require(person, Verb.EDIT, selection.model, door)
    with recording(person, door, "update", model=selection.model) as operation:
        _hold(selection.model, row_id, person)
        saving = _Saving(operation, person, door)
        for some in lines:
            saving.write(some, row_id)
        with saving.gathering(None):
            if wanted:
                edit_at_once(selection, wanted, person, door=door, seen_version=seen_version)
        saving.check()
        own = operation.has_touched(selection.model)
        title = operation.title if own else _title(ref(selection.model, row_id).label)
        kind = next((some.model for some in lines if operation.has_touched(some.model)), selection.model)
        operation.describe(title + saving.told, "", selection.model if own else kind)
    return db.session.get(Operation, operation.id)


def create_with_lines(
    model: type[Record], given: Mapping[str, Any], lines: Sequence[Lines], person: Person, door: str
) -> Record:
    """Returns a new row, made together with its lines. Raises InvalidLines as `edit_with_lines` does."""
    with recording(person, door, "create", model=model) as operation:
        made = create(model, given, person, door).id
        saving = _Saving(operation, person, door)
        for some in lines:
            saving.write(some, made)
        saving.check()
        operation.title += saving.told
    return db.session.get_one(model, made)


def kept_by_rules(model: type[Record], ids: Collection[int]) -> dict[int, str]:
    """Returns which of these rows a rule does not let go, with its sentence: they are shown in a form and not asked for."""
    table = table_of(model)
    broken = verdicts.first_broken(verdicts.asked(model, "delete"), verdicts.stored_row(table), None).label("broken")
    found = db.session.execute(select(table.c.id, broken).where(table.c.id.in_(ids))).all() if ids else []
    return {row.id: review.sentence(table.name, row.broken)[1] for row in found if row.broken is not None}


def _hold(model: type[Record], row_id: int, person: Person) -> None:
    """Holds the row that lines belong to: whoever else adds some numbers theirs when these are there.

    Raises Gone where it is no longer there, access.Refused where it is not for this person to change.
    """
    table = table_of(model)
    if db.session.execute(select(table.c.id).where(table.c.id == row_id).with_for_update()).first() is None:
        raise Gone(gettext("This %(noun)s was deleted meanwhile.", noun=singular(table.name)))
    if not rights.may_change(person, model, row_id):
        raise Refused(
            gettext("%(person)s may not change this %(noun)s", person=person.full_name, noun=singular(table.name))
        )


class _Saving:
    """A row and its lines on their way: what is wrong with them is gathered, and what becomes of the lines is counted."""

    def __init__(self, operation: Recording, person: Person, door: str) -> None:
        self.operation, self.person, self.door = operation, person, door
        self.own: dict[str, str] = {}
        self.wrong: list[tuple[Line, Mapping[str, str]]] = []
        self.told = ""

    def write(self, lines: Lines, row_id: int) -> None:
        """Writes the lines of one kind of the row `row_id`."""
        stored = {row.id: row.number for row in self.operation.connection.execute(_in_order(lines, row_id))}
        removed = self._remove(lines, stored)
        changed = self._change(lines, stored)
        order = _order(lines, stored) if lines.model.__order__ else []
        moved = self._move(lines.model, stored, order)
        added = self._add(lines, row_id, [number for row_id, number in order if row_id is None])
        with reader.kept():
            said = ", ".join(_counted(added, len(changed | moved), removed))
            self.told += f"; {plural(table_of(lines.model).name)}: {said}" if said else ""

    @contextmanager
    def gathering(self, line: Line | None) -> Iterator[None]:
        """Keeps what is wrong with a line, or with the row itself (None), and goes on."""
        try:
            yield
        except Invalid as error:
            self._keep(line, error.errors)
        except NeedsApproval as error:
            if line is None and not self.told:
                raise
            self._keep(line, {"": _in_its_list(str(error))})
        except Conflict as conflict:
            conflict.line = line
            raise

    def _keep(self, line: Line | None, errors: Mapping[str, str]) -> None:
        if line is None:
            self.own |= errors
        else:
            self.wrong.append((line, errors))

    def check(self) -> None:
        """Raises InvalidLines where something is wrong, or where a second person has to approve so much."""
        why = approvals.above_written(self.operation) if self.told and not (self.own or self.wrong) else ""
        if why:
            self._keep(None, {"": _in_its_list(why)})
        if self.own or self.wrong:
            raise InvalidLines(self.own, self.wrong)

    def _remove(self, lines: Lines, stored: dict[int, int]) -> int:
        going = [line for line in lines.removed if stored.pop(line.id or 0, None) is not None]
        versions = _versions(lines.model, [line.id for line in going])
        for line in going:
            with self.gathering(line):
                if line.seen_version != versions[line.id]:
                    raise Invalid({"": gettext("Somebody changed it meanwhile: save again to remove it as it is now.")})
                delete_at_once(self._one(lines.model, line.id), self.person, door=self.door)
        return len(going)

    def _change(self, lines: Lines, stored: Mapping[int, int]) -> set[int | None]:
        changed = [line for line in lines.kept if line.id is not None and (line.values or line.id not in stored)]
        for line in changed:
            with self.gathering(line):
                if line.id not in stored:
                    raise Invalid({"": gettext("This is no longer there: remove it here too.")})
                self._edit(lines.model, line.id, line.values, line.seen_version)
        return {line.id for line in changed}

    def _move(
        self, model: type[Record], stored: Mapping[int, int], order: Sequence[tuple[int | None, int]]
    ) -> set[int | None]:
        moved = {row_id: number for row_id, number in order if row_id is not None and stored[row_id] != number}
        if moved:
            rights.require(self.person, Verb.EDIT, model, self.door)
            rights.require_fields(self.person, model, [field_of(model, model.__order__)])
            self.operation.update(model, table_of(model).c.id.in_(moved), {model.__order__: numbering.aside(model)})
            self.wrong += [
                (Line({}, row_id), errors) for row_id, errors in numbering.immovable(model, moved, self.person)
            ]
            rows = [{"id": row_id, model.__order__: number} for row_id, number in moved.items()]
            self.operation.update_rows(model, rows if not self.wrong else [])
        return {*moved}

    def _add(self, lines: Lines, row_id: int, numbers: Sequence[int]) -> int:
        new = [line for line in lines.kept if line.id is None]
        order = [{field_of(lines.model, lines.model.__order__): number} for number in numbers] or [{}] * len(new)
        for line, place in zip(new, order, strict=True):
            with self.gathering(line):
                create(lines.model, {lines.by: row_id, **lines.alike, **place, **line.values}, self.person, self.door)
        return len(new)

    def _edit(self, model: type[Record], row_id: int | None, values: Mapping[str, Any], seen: int | None) -> None:
        edit_at_once(self._one(model, row_id), values, self.person, door=self.door, seen_version=seen)

    def _one(self, model: type[Record], row_id: int | None) -> Selection:
        return Selection.parse(model, self.person, ids=(row_id or 0,))


def _title(name: str) -> str:
    with reader.kept():
        return gettext("Change %(row)s", row=name)


def _in_its_list(why: str) -> str:
    advice = gettext("Change fewer at once, or in a list of their own, where approval can be asked for.")
    return f"{why} {advice}"


def _counted(added: int, changed: int, removed: int) -> Iterator[str]:
    if added:
        yield ngettext("%(num)s added", "%(num)s added", added)
    if changed:
        yield ngettext("%(num)s changed", "%(num)s changed", changed)
    if removed:
        yield ngettext("%(num)s removed", "%(num)s removed", removed)


def _in_order(lines: Lines, row_id: int) -> Select[Any]:
    """Returns the SELECT of id and number of the lines of a row, in their order."""
    table, model = table_of(lines.model), lines.model
    number = table.columns[model.__order__ or "id"]
    return select(table.c.id, number.label("number")).where(table.columns[_column(lines)] == row_id).order_by(number)


def _column(lines: Lines) -> str:
    return fields_of(lines.model)[lines.by].column or lines.by


def _order(lines: Lines, stored: Mapping[int, int]) -> list[tuple[int | None, int]]:
    """Returns the lines (None: a new one) in their order with their numbers; what the form did not show stands behind those
    that it did, before new ones at the end."""
    ids = [line.id for line in lines.kept if line.id is None or line.id in stored]
    shown = max((place + 1 for place, row_id in enumerate(ids) if row_id is not None), default=0)
    ids[shown:shown] = [row_id for row_id in stored if row_id not in ids]
    numbers = numbering.numbered([None if row_id is None else stored[row_id] for row_id in ids])
    return list(zip(ids, numbers, strict=True))


def _versions(model: type[Record], ids: Sequence[int | None]) -> dict[int | None, int]:
    table = table_of(model)
    return dict(db.session.execute(select(table.c.id, table.c.version).where(table.c.id.in_(ids))).all()) if ids else {}
