"""What a declaration must say. A grid that names what does not exist stops the application from starting."""

from __future__ import annotations

from backoffice.core.grid.catalog import declared_field
from backoffice.core.grid.declaration import Declaration, Misdeclared
from backoffice.core.grid.line_parts import relation_to
from backoffice.core.operations import joint
from backoffice.core.selection import Kind, fields_of

UNWRITABLE = frozenset({Kind.COLLECTION})


def check(grid: type[Declaration]) -> None:
    """Raises Misdeclared with a sentence that names the grid and what is wrong with its declaration."""
    _check_said(grid)
    _check_shown(grid)
    _check_written(grid)
    _check_linked(grid)
    _check_added(grid)
    _check_lines(grid)


def _check_said(grid: type[Declaration]) -> None:
    for attribute in ("model", "name", "columns", "rights"):
        if not getattr(grid, attribute, None):
            raise Misdeclared(f"{grid.__name__} declares no {attribute}")


def _check_shown(grid: type[Declaration]) -> None:
    shown = [*grid.columns, *grid.filters, grid.default_sort.removeprefix("-")]
    shown += [name for names in grid.sections.values() for name in names]
    for name in shown:
        if declared_field(grid.model, name) is None:
            raise Misdeclared(f"{grid.__name__} shows {name!r}, which is no field of {grid.model.__name__}")


def _check_written(grid: type[Declaration]) -> None:
    fields = fields_of(grid.model)
    if grid.instead[1] and grid.instead[1] not in grid.form:
        raise Misdeclared(f"{grid.__name__} offers {grid.instead[1]!r} instead of a deletion, which is not in its form")
    for name in (*grid.form, *(grid.create_form or ()), *grid.starts, *grid.not_copied, *_following(grid)):
        if name not in fields or fields[name].kind in UNWRITABLE or fields[name].column is None:
            raise Misdeclared(
                f"{grid.__name__} has {name!r} in a form, which cannot be written in {grid.model.__name__}"
            )
    for step, names in grid.steps.items():
        if not names.keys() <= {*grid.form}:
            raise Misdeclared(f"{grid.__name__} fills in what is not in its form for {step!r}")
    headed = {name for names in grid.sections.values() for name in names}
    for name in (*grid.form, *(grid.create_form or ())):
        if headed and name not in headed:
            raise Misdeclared(f"{grid.__name__} has {name!r} in a form and in none of its sections")


def _check_linked(grid: type[Declaration]) -> None:
    for name in grid.adds_to:
        if joint(grid.model, name) is None:
            raise Misdeclared(f"{grid.__name__} adds to {name!r}, whose rows do not only link to another row")


def _check_added(grid: type[Declaration]) -> None:
    for name, asked in grid.each_gets.items():
        collection = fields_of(grid.model).get(name)
        if collection is None or collection.kind is not Kind.COLLECTION or collection.target is None:
            raise Misdeclared(f"{grid.__name__} adds to {name!r}, which is no collection of {grid.model.__name__}")
        fields = fields_of(collection.target)
        for field in asked:
            if field not in fields or fields[field].column is None or fields[field].kind is Kind.MONEY:
                raise Misdeclared(f"{grid.__name__} asks for {field!r} of new {name}, which all of them cannot share")


def _check_lines(grid: type[Declaration]) -> None:
    for lines in grid.lines:
        if not relation_to(grid.model, lines):
            raise Misdeclared(f"{grid.__name__} has {lines.title!r} as lines, which no one relation leads back from")
        for name in lines.fields:
            if name not in fields_of(lines.model) or fields_of(lines.model)[name].column is None:
                raise Misdeclared(
                    f"{grid.__name__} has {name!r} in a line, which cannot be written in {lines.model.__name__}"
                )


def _following(grid: type[Declaration]) -> list[str]:
    """Returns the fields of a new row that begin as those of a related one."""
    for relation, fields in grid.follows.items():
        for name in fields.values():
            if declared_field(grid.model, f"{relation}.{name}") is None:
                raise Misdeclared(f"{grid.__name__} begins with {relation}.{name}, which is no field")
    return [name for fields in grid.follows.values() for name in fields]
