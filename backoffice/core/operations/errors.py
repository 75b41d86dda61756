"""What can stand in the way of a change. Every message is a sentence for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backoffice.core.operations.models import Operation


class OperationError(Exception):
    """Nothing was changed; the text says why."""


class UnrecordedWrite(OperationError):
    """A programming error: a business table was written outside of `recording()`."""


class Invalid(OperationError):
    """Values that cannot be: a sentence per field; the key "" holds what concerns no single field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)


@dataclass(frozen=True)
class Difference:
    """One field of a conflict: the value that the form began with, the stored one, and the person's."""

    field: str
    label: str
    base: Any
    theirs: Any
    mine: Any


class Conflict(OperationError):
    """Somebody changed the same fields of the row meanwhile."""

    def __init__(
        self, who: str, when: datetime, differences: Sequence[Difference], version: int, mine: Iterable[str]
    ) -> None:
        super().__init__(f"Changed by {who} meanwhile.")
        self.who = who
        self.when = when
        self.differences = tuple(differences)
        self.version = version  # the row's present one: to be sent along when mine shall win
        self.mine = frozenset(mine)  # every field that the person changed: to be sent along, and no other


class Gone(OperationError):
    """The row no longer exists."""


class Blocked(OperationError):
    """Rows that other rows hold in place cannot be deleted."""


class PlanMoved(OperationError):
    """The rows differ from what the review showed, so nothing was applied."""

    def __init__(self, changed: int, entered: int, left: int, examples: Sequence[str]) -> None:
        parts = [
            f"{count:,} {'row' if count == 1 else 'rows'} {what}"
            for count, what in ((changed, "changed since"), (entered, "newly matched"), (left, "no longer matched"))
            if count
        ]
        named = f" ({', '.join(examples)})" if examples else ""
        super().__init__(f"Nothing was applied: {', '.join(parts)}{named}.")
        self.changed = changed
        self.entered = entered
        self.left = left
        self.examples = tuple(examples)


class NothingToDo(OperationError):
    """The plan changes no row: all are so already, or all are refused."""

    def __init__(self) -> None:
        super().__init__("No row would change.")


class AlreadyApplied(OperationError):
    """The plan has happened before; `operation` is what it became."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(f"This was already done: {operation.title}.")
        self.operation = operation


class Busy(OperationError):
    """Another person's work holds the rows; the same attempt may succeed in a moment."""

    def __init__(self) -> None:
        super().__init__("Somebody else is changing these rows right now. Nothing was changed; please try again.")
