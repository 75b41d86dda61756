"""Which orders a list of any size can be walked in, and which are only for lists that are short enough to be sorted."""

from __future__ import annotations

from collections.abc import Sequence

from backoffice.core import reader
from backoffice.core.access import Person
from backoffice.core.selection.errors import QueryError
from backoffice.core.selection.fields import TO_ROWS, Field, Kind, Model, fields_of, label_field, target_of
from backoffice.core.selection.resolve import lookup
from backoffice.core.selection.shapes import Order
from backoffice.core.selection.ways import begins_index
from backoffice.core.wording import gettext

MOST_SORTED = 50_000  # rows; computing and sorting so many takes about a tenth of a second


def too_long(sort: Sequence[Order]) -> QueryError:
    """Returns what to say of a list that is too long for its order."""
    names = ", ".join(order.name for order in sort)
    return QueryError(
        f"sort={names}",
        gettext(
            "this order needs a list of at most %(most)s rows; narrow it by a search or a filter, or sort by another column",
            most=reader.number(MOST_SORTED),
        ),
    )


def has_index(model: Model, person: Person, sort: Sequence[Order]) -> bool:
    """Says whether an index has all rows of `model` in this order."""
    if not sort:
        return True
    first, *others = sort
    fields = lookup(model, person, first.name.split("."), first.name)
    return _leads_there(fields) and (first.name == "id" or not others or others[0].name == "id")


def _leads_there(fields: Sequence[Field]) -> bool:
    *way, last = fields
    if last.kind in TO_ROWS:
        way, last = list(fields), label_field(target_of(last))
    return not any(step.nullable or step.kind is not Kind.RELATION for step in way) and _begins_index(last)


def _begins_index(field: Field) -> bool:
    if field.sorted_by:
        return _begins_index(fields_of(field.model)[field.sorted_by.removeprefix("-")])
    if field.kind is Kind.MONEY:
        return field.attribute in field.model.__sorted__
    return field.name == "id" or (field.column is not None and begins_index(field.model, field.column))
