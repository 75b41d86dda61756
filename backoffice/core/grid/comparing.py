"""Two versions of one row side by side, and the way back to the earlier one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from backoffice.core import operations, reader
from backoffice.core.access import Person, Verb
from backoffice.core.grid import formats, review
from backoffice.core.grid.catalog import label_name
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import id_of, one, requested_id, row_of, way_back
from backoffice.core.model import Record
from backoffice.core.operations import Comparison, Entry, Invalid, NoVersion, Side
from backoffice.core.operations.rights import may_change
from backoffice.core.selection import Kind
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext

OFFERED = 50  # versions


@dataclass(frozen=True)
class ComparedField:
    """One field in both versions, as text; `restores` is the field's name where it can be put back."""

    label: str
    one: str
    other: str
    restores: str


@dataclass(frozen=True)
class ComparePage:
    """What admin/model/compare.html shows."""

    heading: str
    record_url: str
    return_url: str  # "" for whoever came from no list
    action: str
    restore_url: str
    row_id: int
    one: int
    other: int | None
    one_words: str
    other_words: str
    versions: Sequence[tuple[int, str]]
    differing: Sequence[ComparedField]
    same: Sequence[ComparedField]
    restorable: int
    problems: Sequence[str]


def show(grid: Declaration) -> ResponseReturnValue:
    """Answers two versions of the row: as the operation `one` left it, and as `other` did or as it is now."""
    row_id = _record(grid)
    return _page(grid, row_id, _number("one"), _number("other"))


def restore(grid: Declaration) -> ResponseReturnValue:
    """Leads to the review of putting one field, or all that differ, back to what the operation `one` left."""
    person, row_id, version = current_person(), _record(grid), _number("one") or 0
    sides = _restorable(grid, person, row_id, _compared(grid, person, row_id, version, None))
    name = request.form.get("field") or ""
    if name and name not in sides:
        return _page(
            grid, row_id, version, None, [gettext("This field is so already, or it is not yours to change.")]
        ), 422
    wanted = _wanted(sides, name)
    if not wanted:
        return _page(grid, row_id, version, None, [gettext("There is nothing that you could put back.")]), 422
    values = {field: side.one for field, side in wanted.items()}
    with reader.kept():
        reason = gettext("As it was after operation %(number)s", number=version)
    try:
        plan = operations.plan_edit(one(grid, row_id), values, person, door="form", reason=reason)
    except Invalid as error:
        return _page(grid, row_id, version, None, list(error.errors.values())), 422
    return review.lead_to(grid, plan)


def _record(grid: Declaration) -> int:
    """Returns the number of the row that is meant, which the person may see. Answers 404 where rows have no versions."""
    if not issubclass(grid.model, Record):
        abort(404)
    row_id = requested_id()
    row_of(grid, row_id, {})
    return row_id


def _number(name: str) -> int | None:
    text = request.values.get(name) or ""
    return id_of(text) if text else None


def _compared(grid: Declaration, person: Person, row_id: int, version: int, other: int | None) -> Comparison:
    try:
        return operations.compared(person, grid.model, row_id, version, other)
    except NoVersion as error:
        raise NotFound(str(error)) from error


def _restorable(grid: Declaration, person: Person, row_id: int, found: Comparison) -> dict[str, Side]:
    """Returns the fields that the person may put back, by name."""
    if not (grid.may(person, Verb.EDIT) and may_change(person, grid.model, row_id)):
        return {}
    theirs = grid.form_for(person)
    return {side.field.name: side for side in found.sides if side.differs_now and side.field.name in theirs}


def _wanted(sides: Mapping[str, Side], name: str) -> Mapping[str, Side]:
    """Returns the fields to put back: all, or one; an amount takes its currency along."""
    if not name:
        return sides
    currency = sides[name].field.currency if sides[name].field.kind is Kind.MONEY else None
    return {field: side for field, side in sides.items() if field in (name, currency)}


def _page(grid: Declaration, row_id: int, version: int | None, other: int | None, problems: Sequence[str] = ()) -> str:
    person = current_person()
    entries = operations.history(person, grid.model, row_id, OFFERED)
    known = {entry.operation_id: _words(entry) for entry in entries if entry.action != "delete"}
    if not known:
        raise NotFound(gettext("Nothing is recorded of this row any more, so there are no versions to compare."))
    version = version or list(known)[min(1, len(known) - 1)]
    found = _compared(grid, person, row_id, version, other)
    back = way_back(grid) if request.args.get("url") else None
    record = grid.address("details_view", id=row_id, url=back)
    restorable = _restorable(grid, person, row_id, found) if other is None else {}
    differing = [_shown(side, restorable) for side in found.differing]
    page = ComparePage(
        heading=_name(grid, person, row_id),
        record_url=record,
        return_url=back or "",
        action=grid.address("compare_view"),
        restore_url=grid.address("restore_view", id=row_id, one=version, url=record),
        row_id=row_id,
        one=version,
        other=other,
        one_words=known.get(version) or _unlisted(version),
        other_words=gettext("As it is now") if other is None else known.get(other) or _unlisted(other),
        versions=list(known.items()),
        differing=differing,
        same=[_shown(side, {}) for side in found.same],
        restorable=len(restorable),
        problems=problems,
    )
    return grid.render("admin/model/compare.html", page=page)


def _words(entry: Entry) -> str:
    return gettext(
        "Operation %(number)s: %(when)s, %(person)s",
        number=entry.operation_id,
        when=reader.moment(entry.when),
        person=entry.who,
    )


def _unlisted(version: int) -> str:
    return gettext("After operation %(number)s", number=version)


def _name(grid: Declaration, person: Person, row_id: int) -> str:
    row = row_of(grid, row_id, {})
    return str(row.get(label_name(person, grid.model)) or row_id)


def _shown(side: Side, restorable: Mapping[str, Side]) -> ComparedField:
    name = side.field.name
    one_, other = (formats.in_text(side.field, value) for value in (side.one, side.other))
    return ComparedField(side.field.label, one_, other, name if name in restorable else "")
