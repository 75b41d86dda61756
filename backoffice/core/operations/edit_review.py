"""Edits: the same values for every row of a selection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, and_, case, literal, select, true, tuple_

from backoffice.core.access import Person, Verb
from backoffice.core.model import Record
from backoffice.core.operations import assignments, collisions, display, review, rights, snapshot, verdicts
from backoffice.core.operations.models import StoredPlan
from backoffice.core.operations.recording import Recording
from backoffice.core.operations.review import PLAN_ROW, Sample
from backoffice.core.operations.tables import counted, model_named, table_of
from backoffice.core.selection import Selection
from backoffice.core.wording import gettext
from backoffice.extensions import db

SAME = "="


def selection_of(plan: StoredPlan, person: Person) -> Selection:
    """Returns the selection that the plan is about."""
    return Selection.from_args(model_named(plan.entity_type), person, plan.selection)


@dataclass(frozen=True)
class Judgement:
    """Which rows a plan is about and what would become of each: NULL where it changes, SAME, or the rule that refuses."""

    where: ColumnElement[bool]
    verdict: ColumnElement[Any]
    reads: frozenset[str]
    after: Mapping[str, ColumnElement[Any]]
    unknown: frozenset[str]


def fill(connection: Connection, plan: StoredPlan, person: Person) -> None:
    """Writes the plan's rows: what would become of each row of the selection. One statement, however many rows,
    and one more for each constraint by which they could stand in each other's way."""
    table = table_of(model_named(plan.entity_type))
    judged = judgement(connection, plan, person)
    rows = select(table.c.id, table.c.version, judged.verdict.label("verdict")).where(judged.where)
    if write(connection, plan, rows) > 1:
        collisions.refuse(connection, plan, model_named(plan.entity_type), judged.after, judged.unknown)


def judgement(connection: Connection, plan: StoredPlan, person: Person) -> Judgement:
    """Returns how the plan judges its rows; `reads` are the columns that it writes, computes from, or asks rules about;
    `after` are the new values, `unknown` the columns whose new values nobody knows before each row is derived."""
    model = model_named(plan.entity_type)
    table = table_of(model)
    selection = selection_of(plan, person)
    wanted = assignments.cleaned(model, plan.values, person)
    rights.require(person, Verb.EDIT, model, plan.door)
    rights.require_fields(person, model, wanted)
    where = selection.where()
    where = true() if where is None else where
    new, derived, unknown = _new_values(connection, model, where, wanted, single=_is_single(selection))
    dialect = connection.dialect.name
    after = {
        name: snapshot.stored(dialect, value, table.columns[name].type) for name, value in {**new, **derived}.items()
    }
    rules = verdicts.asked(model, "update", frozenset(after), unknown)
    before, changed = verdicts.stored_row(table), verdicts.changed_row(table, after)
    impossible = [(rule.refuses(before, changed), literal(rule.name)) for rule in assignments.rules(model, wanted)]
    same = and_(true(), *(table.columns[name].is_not_distinct_from(value) for name, value in after.items()))
    theirs = rights.not_theirs(person, model)
    verdict = case(
        *theirs, *impossible, (same, literal(SAME, String())), else_=verdicts.first_broken(rules, before, changed)
    )
    reads = verdicts.columns_read(table, verdict) - frozenset(derived)
    return Judgement(where, verdict, reads, after, unknown)


def amount_after(connection: Connection, plan: StoredPlan, person: Person) -> Any:
    """Returns what the amount of the plan's rows becomes (a value or an SQL expression); None where it stays as it is."""
    model = model_named(plan.entity_type)
    changed = table_of(model).c.id.in_(review.rows_of(plan, "change"))
    wanted = assignments.cleaned(model, plan.values, person)
    single = plan.counts.get("change") == 1
    new, derived, _ = _new_values(connection, model, changed, wanted, single)
    return {**new, **derived}.get(model.__amount__)


