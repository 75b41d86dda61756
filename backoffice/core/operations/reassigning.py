"""Reassign instead of delete: rows that hold others in place, or would lose their link, are given another row first.

The domain allows it by `info={"reassign": True}` of a foreign key. The rows that move do so by the rules of an edit, in
the operation that deletes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, String, and_, func, literal, select, true

from backoffice.core import access
from backoffice.core.access import Person, System, Verb
from backoffice.core.model import Record
from backoffice.core.operations import display, holders, review, values, verdicts
from backoffice.core.operations.errors import Invalid
from backoffice.core.operations.models import StoredPlan
from backoffice.core.operations.recording import Recording
from backoffice.core.operations.review import STAYS
from backoffice.core.operations.tables import Reference, model_named, plural, table_of
from backoffice.core.selection import Field, Selection, fields_of
from backoffice.core.wording import both, gettext, inside
from backoffice.extensions import db

if TYPE_CHECKING:
    from backoffice.core.operations.plan import Plan


@dataclass(frozen=True)
class Move:
    """Rows of another kind that may be given another row: those that refer by `field`."""

    field: Field
    reference: Reference

    @property
    def name(self) -> str:
        """What it is called in a plan and in a form: "invoice.bill_to_id"."""
        return str(self.reference.column)

    @property
    def model(self) -> type[Record]:
        return model_named(self.reference.child.name)


def moves(model: type[Record], person: Person, door: str) -> list[Move]:
    """Returns what `person` may give another row before rows of `model` are deleted."""
    return [move for move in _allowed(model) if _may(move, person, door)]


def checked(selection: Selection, wanted: Mapping[str, Any], person: Person, door: str) -> dict[str, int]:
    """Returns which rows get which row instead, by the move's name. Raises Invalid with a sentence for what cannot be."""
    known = {move.name: move for move in moves(selection.model, person, door)}
    errors: dict[str, str] = {}
    found: dict[str, int] = {}
    for name, target in wanted.items():
        try:
            found[name] = _target(known.get(name), target, selection, person)
        except Invalid as error:
            errors[name] = str(error)
    if errors:
        raise Invalid(errors)
    return found


def chosen(plan: StoredPlan) -> list[tuple[Move, int]]:
    """Returns the moves of a plan, each with the row that is given instead."""
    wanted = holders.wanted(plan)
    return [(move, wanted[move.name]) for move in _allowed(model_named(plan.entity_type)) if move.name in wanted]


def staying(plan: StoredPlan, meant: Select[Any]) -> list[tuple[ColumnElement[bool], ColumnElement[Any]]]:
    """Returns the cases of rows that cannot be deleted, since a row that should move must stay by a rule of its own."""
    table = table_of(model_named(plan.entity_type))
    found: list[tuple[ColumnElement[bool], ColumnElement[Any]]] = []
    for move, target in chosen(plan):
        child, column = move.reference.child, move.reference.column
        rules = verdicts.asked(move.model, "update", frozenset({column.name}))
        after = verdicts.changed_row(child, {column.name: literal(target, column.type)})
        broken = verdicts.first_broken(rules, verdicts.stored_row(child), after)
        rows = select(column.label("parent"), broken.label("broken")).where(column.in_(meant)).offset(0).subquery()
        why = select(func.min(rows.c.broken)).where(rows.c.parent == table.c.id).scalar_subquery()
        found.append((why.is_not(None), literal(f"{STAYS}{child.name}:", String()) + why))
    return found


def run(operation: Recording, plan: StoredPlan) -> None:
    """Moves the rows that the plan says will move."""
    for move, target in chosen(plan):
        child, column = move.reference.child, move.reference.column
        planned = child.c.id.in_(review.rows_of(plan, "change", entity_type=child.name))
        pointing = column.in_(review.rows_of(plan, "change"))
        operation.update(move.model, and_(planned, pointing), {column.name: target})


def words(plan: StoredPlan) -> str:
    """Returns what is moved where: "invoices to Ann Lee (bill to)"; "" where nothing is."""
    told = [
        gettext(
            "%(rows)s to %(row)s (%(field)s)",
            rows=plural(move.reference.child.name),
            row=display.ref(model_named(plan.entity_type), target).label,
            field=inside(move.field.label),
        )
        for move, target in chosen(plan)
    ]
    return both(told) if told else ""


def moving(plan: Plan) -> list[tuple[Move, str]]:
    """Returns what hangs on a deletion's rows and may be given another, with its number: "12 invoices", "1,000+ invoices"."""
    ids = review.rows_of(plan.stored, "change", "refused")
    allowed = moves(plan.model, plan.person, "bulk")
    counted = [(move, holders.pointed(move.reference, ids)) for move in allowed]
    return [(move, holders.told(count, move.reference.child.name)) for move, count in counted if count]


def _allowed(model: type[Record]) -> list[Move]:
    return [Move(_field(reference), reference) for reference in holders.reassignable(table_of(model))]


def _field(reference: Reference) -> Field:
    fields = fields_of(model_named(reference.child.name)).values()
    return next(field for field in fields if field.column == reference.column.name)


def _may(move: Move, person: Person, door: str) -> bool:
    if isinstance(person, System):
        return True
    verbs = (Verb.EDIT, Verb.BULK) if door == "bulk" else (Verb.EDIT,)
    return (
        all(access.may(person, verb, move.model) for verb in verbs)
        and access.editable(person, move.model, move.field.name)
        and access.row_scope(person, move.model) is None  # every row moves, so every row must be theirs
    )


def _target(move: Move | None, target: Any, selection: Selection, person: Person) -> int:
    if move is None:
        raise Invalid({"": gettext("These rows cannot be moved, or not by you.")})
    found = values.cleaned(move.model, {move.field.name: target}, person)[move.field.name]
    if found is None:
        raise Invalid({"": gettext("%(label)s: choose the row to move them to.", label=move.field.label)})
    where = selection.where()
    goes = select(selection.model.id).where(true() if where is None else where, selection.model.id == found)
    if db.session.execute(goes).first() is not None:
        raise Invalid(
            {
                "": gettext(
                    "%(label)s: that one is to be deleted as well; choose one that stays.", label=move.field.label
                )
            }
        )
    return int(found)
