"""What happened: every operation in a list, what each did row by row, and the way to take it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask.typing import ResponseReturnValue
from flask_admin import expose

from backoffice.core.access import Verb
from backoffice.core.grid import undoing
from backoffice.core.grid.changes import noun
from backoffice.core.grid.declaration import RowButton
from backoffice.core.grid.grid import Grid
from backoffice.core.grid.own_work import ONE, OwnWorkGrid, own_rights, own_rows
from backoffice.core.operations import Operation, undoable
from backoffice.core.operations.models import way_back, way_back_in_words
from backoffice.core.text import capital
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
    shows: ClassVar[dict[str, Any]] = {"entity_type": lambda kind: capital(noun(kind, 2))}
    rights: ClassVar[Any] = own_rights(own_rows(Operation.actor_id, Operation.approver_id))
    unlisted: ClassVar[frozenset[str]] = frozenset({*ONE, "undo_view"})
    verbs: ClassVar[dict[str, Verb]] = Grid.verbs | {"undo_view": Verb.VIEW}

    def row_buttons(self, rows: Sequence[Mapping[str, Any]], here: str) -> Mapping[int, RowButton]:
        """Returns "Undo", or "Redo" of an undo, for what can be taken back."""
        answers = undoable.answers(current_person(), [row["id"] for row in rows])
        return {
            row["id"]: RowButton(
                way_back(row["title"]),
                way_back_in_words(row["title"]),
                self.address("undo_view", id=row["id"], url=here),
                sends=True,
            )
            for row in rows
            if answers[row["id"]].offered
        }

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One operation: what it did to which row, field by field, and its "Undo"."""
        return undoing.show(self)

    @expose("/undo/", methods=("POST",))
    def undo_view(self) -> ResponseReturnValue:
        """Takes an operation back; rows that were changed later are shown first, and kept."""
        return undoing.undo(self)


GRIDS = (OperationGrid,)
