"""The doors' way in: what is meant becomes a sealed plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from backoffice.core.access import Person, Verb
from backoffice.core.operations import merging, rights, values
from backoffice.core.operations.errors import Invalid
from backoffice.core.operations.models import Change, Operation, StoredPlan
from backoffice.core.operations.plan import Plan, store
from backoffice.core.operations.tables import table_of
from backoffice.core.selection import Selection
from backoffice.extensions import db


def plan_edit(
    selection: Selection,
    wanted: Mapping[str, Any],
    person: Person,
    *,
    door: str = "bulk",
    reason: str = "",
    seen_version: int | None = None,
) -> Plan:
    """Returns the plan to set fields of every row of `selection`.

    A form or a cell is the selection of one id with the version that the person saw: what others changed meanwhile in
    other fields stays; raises Conflict where it is the same fields, and Gone where the row is no longer there. Raises
    Invalid with a sentence per field that cannot have its value, access.Refused for what the person may not change.
    """
    model = selection.model
    rights.require(person, Verb.EDIT, model, door)
    cleaned = values.cleaned(model, wanted, person)
    if seen_version is not None and selection.ids is not None and len(selection.ids) == 1:
        cleaned = merging.merged(model, selection.ids[0], cleaned, seen_version)
    rights.require_fields(person, model, cleaned)
    if not wanted:
        raise Invalid({"": "Choose a field to change."})
    kept = {name: values.as_json(value) for name, value in cleaned.items()}
    return store(_new("update", selection, door, reason, kept), person)


def plan_delete(selection: Selection, person: Person, *, door: str = "bulk", reason: str = "") -> Plan:
    """Returns the plan to delete every row of `selection` with all that goes along."""
    rights.require(person, Verb.DELETE, selection.model, door)
    return store(_new("delete", selection, door, reason, {}), person)


def plan_undo(operation: Operation, person: Person, *, door: str = "undo", reason: str = "") -> Plan:
    """Returns the plan to take back what `operation` did; for an undo that is a redo. Rows changed since are refused."""
    rights.require_undo(person, operation)
    if not operation.counts or operation.entity_type is None:
        raise Invalid({"": "This changed no rows, so there is nothing to take back."})
    if db.session.scalar(select(Change.id).where(Change.operation_id == operation.id).limit(1)) is None:
        raise Invalid({"": "This is too old: its changes were pruned, so it can no longer be taken back."})
    plan = StoredPlan(
        verb="undo", door=door, entity_type=operation.entity_type, reason=reason, undoes_id=operation.id, words=""
    )
    return store(plan, person)


def _new(verb: str, selection: Selection, door: str, reason: str, kept: dict[str, Any]) -> StoredPlan:
    return StoredPlan(
        verb=verb,
        door=door,
        entity_type=table_of(selection.model).name,
        values=kept,
        selection=selection.params(),
        selection_words=selection.narrowing(),
        reason=reason,
        words="",
    )
