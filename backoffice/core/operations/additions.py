"""Many rows get a new row of another kind each: "add a payment of the balance to 20 invoices".

What is asked is the same for all of them; the rest is taken from the row that gets it. A row of which an amount is taken
that is not above zero needs none, so it is already so. The new rows are the operation's changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, case, cast, literal, null, select, true, tuple_

from backoffice.core.access import Person, Verb
from backoffice.core.model import Record
from backoffice.core.operations import (
    creating,
    display,
    edit_review,
    following,
    review,
    rights,
    snapshot,
    values,
    verdicts,
)
from backoffice.core.operations.errors import Invalid
from backoffice.core.operations.models import StoredPlan
from backoffice.core.operations.recording import Recording
from backoffice.core.operations.review import LINKED, PLAN_ROW, Sample
from backoffice.core.operations.rules import Row
from backoffice.core.operations.tables import model_named, singular, table_of
from backoffice.core.operations.writes import with_defaults
from backoffice.core.selection import Field, Kind, fields_of
from backoffice.core.wording import gettext, inside
from backoffice.extensions import db

ADD = "add a row"  # no expression is called so


@dataclass(frozen=True)
class Addition:
    """A new row for each row: with `values`, and `taken` from the row itself (field of the new row -> field of the row)."""

    values: Mapping[str, Any]
    taken: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Added:
    """The rows that a plan adds: `own` leads back to the row that gets one, `given` is what all of them hold."""

    collection: Field
    own: Field
    given: Mapping[str, Any]
    taken: Mapping[str, str]

    @property
    def model(self) -> type[Record]:
        model: type[Record] = self.own.model
        return model

    @property
    def getting(self) -> type[Record]:
        """The kind of the rows that get one."""
        model: type[Record] = self.collection.model
        return model

    @property
    def sources(self) -> dict[str, ColumnElement[Any]]:
        """By column of the new row, the column of the row that gets it from which it is taken; the link between them as well."""
        mine, theirs, table = fields_of(self.model), fields_of(self.getting), table_of(self.getting)
        taken = {
            mine[name].column or name: table.columns[theirs[of].column or theirs[of].attribute]
            for name, of in self.taken.items()
        }
        return {**taken, self.own.column or "": table.c.id}

    @property
    def amount(self) -> ColumnElement[Any] | None:
        """The column of the row from which the amount of its new row is taken; None where none is."""
        return self.sources.get(self.model.__amount__)


def of_plan(plan: StoredPlan) -> Added:
    """Returns what a plan adds. Raises LookupError where it adds nothing."""
    for name, meant in plan.values.items():
        return _added(model_named(plan.entity_type), name, meant["values"], meant["taken"])
    raise LookupError("the plan adds nothing")


def written(plan: StoredPlan) -> type[Record]:
    """Returns the kind of the rows that the plan adds."""
    return of_plan(plan).model


def kept(model: type[Record], wanted: Mapping[str, Any], person: Person, door: str) -> dict[str, Any]:
    """Returns an addition as a plan keeps it, {} where none is wanted. Raises Invalid with a sentence per field that cannot be."""
    asked = {name: meant for name, meant in wanted.items() if isinstance(meant, Addition)}
    if not asked:
        return {}
    name, meant = next(iter(asked.items()))
    if len(wanted) > 1:
        raise Invalid(
            {"": gettext("Change the %(label)s in an edit of their own.", label=inside(fields_of(model)[name].label))}
        )
    added = _added(model, name, meant.values, meant.taken)
    rights.require(person, Verb.CREATE, added.model, door)
    creating.require_fields(person, added.model, [*meant.values, *meant.taken, added.own.name])
    given = values.cleaned(added.model, meant.values, person)
    as_kept = {key: values.as_json(value) for key, value in given.items()}
    return {name: {"how": ADD, "values": as_kept, "taken": dict(meant.taken)}}


def fill(connection: Connection, plan: StoredPlan, person: Person) -> None:
    """Writes the plan's rows: which get a new row, which need none, and which may not have it.

    One statement, however many rows, and one that tries the first of them: what is needed and not given shows there.
    """
    added, table = of_plan(plan), table_of(model_named(plan.entity_type))
    rights.require(person, Verb.CREATE, added.model, plan.door)
    found = edit_review.selection_of(plan, person).where()
    where = true() if found is None else found
    given = _given(added, person)
    for row in connection.execute(_taken(added).where(where).limit(1)).mappings():
        new = {**given, **row}
        creating.complete(added.model, new, later=following.fill_columns(added.model, frozenset(new)))
    broken = verdicts.first_broken(verdicts.asked(added.model, "create"), None, _whole(added, given))
    verdict: ColumnElement[Any] = literal(f"{LINKED}{table_of(added.model).name}:", String()) + broken
    if added.amount is not None:
        verdict = case((added.amount <= 0, literal(edit_review.SAME, String())), else_=verdict)
    edit_review.write(connection, plan, select(table.c.id, table.c.version, verdict.label("verdict")).where(where))


def words(plan: StoredPlan, count: int) -> str:
    """Returns the sentence on the button: "Add a payment of the balance, method cash, to 20 invoices: overdue"."""
    added = of_plan(plan)
    fields, noun = fields_of(added.model), singular(table_of(added.model).name)
    what = gettext("an %(noun)s", noun=noun) if noun[0] in "aeiou" else gettext("a %(noun)s", noun=noun)
    for name, of in added.taken.items():
        if fields[name].column == added.model.__amount__:
            label = inside(fields_of(added.getting)[of].label)
            what = gettext("%(what)s of the %(label)s", what=what, label=label)
    told = [f"{inside(fields[name].label)} {values.in_words(fields[name], value)}" for name, value in _told(added)]
    rows = edit_review.whom(plan, count)
    if told:
        return gettext("Add %(what)s, %(details)s, to %(rows)s", what=what, details=", ".join(told), rows=rows)
    return gettext("Add %(what)s to %(rows)s", what=what, rows=rows)


def samples(plan: StoredPlan, person: Person) -> list[Sample]:
    """Returns the first rows that would get a new one, with what it takes from them."""
    added, ids = of_plan(plan), review.first_ids(plan)
    fields = [field for field in rights.visible(person, added.model) if field.name in added.taken]
    table, new = table_of(added.getting), table_of(added.model)
    found = db.session.execute(_taken(added).add_columns(table.c.id.label("_id")).where(table.c.id.in_(ids))).mappings()
    rows = {row["_id"]: {name: snapshot.encode(new.c[name].type, row[name]) for name in added.sources} for row in found}
    named = display.refs(added.getting, ids)
    return [Sample(named[one], tuple(display.field_changes(fields, None, rows[one]))) for one in ids if one in rows]


def run(operation: Recording, plan: StoredPlan, person: Person) -> int:
    """Adds the rows that the plan says, and returns how many. A row that moved meanwhile gets none."""
    added, table = of_plan(plan), table_of(model_named(plan.entity_type))
    seal = select(PLAN_ROW.c.entity_id, PLAN_ROW.c.version).where(
        PLAN_ROW.c.plan_id == plan.id, PLAN_ROW.c.entity_type == plan.entity_type, PLAN_ROW.c.outcome == "change"
    )
    mine = _taken(added).where(tuple_(table.c.id, table.c.version).in_(seal)).order_by(table.c.id)
    given = _given(added, person)
    rows = operation.connection.execute(mine.with_for_update(of=table)).mappings().all()
    return len(operation.insert(added.model, ({**given, **row} for row in rows)))


def _added(model: type[Record], name: str, given: Mapping[str, Any], taken: Mapping[str, str]) -> Added:
    """Raises Invalid where the collection cannot get rows so."""
    collection = fields_of(model).get(name)
    if collection is None or collection.kind is not Kind.COLLECTION or collection.target is None or not collection.link:
        raise Invalid({name: gettext("Nothing can be added here.")})
    return Added(collection, leading_back(collection), given, taken)


def leading_back(collection: Field) -> Field:
    """Returns the field of a collection's rows by which each leads back to the row that it belongs to."""
    if collection.target is None or collection.link is None:
        raise TypeError(f"{collection.name} is no collection")
    return next(field for field in fields_of(collection.target).values() if field.column == collection.link[1])


def _given(added: Added, person: Person) -> dict[str, Any]:
    """Returns what all new rows hold, by column."""
    given = values.cleaned(added.model, added.given, person)
    return values.as_columns(added.model, given, given)


def _told(added: Added) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in added.given.items() if value not in (None, False)]


def _taken(added: Added) -> Any:
    """Returns the SELECT of what new rows take from those that get them, by column of the new row."""
    return select(*(column.label(name) for name, column in added.sources.items()))


def _whole(added: Added, given: Mapping[str, Any]) -> Row:
    """Returns a new row as its rules see it, over the row that gets it."""
    columns = table_of(added.model).columns
    held = {name: value for name, value in with_defaults(added.model, given).items() if value is not None}
    known = {name: literal(value, columns[name].type) for name, value in held.items()}
    return Row({column.name: cast(null(), column.type) for column in columns} | known | added.sources)
