"""What follows from a plan, foretold: rows that no one chose but that features' effects will change with it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from backoffice.core.access import Person
from backoffice.core.operations import edit_review, elsewhere, review, verdicts
from backoffice.core.operations.models import StoredPlan
from backoffice.core.operations.rules import Effect, Foretelling, Planned, rulebook
from backoffice.core.operations.tables import model_named, table_of

Told = list[list[Any]]  # kind, how many, what becomes of them: as a plan keeps it


def foretold(connection: Connection, plan: StoredPlan, person: Person) -> Told:
    """Returns which rows of which kind will follow, as far as effects can tell; one statement for each that is concerned.

    A form or a cell shows no review, and an undo takes back what followed: nothing is foretold of them.
    """
    if not plan.counts.get("change") or not _is_reviewed(plan):
        return []
    planned = _planned(connection, plan, person)
    found = (_count(connection, plan, foretelling, planned) for foretelling in _concerned(plan, planned))
    return [told for told in found if told[1]]


def _is_reviewed(plan: StoredPlan) -> bool:
    return plan.verb == "delete" or (plan.verb == "update" and plan.door == "bulk" and not elsewhere.module_of(plan))


def _planned(connection: Connection, plan: StoredPlan, person: Person) -> Planned:
    table, ids = table_of(model_named(plan.entity_type)), review.rows_of(plan, "change")
    before = verdicts.stored_row(table)
    if plan.verb == "delete":
        return Planned(ids, before, None, frozenset(table.columns.keys()))
    after = edit_review.judgement(connection, plan, person).after
    return Planned(ids, before, verdicts.changed_row(table, after), frozenset(after))


def _concerned(plan: StoredPlan, planned: Planned) -> list[Foretelling]:
    model = model_named(plan.entity_type)
    mine: list[Effect] = [effect for set_off, effect in rulebook.effects() if set_off is model]
    return [
        effect.foretells
        for effect in mine
        if effect.foretells and (not effect.fields or not planned.columns.isdisjoint(effect.fields))
    ]


def _count(connection: Connection, plan: StoredPlan, foretelling: Foretelling, planned: Planned) -> list[Any]:
    rows = foretelling.rows(planned).subquery()
    count = connection.execute(select(func.count()).select_from(rows)).scalar_one()
    return [table_of(foretelling.model).name, int(count), foretelling.words]
