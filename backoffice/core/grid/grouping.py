"""By which fields the rows of a grid can be grouped, and which figure of each group is shown."""

from __future__ import annotations

from collections.abc import Mapping

from backoffice.core import access
from backoffice.core.access import Person, Verb
from backoffice.core.grid.catalog import field_at
from backoffice.core.grid.declaration import Declaration
from backoffice.core.once import once
from backoffice.core.selection import Field, Kind, QueryError, can_group, visible_fields
from backoffice.core.wording import gettext, pgettext

MEASURES = ("sum", "average", "least", "most")


@once
def offered(person: Person, grid: type[Declaration]) -> Mapping[str, Field]:
    """Returns the fields of its own by which rows of a grid can be grouped: choices first, then as the grid shows them."""
    own = visible_fields(person, grid.model)
    names = dict.fromkeys((*(name for name in grid.columns if name in own), *own))
    found = [own[name] for name in names if groupable(person, own[name])]
    return {field.name: field for field in sorted(found, key=lambda field: field.kind is not Kind.CHOICE)}


def checked_group(grid: Declaration, person: Person, path: str) -> str:
    """Returns the path of a field that rows can be grouped by, "" for none. Raises QueryError for another one."""
    field = field_at(person, grid.model, path) if path else None
    if path and (field is None or not groupable(person, field)):
        known = ", ".join(offered(person, type(grid))) or pgettext("of fields to group by", "none here")
        raise QueryError(f"group={path}", gettext("rows are not grouped by that; they are by %(names)s", names=known))
    return path


def groupable(person: Person, field: Field) -> bool:
    """Says whether rows can be grouped by a field: each group has to be found again."""
    findable = field.kind is not Kind.RELATION or access.may(person, Verb.VIEW, field.target or field.model)
    return can_group(field) and findable
