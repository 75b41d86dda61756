"""What happened to one row: its timeline, a page at a time, and who last changed which of its fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request

from backoffice.core import operations
from backoffice.core.access import Person
from backoffice.core.grid import formats
from backoffice.core.grid.declaration import Declaration, grids
from backoffice.core.operations import Entry
from backoffice.core.selection import QueryError
from backoffice.core.text import whole_number

SIZE = 20  # entries of a page
LOOKED_AT = 50  # newest entries, by which fields know who changed them
_DOORS = {
    "form": "in a form",
    "cell": "in the list",
    "bulk": "in bulk",
    "import": "by an import",
    "command": "by a command",
    "undo": "by an undo",
    "system": "by the program",
}


@dataclass(frozen=True)
class TimelineEntry:
    """What one operation did to the row."""

    number: int
    title: str
    url: str
    who: str
    when: str
    how: str
    reason: str
    compare_url: str
    fields: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class Timeline:
    """One page of what happened to a row; `newest_url` leads back to the first."""

    entries: Sequence[TimelineEntry]
    earlier_url: str
    newest_url: str


@dataclass(frozen=True)
class Story:
    """Who last changed a field; `url` leads to the operation, "" where it is not for the person to open."""

    who: str
    when: str
    number: int
    url: str


Stories = Mapping[str, Story]  # by the field's name


def told(grid: Declaration, person: Person, row_id: int, back: str | None) -> tuple[Timeline, Stories]:
    """Returns the page of the timeline that the request asks for, and the story of each field that one of the newest
    entries changed; `back` is the list that the person came from.
    """
    newest = operations.history(person, grid.model, row_id, LOOKED_AT)
    before = _place()
    found = newest if before is None else operations.history(person, grid.model, row_id, SIZE + 1, before)
    shown = found[:SIZE]
    here = {"id": row_id, "url": back}
    earlier = grid.address("details_view", before=shown[-1].change_id, **here) if len(found) > SIZE else ""
    timeline = Timeline(
        entries=[_entry(grid, row_id, back, entry, newest=entry is newest[0]) for entry in shown],
        earlier_url=f"{earlier}#timeline" if earlier else "",
        newest_url="" if before is None else f"{grid.address('details_view', **here)}#timeline",
    )
    return timeline, _stories(newest)


def _place() -> int | None:
    """Returns the entry after which the timeline goes on."""
    text = request.args.get("before")
    if text is None:
        return None
    place = whole_number(text)
    if place is None:
        raise QueryError(f"before={text}", "is no place in the history of a row")
    return place


def _entry(grid: Declaration, row_id: int, back: str | None, entry: Entry, newest: bool) -> TimelineEntry:
    comparable = not newest and entry.action != "delete"
    return TimelineEntry(
        number=entry.operation_id,
        title=entry.title,
        url=_address(entry),
        who=entry.who,
        when=formats.instant(entry.when),
        how=_DOORS[entry.door],
        reason=entry.reason,
        compare_url=grid.address("compare_view", id=row_id, one=entry.operation_id, url=back) if comparable else "",
        fields=[
            (c.label, formats.in_text(c.field, c.before), formats.in_text(c.field, c.after)) for c in entry.changes
        ],
    )


def _stories(newest: Sequence[Entry]) -> Stories:
    found: dict[str, Story] = {}
    for entry in reversed(newest):
        story = Story(entry.who, formats.instant(entry.when), entry.operation_id, _address(entry))
        found |= {change.field.name: story for change in entry.changes}
    return found


def _address(entry: Entry) -> str:
    """Returns the address of the operation, where the person may open it."""
    log = grids().get("operations") if entry.open else None
    return log.address("details_view", id=entry.operation_id) if log else ""
