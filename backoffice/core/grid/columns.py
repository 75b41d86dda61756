"""The columns of a list: those that its address names, in that order, or the grid's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from backoffice.core.access import Person, Verb, may
from backoffice.core.grid.catalog import SHOWN_ALONE, field_at
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.fit import Fit, read_fit
from backoffice.core.selection import Field, Kind, QueryError, visible_fields
from backoffice.core.selection.fields import TO_ROWS
from backoffice.core.wording import gettext

MOST_COLUMNS = 40
MOST_RELATIONS = 12  # each joins a table


@dataclass(frozen=True)
class Group:
    """Fields that a person may choose as columns: the grid's own (`title` is ""), or those of one related row, by path."""

    title: str
    fields: dict[str, Field]


def chosen_columns(grid: Declaration, person: Person, names: str) -> dict[str, Field]:
    """Returns the columns of the grid, or the comma-separated `names`. Raises QueryError for one that is not to be seen."""
    listed = [name for part in names.split(",") if (name := part.strip())]
    if not listed:
        return grid.columns_for(person)
    chosen: dict[str, Field] = {}
    for name in listed:
        field = field_at(person, grid.model, name) if len(chosen) < MOST_COLUMNS else None
        if field is None:
            raise QueryError(f"columns={name}", _why_not(len(chosen)))
        chosen[name] = field
    if len(_relations(chosen)) > MOST_RELATIONS:
        raise QueryError(
            "columns", gettext("columns of at most %(most)s related rows can be shown at once", most=MOST_RELATIONS)
        )
    return chosen


def checked_fit(grid: Declaration, person: Person, text: str) -> Fit:
    """Returns how columns stand as `text` says. Raises QueryError for a column that is not to be seen."""
    fit = read_fit(text)
    for name, width in fit.widths.items():
        if field_at(person, grid.model, name) is None:
            raise QueryError(f"fit={width}:{name}", _why_not(0))
    return fit


def _why_not(chosen: int) -> str:
    return (
        gettext("at most %(most)s columns can be shown", most=MOST_COLUMNS)
        if chosen >= MOST_COLUMNS
        else gettext("there is no such column")
    )


def _relations(columns: dict[str, Field]) -> set[str]:
    """Returns the way to each related row that the columns need."""
    found = {name for name, field in columns.items() if field.kind is Kind.RELATION}
    for name in columns:
        steps = name.split(".")
        found |= {".".join(steps[:depth]) for depth in range(1, len(steps))}
    return found


def offered(grid: Declaration, person: Person) -> Iterator[Group]:
    """Yields what `person` may choose: the grid's own fields, then those of each related row that they may look at."""
    own = visible_fields(person, grid.model)
    declared = {name: field for name, field in grid.columns_for(person).items() if name not in own}
    yield Group("", {**_plain(own.items()), **declared})
    for relation in own.values():
        if relation.kind is Kind.RELATION and relation.target is not None and may(person, Verb.VIEW, relation.target):
            beyond = visible_fields(person, relation.target)
            yield Group(
                relation.label,
                {f"{relation.name}.{name}": field for name, field in beyond.items() if field.kind not in TO_ROWS},
            )


def _plain(fields: Iterable[tuple[str, Field]]) -> dict[str, Field]:
    return {name: field for name, field in fields if field.kind not in SHOWN_ALONE}
