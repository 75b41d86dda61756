"""Which views a person may use, and which one a name means."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, and_, bindparam, false, func, or_, select, true

from backoffice.core import access
from backoffice.core.access import Person, Verb
from backoffice.core.text import fold, whole_number
from backoffice.core.views.models import SavedView
from backoffice.core.wording import gettext
from backoffice.extensions import db

LISTED = 30  # entries of a list's menu; the grid of views shows all


@dataclass(frozen=True)
class Entry:
    """A view in a list's menu. `first`: the list opens with it."""

    id: int
    name: str
    icon: str
    first: bool


@dataclass(frozen=True)
class View:
    """A view as somebody opens it; `own`: it is theirs to change."""

    id: int
    version: int
    name: str
    icon: str
    search: str
    sort: str
    columns: str
    fit: str
    density: str
    group: str
    owner_name: str
    visibility: str
    own: bool


def own(person: Person) -> ColumnElement[bool]:
    """Returns the condition of the views that are the person's to change."""
    return SavedView.owner_id == person.id if person.id is not None else false()


def usable(person: Person) -> ColumnElement[bool]:
    """Returns the condition of the views that a person may use: their own, their team's, everybody's; of grids they may open."""
    grids = [model.__tablename__ for model in access.declared() if access.may(person, Verb.VIEW, model)]
    return and_(_shared(person), SavedView.entity_type.in_(grids))


def _shared(person: Person) -> ColumnElement[bool]:
    if person.id is None:
        return true()
    return or_(
        own(person),
        SavedView.visibility == "everyone",
        and_(SavedView.visibility == "team", SavedView.team == person.role),
    )


@cache
def listing(dialect: str) -> Any:
    """Returns the scalar SELECT of the views for the menu of a list, as one JSON value: it costs no statement of its own.

    Every list has it, so it is made once. It is executed with `listing_params`.
    """
    kind, owner, role = (
        bindparam("view_kind", type_=String),
        bindparam("view_owner", type_=BigInteger),
        bindparam("view_role", type_=String),
    )
    mine = SavedView.owner_id == owner
    team = and_(SavedView.visibility == "team", SavedView.team == role)
    first = or_(and_(SavedView.opens_first, mine), SavedView.default_for == role)
    rows = (
        select(SavedView.id, SavedView.name, SavedView.icon, first.label("first"), SavedView.opens_first)
        .where(SavedView.entity_type == kind, or_(mine, SavedView.visibility == "everyone", team))
        .order_by(mine.desc(), SavedView.name_key, SavedView.id)
        .limit(LISTED)
        .subquery()
    )
    columns = (rows.c.id, rows.c.name, rows.c.icon, rows.c.first, rows.c.opens_first)
    if dialect == "sqlite":
        return select(func.json_group_array(func.json_array(*columns))).scalar_subquery().label("views")
    return select(func.json_agg(func.json_build_array(*columns))).scalar_subquery().label("views")


def listing_params(person: Person, model: type[Any]) -> dict[str, Any]:
    """Returns for whom and of which grid a `listing` is."""
    return {"view_kind": model.__tablename__, "view_owner": person.id, "view_role": person.role}


def listed(value: Any) -> list[Entry]:
    """Returns the entries that a `listing` selected. One's own that opens first comes before the default of a role."""
    rows = (json.loads(value) if isinstance(value, str) else value) or []
    firsts = [row for row in rows if row[3]]
    first = max(firsts, key=lambda row: bool(row[4]))[0] if firsts else None
    return [Entry(row[0], row[1], row[2], row[0] == first) for row in rows]


def views_of(person: Person, model: type[Any]) -> list[View]:
    """Returns the views of a grid that `person` may use, their own first."""
    ordered = _rows(person, model).order_by(own(person).desc(), SavedView.name_key, SavedView.id)
    return [_view(row) for row in db.session.execute(ordered)]


def find(person: Person, model: type[Any], text: str) -> View:
    """Returns the view of this number or name: one's own before the team's before everybody's. Raises LookupError."""
    number = whole_number(text)
    meant = SavedView.name_key == fold(text) if number is None else SavedView.id == number
    found = [_view(row) for row in db.session.execute(_rows(person, model).where(meant).order_by(SavedView.id))]
    if not found:
        raise LookupError(gettext("there is no such view, or it is not shared with you"))
    nearest = min(map(_distance, found))
    best = [view for view in found if _distance(view) == nearest]
    if len(best) > 1:
        raise LookupError(
            gettext(
                "%(number)s views have this name; use the number of one: %(numbers)s",
                number=len(best),
                numbers=", ".join(str(view.id) for view in best),
            )
        )
    return best[0]


def _distance(view: View) -> int:
    return 0 if view.own else 1 if view.visibility == "team" else 2


def _rows(person: Person, model: type[Any]) -> Select[Any]:
    mine = true() if person.role == access.Role.ADMIN else own(person)
    columns: tuple[Any, ...] = (
        *(SavedView.id, SavedView.version, SavedView.name, SavedView.icon),
        *(func.coalesce(column, "") for column in (SavedView.search, SavedView.sort, SavedView.columns)),
        *(
            func.coalesce(SavedView.fit, ""),
            SavedView.density,
            func.coalesce(SavedView.group, ""),
            SavedView.owner_name,
            SavedView.visibility,
            mine.label("own"),
        ),
    )
    return select(*columns).where(SavedView.entity_type == model.__tablename__, _shared(person))


def _view(row: Any) -> View:
    return View(*row)
