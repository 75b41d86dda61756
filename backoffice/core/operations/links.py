"""Many rows get or lose a link to one other row: "add Ann Lee to the contacts of 12 students".

A link is a row of a kind of its own that joins two others, at most once each pair. Rows that are linked already, or not
linked, are already so; the link rows that are made or deleted are the operation's changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, String, UniqueConstraint, and_, case, cast, literal, null, select, true

from backoffice.core.access import Person, Verb
from backoffice.core.model import Record
from backoffice.core.operations import creating, display, edit_review, review, rights, values, verdicts
from backoffice.core.operations.errors import Invalid
from backoffice.core.operations.models import StoredPlan
from backoffice.core.operations.recording import Recording
from backoffice.core.operations.review import LINKED, Sample
from backoffice.core.operations.rules import Row
from backoffice.core.operations.tables import model_named, table_of
from backoffice.core.selection import Field, Kind, fields_of
from backoffice.core.wording import gettext, inside

LINK, UNLINK = "link", "unlink"
KEPT = {"version", "created_at", "updated_at"}  # columns that say nothing about a link


@dataclass(frozen=True)
class Link:
    """A link to the row `to`, which holds `values`, where there is none yet."""

    to: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Unlink:
    """No link to the row `to`."""

    to: int


@dataclass(frozen=True)
class Joint:
    """A collection whose rows are links: `own` leads back, `other` leads to the linked row, `details` say what it is."""

    collection: Field
    model: type[Record]
    own: Field
    other: Field
    details: tuple[Field, ...]


def joint(model: type[Record], name: str) -> Joint | None:
    """Returns the collection `name` of `model` as links; None where its rows are more than that."""
    collection = fields_of(model).get(name)
    if collection is None or collection.kind is not Kind.COLLECTION or collection.target is None or not collection.link:
        return None
    fields = {field.column: field for field in fields_of(collection.target).values() if field.column}
    for constraint in table_of(collection.target).constraints:
        columns = set(constraint.columns.keys()) if isinstance(constraint, UniqueConstraint) else set()
        others = [fields[column] for column in columns - {collection.link[1]} if column in fields]
        if len(columns) == 2 and len(others) == 1 and others[0].kind is Kind.RELATION:
            details = (field for column, field in fields.items() if column not in columns | KEPT)
            return Joint(collection, collection.target, fields[collection.link[1]], others[0], tuple(details))
    return None


def of_plan(plan: StoredPlan) -> tuple[Joint, Link | Unlink]:
    """Returns what a plan links or unlinks. Raises LookupError where it does neither."""
    for name, meant in plan.values.items():
        found = joint(model_named(plan.entity_type), name)
        if found is not None:
            return found, Link(meant["to"], meant["values"]) if meant["how"] == LINK else Unlink(meant["to"])
    raise LookupError("the plan links nothing")


def written(plan: StoredPlan) -> type[Record]:
    """Returns the kind of the links that the plan makes or deletes."""
    return of_plan(plan)[0].model


def kept(model: type[Record], wanted: Mapping[str, Any], person: Person, door: str) -> dict[str, Any]:
    """Returns a link as a plan keeps it, {} where none is wanted. Raises Invalid with a sentence per field of the link."""
    asked = {name: meant for name, meant in wanted.items() if isinstance(meant, Link | Unlink)}
    if not asked:
        return {}
    ((name, meant), *more), found = asked.items(), joint(model, next(iter(asked)))
    if more or len(wanted) > 1:
        raise Invalid(
            {"": gettext("Change the %(label)s in an edit of their own.", label=inside(fields_of(model)[name].label))}
        )
    if found is None:
        raise Invalid({name: gettext("Nothing can be added here or removed.")})
    rights.require(person, Verb.CREATE if isinstance(meant, Link) else Verb.DELETE, found.model, door)
    to = values.cleaned(found.model, {found.other.name: meant.to}, person)[found.other.name]
    if isinstance(meant, Unlink):
        return {name: {"how": UNLINK, "to": to}}
    given = values.cleaned(found.model, meant.values, person)
    creating.require_fields(person, found.model, given)
    creating.complete(found.model, {**values.as_columns(found.model, given, given), **_pair(found, 0, to)})
    return {name: {"how": LINK, "to": to, "values": {key: values.as_json(value) for key, value in given.items()}}}


def fill(connection: Connection, plan: StoredPlan, person: Person) -> None:
    """Writes the plan's rows: which are linked already, which would be, and the links that would go."""
    found, meant = of_plan(plan)
    table, links = table_of(model_named(plan.entity_type)), table_of(found.model)
    verb = Verb.CREATE if isinstance(meant, Link) else Verb.DELETE
    rights.require(person, verb, found.model, plan.door)
    own, other = links.columns[found.own.column or ""], links.columns[found.other.column or ""]
    same, prefix = literal(edit_review.SAME, String()), literal(f"{LINKED}{links.name}:", String())
    if isinstance(meant, Link):
        new = {name: literal(value, links.columns[name].type) for name, value in _row(found, meant, person).items()}
        whole = {column.name: cast(null(), column.type) for column in links.columns} | new | {own.name: table.c.id}
        broken = verdicts.first_broken(verdicts.asked(found.model, "create"), None, Row(whole))
        verdict = case((links.c.id.is_not(None), same), else_=prefix + broken)
    else:
        broken = verdicts.first_broken(verdicts.asked(found.model, "delete"), verdicts.stored_row(links), None)
        verdict = case((links.c.id.is_(None), same), else_=prefix + broken)
    where = edit_review.selection_of(plan, person).where()
    joined = table.outerjoin(links, and_(own == table.c.id, other == meant.to))
    # the row itself is not written, so its version is not sealed: what others change in it is none of the plan's business
    rows = select(table.c.id, cast(null(), BigInteger).label("version"), verdict.label("verdict"))
    edit_review.write(connection, plan, rows.select_from(joined).where(true() if where is None else where))
    if isinstance(meant, Unlink):
        gone = select(
            literal(plan.id), literal(links.name), links.c.id, links.c.version, literal("cascade"), verdicts.NONE
        )
        review.add_rows(connection, gone.where(other == meant.to, own.in_(review.rows_of(plan, "change"))))


