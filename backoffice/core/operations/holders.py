"""What holds rows in place: rows of other kinds that would be left behind if these were deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Table, func, select, true

from backoffice.core import reader
from backoffice.core.operations.models import StoredPlan
from backoffice.core.operations.tables import (
    Reference,
    model_named,
    noun,
    plural,
    protected_tables,
    referring_to,
    table_of,
)
from backoffice.core.wording import both, gettext
from backoffice.extensions import db

DEEPEST = 8  # levels of ON DELETE CASCADE
COUNTED = 1000  # rows of a kind; of more the number is not waited for


def reassignable(table: Table) -> list[Reference]:
    """Returns the references by which rows of other kinds may be given another row of `table` instead."""
    return [
        reference
        for reference in referring_to(table)
        if reference.column.info.get("reassign") and reference.child is not table
    ]


def wanted(plan: StoredPlan) -> dict[str, int]:
    """Returns which rows a deletion gives another row first: by its foreign key the id of that row."""
    return dict(plan.values.get("reassign", {})) if plan.verb == "delete" else {}


def moved(plan: StoredPlan) -> frozenset[Any]:
    """Returns the foreign keys whose rows hold nothing in place, since a deletion gives them another row first."""
    references = reassignable(table_of(model_named(plan.entity_type)))
    return frozenset(reference.column for reference in references if str(reference.column) in wanted(plan))


def conditions(
    table: Any, meant: Any, depth: int = 0, moved: frozenset[Any] = frozenset()
) -> Iterator[ColumnElement[bool]]:
    """Yields the conditions that rows, not `meant` to be deleted themselves, hold a row of `table` in place.

    Rows that refer by one of the columns `moved` do not: they are given another row first.
    """
    for reference in referring_to(table if depth == 0 else table.element):
        if reference.column in moved:
            continue
        child = reference.child.alias()
        points = child.columns[reference.column.name] == table.c.id
        if reference.on_delete == "RESTRICT":
            goes_too = child.c.id.not_in(meant) if depth == 0 and reference.child.name == table.name else true()
            yield select(child.c.id).where(points, goes_too).exists()
        elif _goes_along(reference, depth):
            for condition in conditions(child, meant, depth + 1):
                yield select(child.c.id).where(points, condition).exists()


def restricting(
    table: Table, ids: Any, meant: Any, depth: int = 0, moved: frozenset[Any] = frozenset()
) -> Counter[str]:
    """Returns how many rows of which kind hold the rows `ids` of `table` in place, those `meant` to go as well aside."""
    found: Counter[str] = Counter()
    for reference in referring_to(table):
        if reference.column in moved:
            continue
        if reference.on_delete == "RESTRICT":
            own = depth == 0 and reference.child.name == table.name
            found[reference.child.name] += _pointing(reference, ids, meant if own else None)
        elif _goes_along(reference, depth):
            along = select(reference.child.c.id).where(reference.column.in_(ids))
            found += restricting(reference.child, along, meant, depth + 1)
    return found


def pointing(table: Table, ids: Any, kind: str, going: Any) -> Counter[str]:
    """Returns how many rows of `kind` point at the rows `ids` of `table`, those that are `going` aside."""
    mine = [reference for reference in referring_to(table) if reference.child.name == kind]
    return Counter({kind: sum(_pointing(reference, ids, going) for reference in mine)})


def pointed(reference: Reference, ids: Any) -> int:
    """Returns how many rows refer to the rows `ids`; of more than COUNTED the number is not waited for."""
    return _pointing(reference, ids, None)


def sentence(found: Counter[str]) -> str:
    """Returns what would be left behind: "3 enrollments and 1 invoice would be left behind."."""
    parts = [told(count, kind) for kind, count in found.most_common() if count]
    if not parts:
        return gettext("Other rows would be left behind.")
    *others, last = parts
    rows = both((", ".join(others), last)) if others else last
    return gettext("%(rows)s would be left behind.", rows=rows)


def told(count: int, kind: str) -> str:
    """Returns a number with its noun; "1,000+ invoices" where it was not waited for."""
    return (
        f"{reader.number(count)} {noun(count, kind)}"
        if count <= COUNTED
        else f"{reader.number(COUNTED)}+ {plural(kind)}"
    )


def _pointing(reference: Reference, ids: Any, aside: Any) -> int:
    found = select(reference.child.c.id).where(reference.column.in_(ids))
    if aside is not None:
        found = found.where(reference.child.c.id.not_in(aside))
    return db.session.scalar(select(func.count()).select_from(found.limit(COUNTED + 1).subquery())) or 0


def _goes_along(reference: Reference, depth: int) -> bool:
    return reference.on_delete == "CASCADE" and reference.child.name in protected_tables() and depth < DEEPEST
