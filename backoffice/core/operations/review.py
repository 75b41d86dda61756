"""What a stored plan says: why rows are refused, what some look like before and after, what goes along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, func, select

from backoffice.core.database import expect_many
from backoffice.core.operations import computing, holders
from backoffice.core.operations.constraints import field_of, rules_of
from backoffice.core.operations.display import FieldChange, numbered, refs
from backoffice.core.operations.models import PlanRow, StoredPlan
from backoffice.core.operations.rights import NOT_THEIRS
from backoffice.core.operations.tables import model_named, plural, singular, table_of
from backoffice.core.selection import Ref
from backoffice.core.wording import gettext
from backoffice.extensions import db

PLAN_ROW: Table = cast(Table, PlanRow.__table__)
_NAMES = ("plan_id", "entity_type", "entity_id", "version", "outcome", "rule")
_OUTCOMES = (
    select(PLAN_ROW.c.outcome, func.count())
    .where(PLAN_ROW.c.plan_id == bindparam("plan"), PLAN_ROW.c.entity_type == bindparam("kind"))
    .group_by(PLAN_ROW.c.outcome)
)
SAMPLES = 5
EXAMPLES = 3
LISTED = 500  # ids of refused rows: as many as an address can hold
HELD = "held_by_"  # and the kind, where there is only one
MISSING = "missing_"
LINKED = "linked_"  # and the kind of the link, ":", and the rule of that kind which lets none be made
STAYS = "stays_"  # and the kind, ":", and the rule of that kind which lets no row move

AT_LAST = "refused_at_last"  # by the database alone

# Why an undo leaves a row as it is.
CHANGED_SINCE = "changed_since"
GONE = "gone"
THERE_AGAIN = "there_again"
OUT_OF_SCOPE = "out_of_scope"
_UNDO: dict[str, Callable[[], str]] = {
    CHANGED_SINCE: lambda: gettext("Changed again since: it is kept as it is now."),
    GONE: lambda: gettext("Deleted since: there is nothing to take back."),
    THERE_AGAIN: lambda: gettext("A row with this number exists already."),
    OUT_OF_SCOPE: lambda: gettext("No longer yours to change: it is kept as it is now."),
}


@dataclass(frozen=True)
class Refusal:
    """Why some rows would be left as they are. `field` is where a form shows the message ("" for the whole row)."""

    kind: str
    rule: str
    message: str
    field: str
    count: int
    examples: tuple[Ref, ...]
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Sample:
    """One row that the plan would change; no fields for a deletion."""

    ref: Ref
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class Dependent:
    """Rows of another kind that go along; `action` is "delete", "update" (a link is cleared), "move" (to another row), "restore" (an undo), or says it in words."""

    label: str
    count: int
    action: str


def add_rows(connection: Connection, rows: Any) -> int:
    """Writes rows of a plan as a SELECT gives them (plan, kind, id, version, outcome, rule), and returns how many."""
    statement = PLAN_ROW.insert().from_select(_NAMES, rows)
    added = connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount
    expect_many(connection, added)
    return added


def rows_of(stored: StoredPlan, *outcomes: str, entity_type: str | None = None) -> Any:
    """Returns the SELECT of the ids of a plan's rows with these outcomes."""
    kind = stored.entity_type if entity_type is None else entity_type
    found = select(PLAN_ROW.c.entity_id).where(PLAN_ROW.c.plan_id == stored.id, PLAN_ROW.c.entity_type == kind)
    return found.where(PLAN_ROW.c.outcome.in_(outcomes)) if outcomes else found


def counts(stored: StoredPlan) -> dict[str, int]:
    """Returns how many rows of the plan's own kind have which outcome."""
    found = db.session.execute(_OUTCOMES, {"plan": stored.id, "kind": stored.entity_type})
    return {row[0]: row[1] for row in found}


def refusals(stored: StoredPlan) -> list[Refusal]:
    """Returns why rows are refused, the commonest reason first."""
    refused = select(PLAN_ROW.c.entity_type, PLAN_ROW.c.rule, func.count().label("n")).where(
        PLAN_ROW.c.plan_id == stored.id, PLAN_ROW.c.outcome == "refused"
    )
    grouped = refused.group_by(PLAN_ROW.c.entity_type, PLAN_ROW.c.rule).order_by(func.count().desc(), PLAN_ROW.c.rule)
    return [_refusal(stored, *row) for row in db.session.execute(grouped).all()]


