"""One way to say which rows: fields, the query language, selections, pages.

    selection = Selection.parse(Student, person, search="status:active leeds", sort=("-created_at",))
    selection.page(("student_number", "full_name"), 50).rows      [{"id": 1, "version": 7, "student_number": ...}]
    selection.count(10_000), selection.words(), selection.params(), selection.where(), selection.select_ids()

`Selection.from_args(model, person, request.args)` reads URL parameters. Everything that a person may have typed raises
`QueryError`, whose text names the part and the next step.
"""

from __future__ import annotations

from backoffice.core.selection.candidates import find_by
from backoffice.core.selection.complete import Suggestion, complete
from backoffice.core.selection.errors import QueryError
from backoffice.core.selection.fields import Field, Kind, fields_of, visible_field, visible_fields
from backoffice.core.selection.filters import FILTER_OPERATIONS, FilterOperation, filter_term
from backoffice.core.selection.grouping import Grouped, can_group, groups, with_totals
from backoffice.core.selection.language import parse
from backoffice.core.selection.rows import Source
from backoffice.core.selection.selection import Selection
from backoffice.core.selection.shapes import Count, Order, Page, Ref
from backoffice.core.selection.totals import Total, Totals, different, numeric, totals
from backoffice.core.selection.tree import (
    Empty,
    Filled,
    Group,
    Literal,
    Op,
    Part,
    Range,
    Term,
    Word,
    equals,
    grouped,
    printed,
)
from backoffice.core.selection.words import noun

__all__ = [
    "FILTER_OPERATIONS",
    "Count",
    "Empty",
    "Field",
    "Filled",
    "FilterOperation",
    "Group",
    "Grouped",
    "Kind",
    "Literal",
    "Op",
    "Order",
    "Page",
    "Part",
    "QueryError",
    "Range",
    "Ref",
    "Selection",
    "Source",
    "Suggestion",
    "Term",
    "Total",
    "Totals",
    "Word",
    "can_group",
    "complete",
    "different",
    "equals",
    "fields_of",
    "filter_term",
    "find_by",
    "grouped",
    "groups",
    "noun",
    "numeric",
    "parse",
    "printed",
    "totals",
    "visible_field",
    "visible_fields",
    "with_totals",
]
