"""The page of one operation, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flask import redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from backoffice.core import jobs, operations, reader
from backoffice.core.grid import (
    approval_pages,
    changes,
    details,
    job_pages,
    kept,
    messages,
    review,
    review_page,
)
from backoffice.core.grid.changes import ChangedRow
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import requested_id, reviewed_plan, row_of, way_back
from backoffice.core.grid.state import number_in
from backoffice.core.operations import Operation, Plan, undoable
from backoffice.core.operations.models import is_redo
from backoffice.core.operations.models import way_back as way_back_of
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext
from backoffice.extensions import db


@dataclass(frozen=True)
class OperationPage:
    """What admin/model/operation.html shows."""

    heading: str
    return_url: str
    sections: Sequence[tuple[str, details.Pairs]]
    tally: Sequence[str]
    undo: str
    undo_url: str
    instead: str  # of an undo, where a rule keeps all of it for good
    links: Sequence[tuple[str, str]]  # (text, address) of what it left, and of operations that took it back
    rows: Sequence[ChangedRow]
    first: str
    last: str
    total: str
    next_url: str
    previous_url: str
    kept_columns: Sequence[str] = field(default_factory=kept.columns)
    kept: Sequence[Sequence[str]] = ()


def show(grid: Declaration) -> ResponseReturnValue:
    """Answers the page of an operation in the person's scope."""
    person, operation_id = current_person(), requested_id()
    sections = grid.sections_for(person)
    columns = {name: field for fields in sections.values() for name, field in fields.items()}
    row = row_of(grid, operation_id, columns)
    shown = details.shown(person, details.told(sections, row), columns, row)
    number = number_in(request.args, "page")
    tally = changes.tally(operation_id)
    total = sum(count for _noun, count, _done in tally)
    rows = changes.page_of(person, operation_id, number)
    operation = db.session.get_one(Operation, operation_id)
    answer = undoable.answer(person, operation_id)
    links = changes.left_as_is(person, operation)
    page = OperationPage(
        heading=row["title"],
        return_url=way_back(grid),
        sections=shown,
        tally=[_became(f"{reader.number(count)} {noun}", done) for noun, count, done in tally],
        undo=way_back_of(row["title"]),
        undo_url=grid.address("undo_view", id=operation_id) if answer.offered else "",
        instead=answer.instead,
        links=[*links, *_relatives(grid, operation_id)],
        rows=rows,
        first=reader.number(number * changes.SIZE + 1) if rows else "",
        last=reader.number(number * changes.SIZE + len(rows)) if rows else "",
        total=reader.number(total),
        next_url=_at(grid, operation_id, number + 1) if (number + 1) * changes.SIZE < total else "",
        previous_url=_at(grid, operation_id, number - 1) if number else "",
        kept=kept.rows(operation) if _is_undone_in_part(operation) else (),
    )
    return grid.render("admin/model/operation.html", page=page)


def _became(rows: str, what: str) -> str:
    return gettext("%(rows)s %(became)s", rows=rows, became=what)


def _at(grid: Declaration, operation_id: int, number: int) -> str:
    return grid.address("details_view", id=operation_id, page=number or None)


def _is_undone(operation_id: int) -> bool:
    return db.session.scalar(select(Operation.id).where(Operation.undoes_id == operation_id).limit(1)) is not None


def _is_undone_in_part(operation: Operation) -> bool:
    """Says whether the operation was taken back, and rows of it were kept."""
    back = select(func.sum(Operation.row_count)).where(Operation.undoes_id == operation.id)
    return (db.session.scalar(back) or operation.row_count) < operation.row_count


def _relatives(grid: Declaration, operation_id: int) -> list[tuple[str, str]]:
    """Returns the operations that took this one back, and the one that it took back."""
    later = db.session.scalars(select(Operation).where(Operation.undoes_id == operation_id).order_by(Operation.id))
    found = [
        (gettext("Undone on %(at)s by %(person)s", at=reader.moment(op.at), person=op.actor_name), op.id)
        for op in later
    ]
    earlier = select(Operation.undoes_id).where(Operation.id == operation_id)
    undoes = db.session.scalar(earlier)
    found += [(gettext("This took back an earlier operation"), undoes)] if undoes else []
    return [(text, grid.address("details_view", id=other)) for text, other in found]


def undo(grid: Declaration) -> ResponseReturnValue:
    """Takes the operation back at once where every row is as it left it; else shows first which rows are kept.

    What needs a second person is shown first as well.
    """
    answer = _ANSWERS.get(request.form.get("action", ""))
    if answer is not None:
        return _answered(grid, reviewed_plan(grid), answer)
    row = row_of(grid, requested_id(), {})
    plan = operations.plan_undo(db.session.get_one(Operation, row["id"]), current_person())
    if not plan.will_change and not plan.refused:
        messages.note(gettext("There is nothing to take back: everything is as it was before."))
        return redirect(way_back(grid))
    if plan.refused:
        return review.lead_to(grid, plan)
    return _answered(grid, plan, _apply)


def _answered(
    grid: Declaration, plan: Plan, answer: Callable[[Declaration, Plan], ResponseReturnValue]
) -> ResponseReturnValue:
    try:
        return answer(grid, plan)
    except operations.AlreadyApplied as already:
        messages.done_before(already.operation, way_back(grid))
        return redirect(way_back(grid))
    except operations.NeedsApproval:
        return review.lead_to(grid, plan)
    except (operations.Invalid, operations.Blocked) as error:
        return review.refused_at_last(grid, plan, error), 422


def _apply(grid: Declaration, plan: Plan) -> ResponseReturnValue:
    if jobs.is_long(plan):
        return job_pages.begin(plan)
    operation = operations.apply(plan, current_person())
    count = plan.will_change
    rows = f"{reader.number(count)} {changes.noun(plan.model.__tablename__, count)}"
    redone = is_redo(plan.words)
    told = gettext("Redone: %(rows)s", rows=rows) if redone else messages.what_became("undo", rows, count)
    messages.done(told, operation, way_back(grid))
    return redirect(way_back(grid))


def _later(grid: Declaration, plan: Plan) -> ResponseReturnValue:
    return job_pages.begin(plan, jobs.tonight())


def _ask(grid: Declaration, plan: Plan) -> ResponseReturnValue:
    return approval_pages.ask(plan, lambda error: review_page.page(grid, plan, why_error=error))


_ANSWERS = {"apply": _apply, "later": _later, "ask": _ask}
