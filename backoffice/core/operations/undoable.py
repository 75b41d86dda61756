"""Whether an operation can be taken back: one answer for messages, pages, lists, histories and the palette.

What was changed since is for the review of the undo to say. Here it is who may ask for one, whether anything is there to
go back, and what a rule keeps for good: that rule says what to do instead.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, exists, or_, select

from backoffice.core.access import Person
from backoffice.core.model import Record
from backoffice.core.operations import review, rights, snapshot, verdicts
from backoffice.core.operations.changes import CHANGE
from backoffice.core.operations.constraints import rules_of
from backoffice.core.operations.models import Birth, Change, Operation
from backoffice.core.operations.rules import Row, Rule
from backoffice.core.operations.tables import model_named, table_of
from backoffice.extensions import db


@dataclass(frozen=True)
class Answer:
    """`offered`: the person may have the operation taken back; `instead` is what to do where a rule keeps all of it for good."""

    offered: bool
    instead: str = ""


def answer(person: Person, operation_id: int) -> Answer:
    """Returns whether `person` may take back one operation."""
    return answers(person, [operation_id])[operation_id]


def answers(person: Person, operation_ids: Collection[int]) -> dict[int, Answer]:
    """Returns whether `person` may take back each operation, by a number of statements that depends on their kinds alone."""
    found = db.session.execute(_asked(), {"asked": list(operation_ids)}).all() if operation_ids else []
    open_to = {
        operation.id: operation.entity_type
        for operation, is_undone, is_known in found
        if is_known and not is_undone and rights.may_undo(person, operation)
    }
    kept = _kept_for_good(open_to)
    return {
        operation.id: Answer(operation.id in open_to and operation.id not in kept, kept.get(operation.id, ""))
        for operation, *_ in found
    }


@cache
def _asked() -> Select[Operation, Any, bool]:
    """Returns the SELECT of the operations "asked" about, with whether each is undone and whether its changes are known."""
    mine = Operation.id.in_(bindparam("asked", expanding=True))
    return select(Operation, Operation.undone, _is_known()).where(mine)


def _is_known() -> ColumnElement[bool]:
    """Returns the condition that changes of the operation's own kind are there: it made some, and they were not pruned."""
    sources = (Change, Birth)
    return or_(
        *(
            exists().where(source.operation_id == Operation.id, source.entity_type == Operation.entity_type)
            for source in sources
        )
    )


def _kept_for_good(operations: dict[int, str]) -> dict[int, str]:
    """Returns what to do instead for those operations (number -> kind) of which rules keep every row for good."""
    found: dict[int, str] = {}
    for kind in sorted(set(operations.values())):
        model = model_named(kind)
        if any(rule.final for rule in rules_of(model)):
            mine = [number for number, own in operations.items() if own == kind]
            found |= {number: review.sentence(kind, rule)[1] for number, rule in _refused(model, mine)}
    return found


def _refused(model: type[Record], operation_ids: Collection[int]) -> list[tuple[int, str]]:
    """Returns the operations of which no row can go back, each with a rule that says so."""
    table = table_of(model)
    verdict = _verdict(model)
    rows = (
        select(verdict)
        .select_from(CHANGE.outerjoin(table, table.c.id == CHANGE.c.entity_id))
        .where(CHANGE.c.operation_id == Operation.id, CHANGE.c.entity_type == table.name)
        .correlate(Operation)
    )
    why = rows.limit(1).scalar_subquery()
    goes = rows.where(verdict.is_(None)).exists()
    found = select(Operation.id, why).where(Operation.id.in_(operation_ids), ~goes)
    return [(number, rule) for number, rule in db.session.execute(found) if rule is not None]


def _verdict(model: type[Record]) -> ColumnElement[Any]:
    """Returns the name of the rule that keeps a changed row for good, NULL where none does."""
    table, dialect = table_of(model), db.session.get_bind().dialect.name
    stored, columns, before = verdicts.stored_row(table), snapshot.columns_of(table).values(), CHANGE.c.before
    updated = Row(
        {
            **{c.name: c for c in table.columns},
            **{c.name: snapshot.restore_or_keep(dialect, before, c) for c in columns},
        }
    )
    deleted = Row({"id": CHANGE.c.entity_id, **{c.name: snapshot.restore(dialect, before, c) for c in columns}})
    return case(
        (CHANGE.c.action == "create", verdicts.first_broken(_final(model, "unmake"), stored, None)),
        (CHANGE.c.action == "update", verdicts.first_broken(_final(model, "undo"), stored, updated)),
        else_=verdicts.first_broken(_final(model, "undo"), None, deleted),
    )


def _final(model: type[Record], moment: str) -> list[Rule]:
    return [rule for rule in verdicts.asked(model, moment) if rule.final]
