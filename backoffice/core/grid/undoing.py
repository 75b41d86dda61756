"""The page of one operation, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from backoffice.core import operations
from backoffice.core.grid import changes, details, formats, messages, review
from backoffice.core.grid.changes import ChangedRow
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.doors import requested_id, reviewed_plan, row_of, way_back
from backoffice.core.grid.state import number_in
from backoffice.core.operations import Operation, Plan
from backoffice.core.operations.models import way_back as way_back_of
from backoffice.core.web.gate import current_person
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
    links: Sequence[tuple[str, str]]  # (text, address) of what it left, and of operations that took it back
    rows: Sequence[ChangedRow]
    first: str
    last: str
    total: str
    next_url: str
    previous_url: str


def show(grid: Declaration) -> ResponseReturnValue:
    """Answers the page of an operation in the person's scope."""
    person, operation_id = current_person(), requested_id()
    sections = grid.sections_for(person)
    columns = {name: field for fields in sections.values() for name, field in fields.items()}
    row = row_of(grid, operation_id, columns)
    shown = details.shown(person, sections, columns, row)
    number = number_in(request.args, "page")
    tally = changes.tally(operation_id)
    total = sum(count for _noun, count, _done in tally)
    rows = changes.page_of(person, operation_id, number)
    links = changes.left_as_is(person, db.session.get_one(Operation, operation_id))
    page = OperationPage(
        heading=row["title"],
        return_url=way_back(grid),
        sections=shown,
        tally=[f"{count:,} {noun} {done}" for noun, count, done in tally],
        undo=way_back_of(row["title"]),
        undo_url=grid.address("undo_view", id=operation_id) if total and not _is_undone(operation_id) else "",
        links=[*links, *_relatives(grid, operation_id)],
        rows=rows,
        first=f"{number * changes.SIZE + 1:,}" if rows else "",
        last=f"{number * changes.SIZE + len(rows):,}" if rows else "",
        total=f"{total:,}",
        next_url=_at(grid, operation_id, number + 1) if (number + 1) * changes.SIZE < total else "",
        previous_url=_at(grid, operation_id, number - 1) if number else "",
    )
    return grid.render("admin/model/operation.html", page=page)


def _at(grid: Declaration, operation_id: int, number: int) -> str:
    return grid.address("details_view", id=operation_id, page=number or None)


def _is_undone(operation_id: int) -> bool:
    return db.session.scalar(select(Operation.id).where(Operation.undoes_id == operation_id).limit(1)) is not None


def _relatives(grid: Declaration, operation_id: int) -> list[tuple[str, str]]:
    """Returns the operations that took this one back, and the one that it took back."""
    later = db.session.scalars(select(Operation).where(Operation.undoes_id == operation_id).order_by(Operation.id))
    found = [(f"Undone on {formats.instant(op.at)} by {op.actor_name}", op.id) for op in later]
    earlier = select(Operation.undoes_id).where(Operation.id == operation_id)
    undoes = db.session.scalar(earlier)
    found += [("This took back an earlier operation", undoes)] if undoes else []
    return [(text, grid.address("details_view", id=other)) for text, other in found]


def undo(grid: Declaration) -> ResponseReturnValue:
    """Takes the operation back at once where every row is as it left it; else shows first which rows are kept."""
    person = current_person()
    if request.form.get("action") == "apply":
        return _apply(grid, reviewed_plan())
    row = row_of(grid, requested_id(), {})
    operation = db.session.get_one(Operation, row["id"])
    plan = operations.plan_undo(operation, person)
    if not plan.will_change and not plan.refused:
        messages.note("There is nothing to take back: everything is as it was before.")
        return redirect(way_back(grid))
    if plan.refused:
        return review.undo_page(grid, plan, operation.id)
    return _apply(grid, plan)


def _apply(grid: Declaration, plan: Plan) -> ResponseReturnValue:
    back = way_back(grid)
    try:
        operation = operations.apply(plan, current_person())
    except operations.AlreadyApplied as already:
        messages.done_before(already.operation, back)
        return redirect(back)
    count = plan.will_change
    noun = changes.noun(plan.model.__tablename__, count)
    redone = plan.words.startswith("Redo: ")
    told = (
        f"Redone: {count:,} {noun}" if redone else f"Undone: {count:,} {noun} {'is' if count == 1 else 'are'} as before"
    )
    messages.done(told, operation, back)
    return redirect(back)