def words(plan: StoredPlan, count: int) -> str:
    """Returns the sentence on the button: "Add Ann Lee, relationship mother, to the contacts of 12 students"."""
    found, meant = of_plan(plan)
    name = display.ref(found.other.target, meant.to).label if found.other.target else str(meant.to)
    rows = edit_review.whom(plan, count)
    if isinstance(meant, Unlink):
        return gettext(
            "Remove %(name)s from the %(collection)s of %(rows)s",
            name=name,
            collection=inside(found.collection.label),
            rows=rows,
        )
    return gettext(
        "Add %(name)s%(details)s to the %(collection)s of %(rows)s",
        name=name,
        details=_details(found, meant),
        collection=inside(found.collection.label),
        rows=rows,
    )


def samples(plan: StoredPlan, person: Person) -> list[Sample]:
    """Returns the first rows that would be linked or unlinked."""
    found, meant = of_plan(plan)
    model = model_named(plan.entity_type)
    name = display.ref(found.other.target, meant.to) if found.other.target else None
    sides = (None, name) if isinstance(meant, Link) else (name, None)
    change = display.FieldChange(found.other, *sides)
    return [Sample(display.ref(model, row_id), (change,)) for row_id in review.first_ids(plan)]


def run(operation: Recording, plan: StoredPlan, person: Person) -> int:
    """Makes or deletes the links that the plan says, and returns how many."""
    found, meant = of_plan(plan)
    if isinstance(meant, Unlink):
        links = table_of(found.model)
        return operation.delete(found.model, links.c.id.in_(review.rows_of(plan, "cascade", entity_type=links.name)))
    row = _row(found, meant, person)
    ids = operation.connection.execute(review.rows_of(plan, "change")).scalars().all()
    return len(operation.insert(found.model, [{**row, **_pair(found, row_id, meant.to)} for row_id in ids]))


def _row(found: Joint, meant: Link, person: Person) -> dict[str, Any]:
    """Returns the columns of a new link, without the row that it belongs to."""
    given = values.cleaned(found.model, meant.values, person)
    whole = creating.complete(
        found.model, {**values.as_columns(found.model, given, given), **_pair(found, 0, meant.to)}
    )
    return {name: value for name, value in whole.items() if name != found.own.column}


def _pair(found: Joint, own: int, other: int) -> dict[str, Any]:
    return {found.own.column or "": own, found.other.column or "": other}


def _details(found: Joint, meant: Link) -> str:
    told = [(field, meant.values.get(field.name)) for field in found.details]
    return "".join(
        f", {inside(field.label)} {values.in_words(field, value)}"
        for field, value in told
        if value not in (None, False)
    )