def _refusal(stored: StoredPlan, kind: str, rule: str, count: int) -> Refusal:
    ids = rows_of(stored, "refused", entity_type=kind).where(PLAN_ROW.c.rule == rule).order_by(PLAN_ROW.c.entity_id)
    first = list(db.session.scalars(ids.limit(LISTED)))
    known = refs(model_named(kind), first[:EXAMPLES]) if rule != OUT_OF_SCOPE else {}
    examples = tuple(known.get(row_id) or Ref(row_id, str(row_id), numbered(row_id)) for row_id in first[:EXAMPLES])
    field, message = sentence(kind, rule)
    message = computing.refused_because(stored.values or {}, rule) or message
    if rule.startswith(HELD):
        message = holders.sentence(_holding(stored, kind, rule))
    return Refusal(kind, rule, message, field, count, examples, tuple(first))


def _holding(stored: StoredPlan, kind: str, rule: str) -> Counter[str]:
    """Returns what holds the rows in place that are refused by `rule`: by one kind, or whatever it is."""
    table = table_of(model_named(kind))
    ids = rows_of(stored, "refused", entity_type=kind).where(PLAN_ROW.c.rule == rule)
    other = rule.removeprefix(HELD)
    if other:
        return holders.pointing(table, ids, other, rows_of(stored, "change", entity_type=other))
    return holders.restricting(table, ids, rows_of(stored, entity_type=kind), moved=holders.moved(stored))


def sentence(kind: str, rule: str) -> tuple[str, str]:
    """Returns the field and the message of the rule of this name."""
    if rule in _UNDO:
        return "", _UNDO[rule]()
    if rule == NOT_THEIRS:
        return "", gettext("Only its owner or an administrator can change this.")
    if rule == AT_LAST:
        return "", gettext("The database refused this row in the end; no rule says why.")
    if rule.startswith(MISSING):
        return "", gettext(
            "The %(noun)s that it belongs to no longer exists.", noun=singular(rule.removeprefix(MISSING))
        )
    if rule.startswith(LINKED):
        other, _, why = rule.removeprefix(LINKED).partition(":")
        return "", sentence(other, why)[1]
    if rule.startswith(STAYS):
        other, _, why = rule.removeprefix(STAYS).partition(":")
        return "", gettext("Some %(rows)s cannot be moved. %(why)s", rows=plural(other), why=sentence(other, why)[1])
    model = model_named(kind)
    computed = computing.named(model, rule)
    if computed is not None:
        return computed
    for known in rules_of(model):
        if known.name == rule:
            return field_of(model, known.place), known.said
    return "", rule


def first_ids(stored: StoredPlan) -> list[int]:
    """Returns the ids of the first rows that would change."""
    return list(db.session.scalars(rows_of(stored, "change").order_by(PLAN_ROW.c.entity_id).limit(SAMPLES)))


def dependents(stored: StoredPlan) -> list[Dependent]:
    """Returns the rows that go along, per kind and action."""
    other = (PLAN_ROW.c.entity_type != stored.entity_type) & (PLAN_ROW.c.outcome == "change")
    along = select(PLAN_ROW.c.entity_type, PLAN_ROW.c.outcome, func.count()).where(
        PLAN_ROW.c.plan_id == stored.id, PLAN_ROW.c.outcome.in_(("cascade", "unlink")) | other
    )
    grouped = along.group_by(PLAN_ROW.c.entity_type, PLAN_ROW.c.outcome).order_by(PLAN_ROW.c.entity_type)
    return [_dependent(stored.verb, *row) for row in db.session.execute(grouped)]


def followed(kind: str, count: int, words: str) -> Dependent:
    """Returns the rows that an effect will change; `words` say what becomes of them."""
    return Dependent(singular(kind) if count == 1 else plural(kind), count, gettext(words))


def _dependent(verb: str, kind: str, outcome: str, count: int) -> Dependent:
    label = singular(kind) if count == 1 else plural(kind)
    otherwise = "move" if verb == "delete" else "restore"
    return Dependent(label, count, {"cascade": "delete", "unlink": "update"}.get(outcome, otherwise))
