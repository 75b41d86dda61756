"""The doors' way in: what is meant becomes a sealed plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from backoffice.core import reader
from backoffice.core.access import Person, Verb
from backoffice.core.operations import additions, assignments, links, merging, reassigning, rights
from backoffice.core.operations.errors import Invalid
from backoffice.core.operations.models import Birth, Change, Operation, StoredPlan
from backoffice.core.operations.plan import Form, Plan, store, store_draft
from backoffice.core.operations.tables import table_of
from backoffice.core.selection import Selection
from backoffice.core.wording import gettext
from backoffice.extensions import db


def plan_edit(
    selection: Selection,
    wanted: Mapping[str, Any],
    person: Person,
    *,
    door: str = "bulk",
    reason: str = "",
    seen_version: int | None = None,
    form: Form = (),
) -> Plan:
    """Returns the plan to set fields of every row of `selection`, each to a value or by an expression over the row; or a
    collection, alone, to a Link or an Unlink, or to an Addition.

    A form or a cell is the selection of one id with the version that the person saw: what others changed meanwhile in
    other fields stays; raises Conflict where it is the same fields, and Gone where the row is no longer there. Raises
    Invalid with a sentence per field that cannot have its value, access.Refused for what the person may not change. `form`
    is what was typed, kept for whoever comes back to it.
    """
    model = selection.model
    rights.require(person, Verb.EDIT, model, door)
    elsewhere = links.kept(model, wanted, person, door) or additions.kept(model, wanted, person, door)
    if elsewhere:
        return store(_new("update", selection, door, reason, elsewhere, form), person)
    cleaned = assignments.cleaned(model, wanted, person)
    if seen_version is not None and selection.ids is not None and len(selection.ids) == 1:
        plain = merging.merged(model, selection.ids[0], assignments.plain(cleaned), seen_version)
        cleaned = {**plain, **assignments.computed(cleaned)}
    rights.require_fields(person, model, cleaned)
    if not wanted:
        raise Invalid({"": gettext("Choose a field to change.")})
    kept = {name: assignments.as_json(value) for name, value in cleaned.items()}
    return store(_new("update", selection, door, reason, kept, form), person)


def draft_edit(selection: Selection, person: Person, form: Form = ()) -> Plan:
    """Returns what is to become the plan to edit every row of `selection`: it keeps which rows are meant, by its token."""
    rights.require(person, Verb.EDIT, selection.model, "bulk")
    return store_draft(_new("update", selection, "bulk", "", {}, form), person)


def plan_delete(
    selection: Selection,
    person: Person,
    *,
    door: str = "bulk",
    reason: str = "",
    reassign: Mapping[str, Any] | None = None,
    form: Form = (),
) -> Plan:
    """Returns the plan to delete every row of `selection` with all that goes along.

    `reassign` gives rows of other kinds another row first, by the foreign key: {"invoice.bill_to_id": 7}. Raises Invalid
    with a sentence for what cannot be moved there.
    """
    rights.require(person, Verb.DELETE, selection.model, door)
    given = reassigning.checked(selection, reassign or {}, person, door)
    return store(_new("delete", selection, door, reason, {"reassign": given} if given else {}, form), person)


def plan_undo(operation: Operation, person: Person, *, door: str = "undo", reason: str = "") -> Plan:
    """Returns the plan to take back what `operation` did; for an undo that is a redo. Rows changed since are refused."""
    rights.require_undo(person, operation)
    if not operation.counts or operation.entity_type is None:
        raise Invalid({"": gettext("This changed no rows, so there is nothing to take back.")})
    known = (
        select(source.operation_id).where(source.operation_id == operation.id).limit(1) for source in (Change, Birth)
    )
    if all(db.session.scalar(statement) is None for statement in known):
        raise Invalid({"": gettext("This is too old: its changes were pruned, so it can no longer be taken back.")})
    plan = StoredPlan(
        verb="undo", door=door, entity_type=operation.entity_type, reason=reason, undoes_id=operation.id, words=""
    )
    return store(plan, person)


def _new(
    verb: str, selection: Selection, door: str, reason: str, values: dict[str, Any], form: Form = ()
) -> StoredPlan:
    with reader.kept():
        words = selection.narrowing()
    return StoredPlan(
        verb=verb,
        door=door,
        entity_type=table_of(selection.model).name,
        values=values,
        selection=selection.params(),
        selection_words=words,
        reason=reason,
        form=list(form),
        words="",
    )
