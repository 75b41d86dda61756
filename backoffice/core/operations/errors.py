"""What can stand in the way of a change. Every message is a sentence for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from backoffice.core import reader
from backoffice.core.selection import Ref
from backoffice.core.wording import gettext, ngettext

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


class InvalidLines(Invalid):
    """The same for the lines of a row, each with its own sentences; `errors` are those of the row itself."""

    def __init__(self, errors: Mapping[str, str], lines: Sequence[tuple[Any, Mapping[str, str]]]) -> None:
        super().__init__({**errors})
        self.lines = tuple(lines)


class Conflict(OperationError):
    """Somebody changed the same fields of the row, or of one of its lines, meanwhile."""

    line: Any = None  # the one that it is about

    def __init__(
        self, who: str, when: datetime, differences: Sequence[Difference], version: int, mine: Iterable[str]
    ) -> None:
        super().__init__(gettext("Changed by %(person)s meanwhile.", person=who))
        self.who = who
        self.when = when
        self.differences = tuple(differences)
        self.version = version  # the row's present one: to be sent along when mine shall win
        self.mine = frozenset(mine)  # every field that the person changed: to be sent along, and no other


class Gone(OperationError):
    """The row no longer exists."""


class Blocked(OperationError):
    """Rows that other rows hold in place cannot be deleted."""


@dataclass(frozen=True)
class MovedRow:
    """A row that is not what a review showed; `how` is "changed", "entered" or "left"."""

    how: str
    kind: str
    ref: Ref


class PlanMoved(OperationError):
    """The rows differ from what the review showed, so nothing was applied. `rest`: how many are still as it showed them."""

    def __init__(self, changed: int, entered: int, left: int, rows: Sequence[MovedRow] = (), rest: int = 0) -> None:
        self.changed = changed
        self.entered = entered
        self.left = left
        self.rows = tuple(rows)
        self.rest = rest
        with reader.kept():  # a request for approval keeps it
            super().__init__(self._sentence())

    def _sentence(self) -> str:
        told = ", ".join(self.told)
        if not self.rows:
            return gettext("Nothing was applied: %(what)s.", what=told)
        names = ", ".join(row.ref.label for row in self.rows)
        return gettext("Nothing was applied: %(what)s (%(names)s).", what=told, names=names)

    @property
    def told(self) -> list[str]:
        """The difference in words: "3 rows changed since", "1 no longer matches"."""
        changed, entered, left = map(reader.number, (self.changed, self.entered, self.left))
        told = [
            ngettext("%(num)s row changed since", "%(num)s rows changed since", self.changed, num=changed),
            ngettext("%(num)s newly matches", "%(num)s newly match", self.entered, num=entered),
            ngettext("%(num)s no longer matches", "%(num)s no longer match", self.left, num=left),
        ]
        return [words for words, count in zip(told, (self.changed, self.entered, self.left), strict=True) if count]


class NothingToDo(OperationError):
    """The plan changes no row: all are so already, or all are refused."""

    def __init__(self) -> None:
        super().__init__(gettext("No row would change."))


class NeedsApproval(OperationError):
    """The plan is above a policy, and no second person has approved it; the text says which limit it is above."""


class Decided(OperationError):
    """Somebody has answered this request for approval already, or it was withdrawn."""


class AlreadyApplied(OperationError):
    """The plan has happened before; `operation` is what it became."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(gettext("This was already done: %(title)s.", title=operation.title))
        self.operation = operation


class Busy(OperationError):
    """Another person's work holds the rows; the same attempt may succeed in a moment."""

    def __init__(self) -> None:
        super().__init__(
            gettext("Somebody else is changing these rows right now. Nothing was changed; please try again.")
        )