def write(connection: Connection, plan: StoredPlan, verdicts_: Any) -> int:
    """Writes a plan's rows and returns how many; `verdicts_` selects id, version and verdict of each."""
    rows = verdicts_.offset(0).subquery()  # OFFSET keeps the verdict from being computed once per mention
    outcome = case((rows.c.verdict.is_(None), "change"), (rows.c.verdict == SAME, "same"), else_="refused")
    rule = case((rows.c.verdict != SAME, rows.c.verdict))
    selected = select(literal(plan.id), literal(plan.entity_type), rows.c.id, rows.c.version, outcome, rule)
    return review.add_rows(connection, selected)


def _is_single(selection: Selection) -> bool:
    return selection.ids is not None and len(selection.ids) == 1


def _new_values(
    connection: Connection, model: type[Record], where: Any, wanted: Mapping[str, Any], single: bool
) -> tuple[dict[str, Any], dict[str, Any], frozenset[str]]:
    """Returns the new column values, those derived from them for a single row, and the columns that cannot be told yet."""
    table = table_of(model)
    first = connection.execute(select(table).where(where).limit(1)).mappings().first()
    row = dict(first) if first is not None else {}
    new = assignments.as_columns(model, wanted, row if single else None)
    if not row or model.derived_from().isdisjoint(new):
        return new, {}, frozenset()
    if single and not assignments.computed(wanted):
        return new, model.derive({**row, **new}), frozenset()
    return new, {}, frozenset(model.derive(row))


def words(plan: StoredPlan, count: int) -> str:
    """Returns the sentence on the button: what is done to what."""
    done = assignments.in_words(model_named(plan.entity_type), plan.values)
    return gettext("%(what)s for %(rows)s", what=done, rows=whom(plan, count))


def whom(plan: StoredPlan, count: int) -> str:
    """Returns the rows of the plan in words: "2,140 enrollments: withdrawn, course AAA"."""
    ids = plan.selection.get("ids", "")
    if ids and "," not in str(ids):
        return display.ref(model_named(plan.entity_type), int(ids)).label
    described = f": {plan.selection_words}" if plan.selection_words else ""
    return counted(count, plan.entity_type) + described


def samples(plan: StoredPlan, person: Person) -> list[Sample]:
    """Returns the first rows that would change, before and after."""
    model = model_named(plan.entity_type)
    table = table_of(model)
    session = db.session
    dialect = session.get_bind().dialect.name
    new = assignments.as_columns(model, assignments.cleaned(model, plan.values, person))
    after = {
        name: (snapshot.stored(dialect, value, table.columns[name].type), table.columns[name].type)
        for name, value in new.items()
    }
    before = snapshot.take_columns(dialect, snapshot.columns_of(table).values())
    ids = review.first_ids(plan)
    statement = (
        select(table.c.id, before, snapshot.take(dialect, after)).where(table.c.id.in_(ids)).order_by(table.c.id)
    )
    fields = [field for field in rights.visible(person, model) if field.column in new]
    found = []
    for row_id, old, changed in session.execute(statement).all():
        changes = display.field_changes(fields, old, {**old, **changed})
        found.append(Sample(display.ref(model, row_id), tuple(changes)))
    return found


def run(operation: Recording, plan: StoredPlan, person: Person) -> int:
    """Writes the values into the rows that the plan says will change, and returns how many did."""
    model = model_named(plan.entity_type)
    table = table_of(model)
    planned = select(PLAN_ROW.c.entity_id, PLAN_ROW.c.version).where(
        PLAN_ROW.c.plan_id == plan.id, PLAN_ROW.c.entity_type == plan.entity_type, PLAN_ROW.c.outcome == "change"
    )
    wanted = assignments.cleaned(model, plan.values, person)
    return operation.update(
        model, tuple_(table.c.id, table.c.version).in_(planned), assignments.as_columns(model, wanted)
    )
