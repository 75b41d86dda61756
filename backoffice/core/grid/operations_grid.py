"""What happened: every operation in a list, what each did row by row, and the way to take it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask.typing import ResponseReturnValue
from flask_admin import expose

from backoffice.core.access import Role, Verb
from backoffice.core.grid import undoing
from backoffice.core.grid.changes import noun
from backoffice.core.grid.grid import Grid
from backoffice.core.grid.own_work import ONE, OwnWorkGrid, own_rights, own_rows
from backoffice.core.operations import Operation
from backoffice.core.operations.models import way_back, way_back_in_words
from backoffice.core.text import words
from backoffice.core.web.gate import current_person


class OperationGrid(OwnWorkGrid):
    """Read-only. Whoever did something may look at it and take it back; the list is for those whose role includes it."""

    model = Operation
    name = "operations"
    columns = ("at", "title", "actor_name", "door", "verb", "entity_type", "row_count", "undone")
    filters = ("at", "actor_name", "door", "verb", "entity_type", "undone")
    default_sort = "-id"
    sections: ClassVar[dict[str, tuple[str, ...]]] = {
        "What": ("title", "selection", "reason", "row_count"),
        "Who and when": ("actor_name", "at", "door", "verb"),
        "Second person": ("approver_name", "approval"),
    }
    shows: ClassVar[dict[str, Any]] = {"entity_type": lambda kind: words(noun(kind, 2))}
    rights: ClassVar[Any] = own_rights(own_rows(Operation.actor_id, Operation.approver_id))
    unlisted: ClassVar[frozenset[str]] = frozenset({*ONE, "undo_view"})
    verbs: ClassVar[dict[str, Verb]] = Grid.verbs | {"undo_view": Verb.VIEW}

    def row_button(self, row: Mapping[str, Any]) -> tuple[str, str, str] | None:
        """Returns "Undo", or "Redo" of an undo, for what changed rows and was not taken back."""
        person = current_person()
        if person.role != Role.ADMIN and row["actor_name"] != person.full_name:  # they only approved it
            return None
        if row["undone"] or not row["row_count"] or not row["entity_type"] or row["verb"] in ("export", "login"):
            return None
        return (
            way_back(row["title"]),
            way_back_in_words(row["title"]),
            self.address("undo_view", id=row["id"], url=self.address()),
        )

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One operation: what it did to which row, field by field, and its "Undo"."""
        return undoing.show(self)

    @expose("/undo/", methods=("POST",))
    def undo_view(self) -> ResponseReturnValue:
        """Takes an operation back; rows that were changed later are shown first, and kept."""
        return undoing.undo(self)


GRIDS = (OperationGrid,)
