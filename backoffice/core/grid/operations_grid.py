"""What happened: every operation in a list, what each did row by row, and the way to take it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import abort
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import ColumnElement, false

from backoffice.core.access import Person, Role, Verb, right
from backoffice.core.grid import undoing
from backoffice.core.grid.changes import noun
from backoffice.core.grid.grid import Grid
from backoffice.core.operations import Operation
from backoffice.core.operations.models import way_back, way_back_in_words
from backoffice.core.text import words
from backoffice.core.web.gate import current_person


def own(person: Person) -> ColumnElement[bool]:
    """Returns the condition of operations that `person` did."""
    return Operation.actor_id == person.id if person.id is not None else false()


class OperationGrid(Grid):
    """Read-only. Whoever did something may look at it and take it back; the list is for those whose role includes it."""

    model = Operation
    name = "operations"
    group = "Administration"
    columns = ("at", "title", "actor_name", "door", "verb", "entity_type", "row_count", "undone")
    filters = ("at", "actor_name", "door", "verb", "entity_type", "undone")
    default_sort = "-id"
    sections: ClassVar[dict[str, tuple[str, ...]]] = {
        "What": ("title", "selection", "reason", "row_count"),
        "Who and when": ("actor_name", "at", "door", "verb"),
    }
    shows: ClassVar[dict[str, Any]] = {"entity_type": lambda kind: words(noun(kind, 2))}
    rights: ClassVar[Any] = {
        Role.ADMIN: right("VX"),
        Role.REGISTRAR: right("V", scope=own),
        Role.FINANCE: right("V", scope=own),
        Role.COURSE_EDITOR: right("V", scope=own),
        Role.SUPPORT: right("V", scope=own),
    }
    listed_for: ClassVar[frozenset[Role]] = frozenset({Role.ADMIN, Role.REGISTRAR, Role.FINANCE})
    verbs: ClassVar[dict[str, Verb]] = Grid.verbs | {"undo_view": Verb.VIEW}

    def row_button(self, row: Mapping[str, Any]) -> tuple[str, str, str] | None:
        """Returns "Undo", or "Redo" of an undo, for what changed rows and was not taken back."""
        if row["undone"] or not row["row_count"] or not row["entity_type"] or row["verb"] in ("export", "login"):
            return None
        return (
            way_back(row["title"]),
            way_back_in_words(row["title"]),
            self.address("undo_view", id=row["id"], url=self.address()),
        )

    def is_visible(self) -> bool:
        return current_person().role in self.listed_for

    def _handle_view(self, name: str, **arguments: Any) -> ResponseReturnValue | None:
        if name not in ("details_view", "undo_view") and current_person().role not in self.listed_for:
            abort(403)
        return super()._handle_view(name, **arguments)

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One operation: what it did to which row, field by field, and its "Undo"."""
        return undoing.show(self)

    @expose("/undo/", methods=("POST",))
    def undo_view(self) -> ResponseReturnValue:
        """Takes an operation back; rows that were changed later are shown first, and kept."""
        return undoing.undo(self)


GRIDS = (OperationGrid,)
