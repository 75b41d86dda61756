"""What somebody may mean by a few letters: pages, saved views, rows of every kind, and what can be done. Best first.

Whatever is found is found as its own page would: by the menu, by the views that one may use, by the search of each grid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select

from backoffice.core import views
from backoffice.core.access import Person, Verb
from backoffice.core.database import if_in_time
from backoffice.core.grid.declaration import Declaration, grid_of, grids
from backoffice.core.grid.pickers import LONGEST, Candidate, as_search, named
from backoffice.core.operations import Operation, undoable
from backoffice.core.selection import Literal, Op, QueryError, Term, equals, visible_fields
from backoffice.core.text import fold
from backoffice.core.text_index import SHORTEST
from backoffice.core.views import SavedView
from backoffice.core.web import shell
from backoffice.core.wording import gettext
from backoffice.extensions import db

MOST = 5  # of each kind
SECONDS = 0.3  # that the rows of one kind may take
RECENT = 20  # operations among which one's last that can be taken back is looked for


@dataclass(frozen=True)
class Hit:
    """Something to go to. `note` tells it from another of the same name."""

    label: str
    url: str
    icon: str
    note: str = ""


@dataclass(frozen=True)
class Group:
    """Hits of one kind; `problem` says why there may be more."""

    name: str
    hits: Sequence[Hit]
    problem: str = ""


def found(person: Person, text: str) -> list[Group]:
    """Returns what `text` may mean for `person`; without any text the pages and what can be done."""
    text = text[:LONGEST].strip()
    groups = [Group(gettext("Pages"), _matching(_pages(), text))]
    if text:
        groups.append(Group(gettext("Views"), _views(person, text)))
        groups += [_rows(person, grid, text) for grid in grids().values() if _is_looked_through(person, grid)]
    groups.append(Group(gettext("Actions"), _matching(_actions(person), text)))
    exact = [group for group in groups if any(fold(text) == fold(hit.note or hit.label) for hit in group.hits)]
    rest = [group for group in groups if group not in exact]
    return [group for group in (*exact, *rest) if group.hits or group.problem]


def last_own(person: Person) -> int | None:
    """Returns the number of the last operation of `person` that they can still take back, or whose page says what to do instead."""
    if not grids()["operations"].may(person, Verb.VIEW):
        return None
    mine = select(Operation.id).where(Operation.actor_id == person.id).order_by(Operation.id.desc()).limit(RECENT)
    recent = list(db.session.scalars(mine))
    answers = undoable.answers(person, recent)
    return next((number for number in recent if answers[number].offered or answers[number].instead), None)


def _pages() -> Iterator[Hit]:
    for section in shell.menu():
        yield from (Hit(entry.name, entry.url, entry.icon, section.name) for entry in section.entries)
    yield Hit(gettext("Your account"), url_for("account.index"), "key")


def _actions(person: Person) -> Iterator[Hit]:
    for grid in grids().values():
        if grid.may(person, Verb.CREATE) and grid.create_form_for(person):
            yield Hit(gettext("New %(noun)s", noun=grid.noun(1)), grid.address("create_view"), "add")
    last = last_own(person)
    if last is not None:
        yield Hit(gettext("Undo the last thing I did"), grids()["operations"].address("details_view", id=last), "undo")


def _matching(hits: Iterable[Hit], text: str) -> list[Hit]:
    """Returns those of which each word of `text` begins a word of the name."""
    wanted = fold(text).split()
    return [hit for hit in hits if all(_begins(word, fold(hit.label).split()) for word in wanted)]


def _begins(word: str, names: Iterable[str]) -> bool:
    return any(name.startswith(word) for name in names)


def _views(person: Person, text: str) -> list[Hit]:
    holds = SavedView.name_key.contains(fold(text), autoescape=True)
    asked = select(SavedView.id, SavedView.name, SavedView.icon, SavedView.entity_type)
    rows = db.session.execute(asked.where(views.usable(person), holds).order_by(SavedView.name_key).limit(MOST))
    by_kind = {grid.model.__tablename__: grid for grid in grids().values()}
    return [
        Hit(name, by_kind[kind].address(view=number), icon or "view", by_kind[kind].heading())
        for number, name, icon, kind in rows
        if kind in by_kind
    ]


def _is_looked_through(person: Person, grid: Declaration) -> bool:
    own = hasattr(grid.model, "search_text") and grid.model is not SavedView
    return own and grid_of(grid.model) is grid and grid.may(person, Verb.VIEW)


def _rows(person: Person, grid: Declaration, text: str) -> Group:
    try:
        rows = if_in_time(db.session(), SECONDS, lambda: _named(person, grid, text))
    except QueryError:  # nothing that this grid could search for
        return Group(grid.heading(), ())
    if rows is None:
        return Group(
            grid.heading(),
            (),
            gettext("Looking through %(nouns)s took too long: search in their list.", nouns=grid.noun(2)),
        )
    return Group(grid.heading(), [_hit(grid, row) for row in rows])


def _named(person: Person, grid: Declaration, text: str) -> list[Candidate]:
    """Returns the rows that the text is the key of, then those that hold its words themselves.

    A grid may search through related rows as well. Here those are found as what they are, not once with each row of theirs.
    """
    model, seen = grid.model, visible_fields(person, grid.model)
    key, first = getattr(model, "__key__", "id"), next(iter(getattr(model, "__search__", ())), "")
    exact = (
        named(model, 1, filters=(equals(key, text),), near=True)
        if key in seen and key != "id" and " " not in text
        else []
    )
    if not getattr(model, "__search_through__", ()):
        exact += named(model, MOST, search=as_search(text), near=True)
    elif first in seen and len(fold(text)) >= SHORTEST:
        exact += named(model, MOST, filters=(Term((first,), Op.CONTAINS, (Literal(text),)),), near=True)
    return list(dict.fromkeys(exact))[:MOST]


def _hit(grid: Declaration, row: Candidate) -> Hit:
    note = "" if row.key == row.label else row.key
    return Hit(row.label, grid.address("details_view", id=row.id), grid.icon or type(grid).name, note)
