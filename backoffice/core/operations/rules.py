"""Rules: what may become of a row, as predicates in SQL, the same at every door.

A feature declares `RULES: dict[type[Record], tuple[Rule, ...]]` and `EFFECTS: dict[type[Record], tuple[Effect, ...]]` in
its services; `create_app()` hands both to `rulebook.add()`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, not_, or_

from backoffice.core.model import Record
from backoffice.core.wording import gettext, later

if TYPE_CHECKING:
    from backoffice.core.operations.recording import Recording


class Row:
    """A row inside a rule: `row.status` is the SQL expression of its column `status`."""

    def __init__(self, columns: Mapping[str, ColumnElement[Any]], along: Select[tuple[int]] | None = None) -> None:
        self._columns = columns
        self._along = along

    @staticmethod
    def along(row: Row) -> Select[tuple[int]] | None:
        """Returns the ids of the rows that change together with `row`, where their present values do not count."""
        return row._along

    def __getattr__(self, name: str) -> ColumnElement[Any]:
        try:
            return self._columns[name]
        except KeyError:
            raise AttributeError(name) from None


Refuses = Callable[[Any, Any], ColumnElement[bool]]  # (before: Row | None, after: Row | None)


@dataclass(frozen=True)
class Rule:
    """A change that is refused, and the sentence that says so.

    `refuses(before, after)` returns the condition under which the row may not become `after`; both give SQL expressions
    by column name, `before` is None for a row that is being created, `after` for one that is being deleted. It is asked
    at its `moments` ("create", "update", "delete", "undo", and "unmake" where the undo of a creation would delete it); at an update only when one of the columns `fields` is changed
    (always, when `fields` is empty). `field` is where a form shows the message; the first of `fields` unless given. What a
    `final` rule keeps from being taken back it keeps for good: no undo is offered, and its message says what to do instead.
    """

    name: str
    message: str
    fields: tuple[str, ...]
    refuses: Refuses
    moments: tuple[str, ...] = ("create", "update")
    field: str | None = None
    final: bool = False

    @property
    def said(self) -> str:
        """The sentence in the reader's language."""
        return gettext(self.message)

    def concerns(self, columns: frozenset[str]) -> bool:
        return not self.fields or not columns.isdisjoint(self.fields)

    @property
    def place(self) -> str:
        """Returns the column beside which a form shows the message."""
        return self.field or (self.fields[0] if self.fields else "")


@dataclass(frozen=True)
class Planned:
    """The rows that a plan would change: the SELECT of their ids, and by column what they are and what they will be.

    `after` is None for a deletion; `columns` are those that are written.
    """

    ids: Any
    before: Any
    after: Any
    columns: frozenset[str]


@dataclass(frozen=True)
class Foretelling:
    """What an effect will do, for the review to say: `rows` returns the SELECT of the ids of `model` that it will change;
    `words` follow their number and noun, as in "33 enrollments will be promoted from waiting lists".
    """

    model: type[Record]
    words: str
    rows: Callable[[Planned], Select[Any]]


@dataclass(frozen=True)
class Effect:
    """What follows from changed rows, in the same operation.

    `run(operation, ids)` is called once per operation, before its commit, when one of the columns `fields` of the model
    was written (any column, when `fields` is empty; creations and deletions always count). `ids` is the SELECT of the
    touched rows' ids, deleted ones included. It writes by `operation.update/insert/delete`, and nothing else.
    An effect must leave alone what is already right. It does not run after an undo that takes everything back, since what
    it wrote goes back as well; a `guard`, which only raises Invalid for what must never be, runs then too. Reviews say what
    it `foretells`.
    """

    name: str
    fields: tuple[str, ...]
    run: Callable[[Recording, Select[tuple[int]]], None]
    guard: bool = False
    foretells: Foretelling | None = None


@dataclass(frozen=True)
class Fill:
    """Columns that a feature fills in when one of the columns `fields` is written: numbers in a series, places in a line.

    `values(operation, rows)` gets the rows as they will be (those that are new have no "id") and returns for each what
    to add, `columns` at most. It leaves alone what is given. `settles` names the constraints that it makes hold, which
    are therefore not asked in a review.
    """

    name: str
    fields: tuple[str, ...]
    columns: tuple[str, ...]
    values: Callable[[Recording, Sequence[Mapping[str, Any]]], list[dict[str, Any]]]
    settles: tuple[str, ...] = ()


Item = TypeVar("Item", bound="Rule | Effect | Fill")


class Rulebook:
    """Every rule and effect of the application, in the order in which the features gave them."""

    def __init__(self) -> None:
        self._rules: dict[type[Record], tuple[Rule, ...]] = {}
        self._effects: dict[type[Record], tuple[Effect | Fill, ...]] = {}

    def add(
        self,
        rules: Mapping[type[Record], Sequence[Rule]] | None = None,
        effects: Mapping[type[Record], Sequence[Effect | Fill]] | None = None,
    ) -> None:
        """Adds a feature's rules and effects; what is there already is not added twice."""
        _add(self._rules, rules or {})
        _add(self._effects, effects or {})

    def rules(self, model: type[Record]) -> tuple[Rule, ...]:
        """Returns the rules of `model`."""
        return self._rules.get(model, ())

    def effects(self) -> list[tuple[type[Record], Effect]]:
        """Returns every effect with the model that sets it off."""
        every = ((model, effect) for model, effects in self._effects.items() for effect in effects)
        return [(model, effect) for model, effect in every if isinstance(effect, Effect)]

    def fills(self, model: type[Record]) -> list[Fill]:
        """Returns what features fill in for `model`."""
        return [fill for fill in self._effects.get(model, ()) if isinstance(fill, Fill)]


def _add(known: dict[type[Record], tuple[Item, ...]], new: Mapping[type[Record], Sequence[Item]]) -> None:
    for model, items in new.items():
        kept = known.get(model, ())
        names = {item.name for item in kept}
        known[model] = (*kept, *(item for item in items if item.name not in names))


rulebook = Rulebook()


def transitions(
    column: str,
    moves: Mapping[str, Sequence[str]],
    *,
    initial: Sequence[str],
    message: str = later("This change of state is not allowed."),
) -> Rule:
    """Returns the rule of a state machine: `moves` maps each state to the states that may follow it.

    A state may always stay what it is. A new row begins in one of `initial`.
    """

    def refuses(before: Row | None, after: Row) -> ColumnElement[bool]:
        new = getattr(after, column)
        if before is None:
            return not_(new.in_(tuple(initial)))
        old = getattr(before, column)
        allowed = [and_(old == state, new.in_((state, *following))) for state, following in moves.items()]
        return not_(or_(old == new, *allowed))

    return Rule(f"{column}_transition", message, (column,), refuses)
