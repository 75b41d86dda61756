"""Who may change what: the same question at every door."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from sqlalchemy import ColumnElement, String, and_, case, false, literal, select

from backoffice.core import access
from backoffice.core.access import SYSTEM, Person, Refused, System, Verb
from backoffice.core.model import Record
from backoffice.core.operations.models import Operation, StoredPlan
from backoffice.core.operations.rules import rulebook
from backoffice.core.operations.tables import model_named, table_of
from backoffice.core.selection import Field, fields_of, visible_fields
from backoffice.core.wording import gettext, inside, said
from backoffice.extensions import db

NOT_THEIRS = "not_theirs"  # the rule by which a plan leaves such a row as it is
_VERBS = {
    "create": (Verb.CREATE,),
    "update": (Verb.EDIT,),
    "transition": (Verb.EDIT,),
    "merge": (Verb.EDIT, Verb.DELETE),
    "delete": (Verb.DELETE,),
    "import": (Verb.CREATE, Verb.EDIT),
}


def require(person: Person, verb: Verb, model: type[Record], door: str) -> None:
    """Raises access.Refused unless the person may do it; by the bulk door, with many rows at once."""
    if isinstance(person, System):
        return
    access.require(person, verb, model)
    if door == "bulk":
        access.require(person, Verb.BULK, model)


def require_fields(person: Person, model: type[Record], names: Iterable[str]) -> None:
    """Raises access.Refused for a field that the person may not change."""
    if isinstance(person, System):
        return
    for name in names:
        if not access.editable(person, model, name):
            raise Refused(
                gettext(
                    "%(person)s may not change %(field)s of %(table)s",
                    person=person.full_name,
                    field=inside(said(name)),
                    table=inside(said(table_of(model).name)),
                )
            )


def acting(person_id: int | None) -> Person:
    """Returns whoever has this number, as they are now; None is the command line. Raises access.Refused if they left."""
    if person_id is None:
        return SYSTEM
    person = db.session.get_one(model_named("staff_user"), person_id, populate_existing=True)
    if not getattr(person, "is_active", False):
        raise Refused(gettext("The account of %(person)s is no longer active. Nothing was changed.", person=person))
    return cast(Person, person)


def require_plan(person: Person, stored: StoredPlan) -> None:
    """Raises access.Refused unless the person is still active, and may still do what the plan says."""
    person = acting(person.id)
    if stored.undoes_id is not None:
        require_undo(person, db.session.get_one(Operation, stored.undoes_id))
        return
    model = model_named(stored.entity_type)
    if stored.verb == "delete":
        require(person, Verb.DELETE, model, stored.door)
        return
    require(person, Verb.EDIT, model, stored.door)
    fields = fields_of(model)
    require_fields(person, model, [name for name in stored.values if name in fields and fields[name].column])


def verbs_of(stored: StoredPlan) -> str:
    """Returns the letters of the rights that whoever approves the plan needs: to do the same to many rows."""
    verb = stored.verb
    if stored.undoes_id is not None:
        verb = first_of(db.session.get_one(Operation, stored.undoes_id)).verb
    return "".join(sorted({*_VERBS.get(verb, (Verb.EDIT, Verb.DELETE)), Verb.BULK}))


def first_of(operation: Operation) -> Operation:
    """Returns the operation that a chain of undos and redos began with."""
    while operation.undoes_id is not None:
        operation = db.session.get_one(Operation, operation.undoes_id)
    return operation


def may_undo(person: Person, operation: Operation) -> bool:
    """Says whether it is for `person` to take the operation back: their own, or any as an administrator."""
    return operation.actor_id == person.id or person.role == access.Role.ADMIN


def require_undo(person: Person, operation: Operation) -> None:
    """Raises access.Refused unless the operation is the person's own, or they are an administrator, and may still do it."""
    if isinstance(person, System):
        return
    if not may_undo(person, operation):
        raise Refused(gettext("%(person)s may only take back operations of their own", person=person.full_name))
    if operation.entity_type is not None:
        model = model_named(operation.entity_type)
        for verb in _VERBS.get(first_of(operation).verb, ()):
            require(person, verb, model, operation.door)
        require_fields(person, model, _chosen(operation, model))


def _chosen(operation: Operation, model: type[Record]) -> list[str]:
    """Returns the fields that an operation changed in existing rows, those aside that follow from others by themselves."""
    kind = table_of(model).name
    if not operation.counts.get(kind, {}).get("update"):
        return []
    row = db.session.execute(select(table_of(model)).limit(1)).mappings().first()
    filled = {name for fill in rulebook.fills(model) for name in fill.columns}
    written = set(operation.columns[kind]) - filled - set(model.derive(dict(row)) if row else ())
    return [name for name, field in fields_of(model).items() if field.column in written]


def out_of_scope(person: Person, model: type[Record]) -> ColumnElement[bool]:
    """Returns the condition that a row of `model` that is there is not the person's to see and to change, or no longer."""
    if isinstance(person, System):
        return false()
    scopes = [scope for ask in (access.row_scope, access.change_scope) if (scope := ask(person, model)) is not None]
    return and_(table_of(model).c.id.is_not(None), case((and_(*scopes), False), else_=True)) if scopes else false()


def not_theirs(person: Person, model: type[Record]) -> list[tuple[ColumnElement[bool], ColumnElement[str]]]:
    """Returns the case of rows that the person sees and may not change, for the verdict of a plan."""
    scope = None if isinstance(person, System) else access.change_scope(person, model)
    return [] if scope is None else [(case((scope, False), else_=True), literal(NOT_THEIRS, String()))]


def may_change(person: Person, model: type[Record], row_id: int) -> bool:
    """Says whether a row that the person sees is among those that they may change."""
    scope = None if isinstance(person, System) else access.change_scope(person, model)
    return scope is None or db.session.scalar(select(model.id).where(model.id == row_id, scope)) is not None


def visible(person: Person, model: type[Record]) -> list[Field]:
    """Returns the fields of a row that the person may see, in the catalog's order."""
    return list(visible_fields(person, model).values())
