"""The grid of saved views: each sees their own, their team's and everybody's; only the owner and administrators change one."""

from __future__ import annotations

from typing import Any, ClassVar

from flask.typing import ResponseReturnValue
from flask_admin import expose

from backoffice.core.access import Right, Role, Verb, right
from backoffice.core.grid import view_notices
from backoffice.core.grid.changes import noun
from backoffice.core.grid.declaration import grid_of_kind
from backoffice.core.grid.grid import Grid
from backoffice.core.text import capital
from backoffice.core.views import SavedView, own, usable
from backoffice.core.wording import gettext
from backoffice.extensions import db

LOOK = ("search", "sort", "columns", "fit", "density", "group")
FORM = ("name", "icon", *LOOK, "visibility", "default_for", "opens_first")


def _own_views() -> Right:
    editable = (*(name for name in FORM if name != "default_for"), "entity_type")
    return right("VCED", editable=editable, scope=usable, changes=own)


class ViewGrid(Grid):
    """Saved views of every grid. They are made and changed on the lists themselves, renamed, shared and deleted here."""

    model = SavedView
    name = "views"
    nouns = ("view", "views")
    group = "Administration"
    icon = "view"
    columns = ("name", "entity_type", "visibility", "default_for", "owner_name", "updated_at")
    form = FORM
    create_form = ("name", "entity_type", *(name for name in FORM if name != "name"))
    filters = ("entity_type", "visibility", "default_for", "owner_name", "updated_at")
    default_sort = "name"
    sections: ClassVar[dict[str, tuple[str, ...]]] = {
        "View": ("name", "entity_type", "icon", "search", "sort", "columns", "fit", "density", "group"),
        "Whose": ("owner_name", "visibility", "team", "default_for", "opens_first", "created_at", "updated_at"),
    }
    shows: ClassVar[dict[str, Any]] = {"entity_type": lambda kind: capital(noun(kind, 2))}
    rights: ClassVar[Any] = {
        Role.ADMIN: right("VCEDBX"),
        **{role: _own_views() for role in (Role.REGISTRAR, Role.FINANCE, Role.COURSE_EDITOR, Role.SUPPORT)},
        Role.READ_ONLY: right("V", scope=usable),
    }

    verbs: ClassVar[dict[str, Verb]] = Grid.verbs | {"watch_view": Verb.VIEW}

    @expose("/watch/", methods=("POST",))
    def watch_view(self) -> ResponseReturnValue:
        """Switches on and off that one is told each day which rows entered or left a view."""
        return view_notices.switch(self)

    def links(self, row_id: int) -> list[tuple[str, str]]:
        address = self.made_address(row_id, "")
        return [(gettext("Open"), address)] if address else []

    def made_address(self, row_id: int, back: str) -> str:
        kind = db.session.get_one(SavedView, row_id).entity_type
        grid = grid_of_kind(kind)
        return grid.address(view=row_id) if grid is not None else back


GRIDS = (ViewGrid,)
