"""What an operation did, row by row and field by field, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import func, select

from backoffice.core import access
from backoffice.core.access import Person, Verb
from backoffice.core.grid import formats
from backoffice.core.grid.declaration import grid_of, grid_of_kind
from backoffice.core.grid.pages import COUNTED
from backoffice.core.operations import Change, Operation, births
from backoffice.core.operations.display import numbered, refs, related, value_of
from backoffice.core.operations.tables import model_named, plural, singular
from backoffice.core.selection import Field, Kind, Ref, Selection, visible_field, visible_fields
from backoffice.core.text import capital
from backoffice.core.wording import ngettext, pgettext
from backoffice.extensions import db

SIZE = 50
STAMPS = frozenset({"created_at", "updated_at"})  # the operation's own time says the same
DONE: dict[str, Callable[[], str]] = {
    "create": lambda: pgettext("of rows", "created"),
    "update": lambda: pgettext("of rows", "changed"),
    "delete": lambda: pgettext("of rows", "deleted"),
}


@dataclass(frozen=True)
class ChangedRow:
    """One row of an operation."""

    kind: str
    name: str  # a link where the row still exists and has a page
    action: str
    fields: Sequence[tuple[str, str, str]]


def tally(operation_id: int) -> list[tuple[str, int, str]]:
    """Returns (noun, number, what happened) per kind of row: ("students", 7, "changed")."""
    if births.of_operation(db.session.connection(), operation_id):
        entry = db.session.get_one(Operation, operation_id)
        created = DONE["create"]()
        return [(noun(kind, count["create"]), count["create"], created) for kind, count in entry.counts.items()]
    grouped = select(Change.entity_type, Change.action, func.count()).where(Change.operation_id == operation_id)
    rows = db.session.execute(grouped.group_by(Change.entity_type, Change.action).order_by(func.count().desc()))
    return [(noun(kind, count), count, DONE[action]()) for kind, action, count in rows]


def left_as_is(person: Person, operation: Operation) -> list[tuple[str, str]]:
    """Returns (text, address) of the lists of rows that are as the operation left them, per kind that `person` may list."""
    found = []
    for kind, counts in operation.counts.items():
        model = model_named(kind)
        grid = grid_of(model)
        if grid is None or set(counts) <= {"delete"} or visible_field(person, model, "version") is None:
            continue
        selection = Selection.parse(model, person, search=f"version:{operation.id}", sort=(grid.default_sort,))
        count = selection.count(COUNTED)
        if count.number:
            rows = f"{count.shown} {grid.noun(count.number)}"
            words = ngettext("%(rows)s as this left it", "%(rows)s as this left them", count.number, rows=rows)
            found.append((words, grid.address(search=selection.search)))
    return found


def noun(entity_type: str, number: int) -> str:
    """Returns what rows of a table are called on the screen."""
    grid = grid_of_kind(entity_type)  # requests for approval are shown as well, though no operation writes them
    if grid is not None:
        return grid.noun(number)
    return singular(entity_type) if number == 1 else plural(entity_type)


def page_of(person: Person, operation_id: int, number: int) -> list[ChangedRow]:
    """Returns one page of the operation's rows, in fields that `person` may see; related rows by one query per kind."""
    found = select(Change).where(Change.operation_id == operation_id).order_by(Change.id)
    loaded = births.page(db.session.connection(), operation_id, SIZE, number * SIZE)
    changes = loaded or list(db.session.scalars(found.limit(SIZE).offset(number * SIZE)))
    models = {kind: model_named(kind) for kind in {change.entity_type for change in changes}}
    seen = {kind: visible_fields(person, model) for kind, model in models.items()}
    known = _related(changes, seen)
    for kind, model in models.items():
        known[model] |= refs(model, {change.entity_id for change in changes if change.entity_type == kind})
    return [_row(person, change, models[change.entity_type], seen[change.entity_type], known) for change in changes]


Known = dict[Any, dict[int, Ref]]


def _related(changes: Iterable[Change], seen: Mapping[str, Mapping[str, Field]]) -> Known:
    found: Known = defaultdict(dict)
    for kind, fields in seen.items():
        pairs = [(change.before, change.after) for change in changes if change.entity_type == kind]
        for model, rows in related(fields.values(), pairs).items():
            found[model] |= rows
    return found


def _row(person: Person, change: Change, model: Any, fields: Mapping[str, Field], known: Known) -> ChangedRow:
    return ChangedRow(
        kind=capital(noun(change.entity_type, 1)),
        name=_name(person, change, model, known),
        action=DONE[change.action](),
        fields=[_sides(change, field, known) for field in fields.values() if _differs(change, field)],
    )


def _name(person: Person, change: Change, model: Any, known: Known) -> str:
    if not access.may(person, Verb.VIEW, model):
        return numbered(change.entity_id)
    ref = known[model].get(change.entity_id)
    if ref is None:
        return _name_then(change, model)
    grid = grid_of(model)
    if grid is None:
        return ref.label
    return Markup('<a href="{}">{}</a>').format(grid.address("details_view", id=ref.id), ref.label)


def _name_then(change: Change, model: Any) -> str:
    """Returns what a row that is gone was called."""
    row = change.before or change.after or {}
    return str(row.get(model.__label__) or row.get(model.__key__) or numbered(change.entity_id))


def _differs(change: Change, field: Field) -> bool:
    before, after = change.before or {}, change.after or {}
    return field.column is not None and field.name not in STAMPS and before.get(field.column) != after.get(field.column)


def _sides(change: Change, field: Field, known: Known) -> tuple[str, str, str]:
    return field.label, _side(change.before, field, known), _side(change.after, field, known)


def _side(row: Mapping[str, Any] | None, field: Field, known: Known) -> str:
    stored = (row or {}).get(field.column or "")
    if field.kind is Kind.RELATION and stored is not None:
        ref = known[field.target].get(stored)
        return ref.label if ref else numbered(stored)
    return formats.in_text(field, value_of(field, stored, row))
