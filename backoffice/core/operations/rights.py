"""Who may change what: the same question at every door."""

from __future__ import annotations

from collections.abc import Iterable

from backoffice.core import access
from backoffice.core.access import Person, Refused, System, Verb
from backoffice.core.model import Record
from backoffice.core.operations.models import Operation
from backoffice.core.operations.tables import model_named, table_of
from backoffice.core.selection import Field, visible_fields
from backoffice.core.text import words
from backoffice.extensions import db

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
            raise Refused(f"{person.full_name} may not change {words(name).lower()} of {table_of(model).name}")


def require_undo(person: Person, operation: Operation) -> None:
    """Raises access.Refused unless the operation is the person's own, or they are an administrator, and may still do it."""
    if isinstance(person, System):
        return
    if operation.actor_id != person.id and person.role != access.Role.ADMIN:
        raise Refused(f"{person.full_name} may only take back operations of their own")
    first = operation
    while first.undoes_id is not None:
        first = db.session.get_one(Operation, first.undoes_id)
    if operation.entity_type is not None:
        for verb in _VERBS.get(first.verb, ()):
            require(person, verb, model_named(operation.entity_type), operation.door)


def visible(person: Person, model: type[Record]) -> list[Field]:
    """Returns the fields of a row that the person may see, in the catalog's order."""
    return list(visible_fields(person, model).values())
