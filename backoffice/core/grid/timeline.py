"""What happened to one row and to what belongs to it, a page at a time, and who last changed which of its fields.

An export keeps in words which rows it took and not one by one, so nobody can say in which of them a row was: a link leads to
those of its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import request
from markupsafe import Markup

from backoffice.core import operations, reader
from backoffice.core.access import Person
from backoffice.core.grid import formats
from backoffice.core.grid.declaration import Declaration, grid_of, grids
from backoffice.core.grid.panels import relation_of
from backoffice.core.operations import Belonging, Entry
from backoffice.core.operations.history import About
from backoffice.core.selection import QueryError
from backoffice.core.text import capital, whole_number
from backoffice.core.wording import gettext

SIZE = 20  # entries of a page
ALONE = "alone"  # in the address: without what belongs to the row
LOOKED_AT = 50  # newest entries, by which fields know who changed them
_DOORS: dict[str, Callable[[], str]] = {
    "form": lambda: gettext("in a form"),
    "cell": lambda: gettext("in the list"),
    "bulk": lambda: gettext("in bulk"),
    "import": lambda: gettext("by an import"),
    "command": lambda: gettext("by a command"),
    "undo": lambda: gettext("by an undo"),
    "system": lambda: gettext("by the program"),
}


@dataclass(frozen=True)
class TimelineEntry:
    """What one operation did to the row, or to one that belongs to it."""

    number: int
    title: str
    about: str  # which other row it is about, "" where it is the row itself
    url: str
    who: str
    when: str
    how: str
    reason: str
    compare_url: str
    fields: Sequence[tuple[str, str, str]]
    undo: str  # what taking the operation back is called, "" where that is not to be done from here
    undo_url: str


@dataclass(frozen=True)
class Timeline:
    """One page of what happened to a row; `newest_url` leads back to the first."""

    entries: Sequence[TimelineEntry]
    earlier_url: str
    newest_url: str
    choices: Sequence[tuple[str, str, bool]]  # words, address, whether that is what is shown
    exports: str  # which files may have had the row
    exports_url: str  # "" where the person may not list them


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
    belongings, before = belongings_of(grid, person), _place()
    alone = ALONE in request.args
    found, more = newest[:SIZE], len(newest) > SIZE
    if (belongings and not alone) or before is not None:
        found, more = operations.story(person, grid.model, row_id, [] if alone else belongings, SIZE, before)
    here = {"id": row_id, "url": back}
    shown = here | ({ALONE: 1} if alone else {})
    timeline = Timeline(
        entries=[
            _entry(grid, row_id, back, entry, newest=bool(newest) and entry.change_id == newest[0].change_id)
            for entry in found
        ],
        earlier_url=_at(grid, before=found[-1].change_id, **shown) if more else "",
        newest_url="" if before is None else _at(grid, **shown),
        choices=_choices(grid, here, alone) if belongings else (),
        exports=gettext("exports of %(nouns)s", nouns=grid.noun(2)),
        exports_url=_exports_url(grid, person),
    )
    return timeline, _stories(newest)


def _choices(grid: Declaration, here: Mapping[str, int | str | None], alone: bool) -> list[tuple[str, str, bool]]:
    return [
        (gettext("With what belongs to it"), _at(grid, **here), not alone),
        (gettext("This alone"), _at(grid, **here, **{ALONE: 1}), alone),
    ]


def _at(grid: Declaration, **values: int | str | None) -> str:
    return f"{grid.address('details_view', **values)}#timeline"


def _exports_url(grid: Declaration, person: Person) -> str:
    log = grids().get("operations")
    if log is None or not log.offered_to(person):
        return ""
    return log.address(search=f"verb:export entity_type:{grid.model.__tablename__}")


def belongings_of(grid: Declaration, person: Person) -> list[Belonging]:
    """Returns what belongs to the rows of the grid, as far as `person` may see that it does."""
    found = []
    for panel in grid.panels:
        other = grids().get(panel.grid) if panel.in_story else None
        relation = other.known_field(person, relation_of(panel, grid.model, other)) if other else None
        if other is not None and relation is not None and relation.column is not None:
            found.append(Belonging(other.model, relation.column))
    return found


def _place() -> int | None:
    """Returns the entry after which the timeline goes on."""
    text = request.args.get("before")
    if text is None:
        return None
    place = whole_number(text)
    if place is None:
        raise QueryError(f"before={text}", gettext("is no place in the history of a row"))
    return place


def _entry(grid: Declaration, row_id: int, back: str | None, entry: Entry, newest: bool) -> TimelineEntry:
    comparable = not newest and entry.action != "delete" and entry.about is None
    stays = entry.about is not None or entry.action != "create"  # else there would be no page to come back to
    log = grids().get("operations") if entry.undo and stays else None
    here = grid.address("details_view", id=row_id, url=back)
    return TimelineEntry(
        number=entry.operation_id,
        title=entry.title,
        about=_about(entry.about, named=entry.open) if entry.about else "",
        url=_address(entry),
        who=entry.who,
        when=reader.moment(entry.when),
        how=_DOORS[entry.door](),
        reason=entry.reason,
        compare_url=grid.address("compare_view", id=row_id, one=entry.operation_id, url=back) if comparable else "",
        fields=[
            (c.label, formats.in_text(c.field, c.before), formats.in_text(c.field, c.after)) for c in entry.changes
        ],
        undo=entry.undo if log else "",
        undo_url=log.address("undo_view", id=entry.operation_id, url=here) if log else "",
    )


def _about(about: About, named: bool) -> str:
    """Returns the row that an entry is about, as a link to its page where it has one, or how many there are; `named`: what
    was done says already what the row is called.
    """
    grid = grid_of(about.model)
    if grid is None:
        return ""
    if about.ref is None:
        return grid.counted(about.number)
    said = capital(grid.noun(1)) if named else f"{capital(grid.noun(1))} {about.ref.label}"
    url = grid.address("details_view", id=about.ref.id) if about.there else ""
    return Markup('<a href="{}">{}</a>').format(url, said) if url else said


def _stories(newest: Sequence[Entry]) -> Stories:
    found: dict[str, Story] = {}
    for entry in reversed(newest):
        story = Story(entry.who, reader.moment(entry.when), entry.operation_id, _address(entry))
        found |= {change.field.name: story for change in entry.changes}
    return found


def _address(entry: Entry) -> str:
    """Returns the address of the operation, where the person may open it."""
    log = grids().get("operations") if entry.open else None
    return log.address("details_view", id=entry.operation_id) if log else ""
