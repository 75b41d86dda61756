"""Who may see and do what. Every door asks here; what is not granted is refused.

A grid declares the rights on its model (`Grid.rights`) and `create_app()` hands them to `declare()`. The rest of the
program asks `may`, `visible`, `editable`, `row_scope` and `change_scope`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol, cast

from sqlalchemy import ColumnElement

from backoffice.core.model import Record
from backoffice.core.wording import gettext, inside, said


class Role(StrEnum):
    ADMIN = "admin"
    REGISTRAR = "registrar"
    FINANCE = "finance"
    COURSE_EDITOR = "course_editor"
    SUPPORT = "support"
    READ_ONLY = "read_only"


class Verb(StrEnum):
    VIEW = "V"
    CREATE = "C"
    EDIT = "E"
    DELETE = "D"
    BULK = "B"
    EXPORT = "X"
    NAME = "N"  # see what rows are called, and pick them: their keys and labels, nothing else


class Person(Protocol):
    """Whoever asks: a signed-in member of staff, or the command line (`SYSTEM`)."""

    @property
    def id(self) -> int | None: ...
    @property
    def full_name(self) -> str: ...
    @property
    def role(self) -> str: ...


@dataclass(frozen=True)
class System:
    """The command line: whoever may start commands on the machine may do everything."""

    id: None = None
    full_name: str = "Command line"
    role: str = Role.ADMIN


SYSTEM = System()

Scope = Callable[[Person], ColumnElement[bool]]


@dataclass(frozen=True)
class Right:
    """What one role may do with one model.

    `verbs` are letters of `Verb` ("VCEDBX"). `fields` None means every field that is not `hidden`. `editable` None means
    every visible field. `scope` limits the rows; None means all of them. Where rows may only be named it limits which may be
    picked: what was picked before keeps its name. `changes` limits the rows that may be edited and deleted, where that is fewer
    than may be seen.
    """

    verbs: str
    fields: frozenset[str] | None = None
    hidden: frozenset[str] = frozenset()
    editable: frozenset[str] | None = None
    scope: Scope | None = None
    changes: Scope | None = None

    def shows(self, field: str) -> bool:
        return field not in self.hidden and (self.fields is None or field in self.fields)

    def edits(self, field: str) -> bool:
        return self.shows(field) and (self.editable is None or field in self.editable)


Rights = Mapping[Role, Right]

NOTHING = Right("")
_rights: Mapping[type[Record], Rights] = MappingProxyType({})  # never altered: replaced as a whole


class Refused(Exception):
    """The person may not do this. Doors answer 403 (404 for a row outside the person's scope)."""


def right(
    verbs: str,
    *,
    fields: Iterable[str] | None = None,
    hidden: Iterable[str] = (),
    editable: Iterable[str] | None = None,
    scope: Scope | None = None,
    changes: Scope | None = None,
) -> Right:
    """Returns a Right from plain lists, as grids declare it."""
    return Right(
        verbs,
        None if fields is None else frozenset(fields),
        frozenset(hidden),
        None if editable is None else frozenset(editable),
        scope,
        changes,
    )


def declare(model: type[Record], rights: Rights) -> None:
    """Makes `rights` the rights on `model`. Called once per grid while the application is put together."""
    global _rights
    _rights = MappingProxyType({**_rights, model: MappingProxyType(dict(rights))})


def in_force() -> Mapping[type[Record], Rights]:
    """Returns all rights as they are now: another object as soon as one is declared anew."""
    return _rights


def declared() -> dict[type[Record], Rights]:
    """Returns every declared right, for the sweeps and for the page that shows the matrix."""
    return dict(_rights)


def right_of(person: Person, model: type[Record]) -> Right:
    """Returns what `person` may do with `model`; `NOTHING` where nothing was declared."""
    return _rights.get(model, {}).get(cast(Role, person.role), NOTHING)


def may(person: Person, verb: Verb, model: type[Record]) -> bool:
    """Says whether `person` may do `verb` with rows of `model` at all."""
    return verb.value in right_of(person, model).verbs


def may_name(person: Person, model: type[Record]) -> bool:
    """Says whether `person` may know what rows of `model` are called, where other rows lead to them."""
    return may(person, Verb.VIEW, model) or may(person, Verb.NAME, model)


def require(person: Person, verb: Verb, model: type[Record]) -> None:
    """Raises `Refused` unless `person` may do `verb` with rows of `model`."""
    if not may(person, verb, model):
        raise Refused(
            gettext(
                "%(person)s may not %(verb)s %(table)s",
                person=person.full_name,
                verb=gettext(verb.name.lower()),
                table=inside(said(model.__tablename__)),
            )
        )


def visible(person: Person, model: type[Record], field: str) -> bool:
    """Says whether `person` may see `field`: in a column, a form, a filter, a search, a sort or a file."""
    own = right_of(person, model)
    return Verb.VIEW.value in own.verbs and own.shows(field)


def editable(person: Person, model: type[Record], field: str) -> bool:
    """Says whether `person` may change `field` of an existing row."""
    own = right_of(person, model)
    return Verb.EDIT.value in own.verbs and own.edits(field)


def row_scope(person: Person, model: type[Record]) -> ColumnElement[bool] | None:
    """Returns the condition that limits `person` to their own rows; None where all rows are theirs to see."""
    return pick_scope(person, model) if may(person, Verb.VIEW, model) else None


def change_scope(person: Person, model: type[Record]) -> ColumnElement[bool] | None:
    """Returns the condition of those rows that `person` may change among the ones they see; None where that is all of them."""
    changes = right_of(person, model).changes
    return changes(person) if changes else None


def pick_scope(person: Person, model: type[Record]) -> ColumnElement[bool] | None:
    """Returns the condition of rows that `person` may set a relation to; None where any will do."""
    scope = right_of(person, model).scope
    return scope(person) if scope else None
