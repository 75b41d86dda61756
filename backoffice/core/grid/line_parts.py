"""Which lines a form has: what the grid declares, as far as the person may see and change them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import request

from backoffice.core import access, operations
from backoffice.core.access import Person, Verb
from backoffice.core.grid.catalog import editable_at, fields_at, fillable_at, with_helpers
from backoffice.core.grid.declaration import Declaration, Lines, grid_of
from backoffice.core.grid.lines import DEED, MOST, Allowed, LinesPart
from backoffice.core.operations import InvalidLines
from backoffice.core.selection import Kind, Selection, equals, fields_of
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext


def parts_for(grid: Declaration, row_id: int | None) -> list[LinesPart]:
    """Returns the lines of a row (None: of one that is to be made) as they are stored, or as the request sent them."""
    found = []
    for declared in grid.lines:
        other, by = grid_of(declared.model), relation_to(grid.model, declared)
        may = _allowed(current_person(), declared, other, by) if other else None
        if other and may and (may.add if row_id is None else may.add or may.remove or may.edit):
            found.append(_part(declared, other, may, by, row_id))
    return found


def relation_to(model: type[Any], declared: Lines) -> str:
    """Returns the one relation by which the lines belong to rows of `model`; "" where there is none or several."""
    fields = fields_of(declared.model).values()
    names = [field.name for field in fields if field.kind is Kind.RELATION and field.target is model]
    return names[0] if len(names) == 1 else ""


def acted(parts: Iterable[LinesPart]) -> bool:
    """Does what a button of the lines says; False where none was pressed."""
    name, _, deed = request.form.get(DEED, "").partition(":")
    what, _, key = deed.partition(":")
    for part in parts:
        if part.name == name:
            part.act(what, key)
    return bool(name)


def meant(parts: Iterable[LinesPart], row: Mapping[str, Any]) -> list[operations.Lines]:
    """Returns what is to become of the lines, new ones with what follows from `row`, which they belong to."""
    found = (part.meant(row) for part in parts)
    return [lines for lines in found if lines is not None]


def row_behind(grid: Declaration, parts: Iterable[LinesPart], row_id: int) -> Mapping[str, Any]:
    """Returns the fields of the row that its new lines follow."""
    names = [of for part in parts for of in part.other.follows.get(part.by, {}).values()]
    rows = Selection.parse(grid.model, current_person(), ids=(row_id,)).page(names, 1).rows if names else []
    return rows[0] if rows else {}


def refuse(parts: Sequence[LinesPart], error: operations.Invalid) -> list[str]:
    """Puts what is wrong with lines at their boxes; returns what concerns lines that have none."""
    homeless = []
    for line, errors in error.lines if isinstance(error, InvalidLines) else ():
        box = next((box for part in parts if (box := part.box_of(line))), None)
        if box is not None:
            box.refuse(errors)
            continue
        name = next((gone.label for part in parts for gone in part.gone if gone.id == line.id), gettext("A line"))
        homeless += [f"{name}: {text}" for text in errors.values()]
        for part in parts:
            part.renew(line.id)
    return homeless


def _part(declared: Lines, other: Declaration, may: Allowed, by: str, row_id: int | None) -> LinesPart:
    rows, more_url = _rows(declared, other, may, by, row_id) if row_id is not None else ({}, "")
    return LinesPart(
        title=gettext(declared.title),
        noun=gettext(declared.noun),
        name=type(other).name,
        other=other,
        may=may,
        by=by,
        rows=rows,
        kept=operations.kept_by_rules(declared.model, rows.keys()),
        more_url=more_url,
    )


def _allowed(person: Person, declared: Lines, other: Declaration, by: str) -> Allowed | None:
    """Returns what `person` may do with the lines; None where they do not see them."""
    model = declared.model
    if not other.may(person, Verb.VIEW) or other.known_field(person, by) is None:
        return None
    order = _order(declared)
    set_by_itself = (by, *other.follows.get(by, {}), *order)
    can = {verb: access.may(person, verb, model) for verb in (Verb.CREATE, Verb.EDIT, Verb.DELETE)}
    return Allowed(
        fields=fields_at(person, model, declared.fields),
        edit=editable_at(person, model, declared.fields) if can[Verb.EDIT] else {},
        new=fillable_at(person, model, declared.fields) if can[Verb.CREATE] else {},
        add=can[Verb.CREATE] and len(fillable_at(person, model, set_by_itself)) == len(set_by_itself),
        remove=can[Verb.DELETE],
        move=can[Verb.EDIT] and bool(order) and len(editable_at(person, model, order)) == len(order),
    )


def _order(declared: Lines) -> tuple[str, ...]:
    column = declared.model.__order__
    return tuple(field.name for field in fields_of(declared.model).values() if column and field.column == column)


def _rows(
    declared: Lines, other: Declaration, may: Allowed, by: str, row_id: int
) -> tuple[dict[int, Mapping[str, Any]], str]:
    person = current_person()
    mine = equals(f"{by}.id", str(row_id))
    selection = Selection.parse(declared.model, person, filters=(mine,), sort=_order(declared) or ("id",))
    page = selection.page(with_helpers(person, declared.model, {**may.fields, **may.edit}), MOST)
    return {row["id"]: row for row in page.rows}, other.address(**selection.params()) if page.next else ""
