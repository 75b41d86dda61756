"""Suggestions as JSON: for the search box and for relations in forms."""

from __future__ import annotations

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.pickers import LONGEST, MOST_CANDIDATES, suggestions
from backoffice.core.selection import Field, Kind, complete, fields_of, visible_field
from backoffice.core.web.gate import current_person

MOST = 50


def complete_search(grid: Declaration) -> ResponseReturnValue:
    """Answers what may follow the text before the caret: fields, then values."""
    text = request.args.get("search", "")
    found = complete(grid.model, current_person(), text, request.args.get("caret", type=int))
    return jsonify(
        [{"text": suggestion.text, "label": suggestion.label, "caret": suggestion.caret} for suggestion in found]
    )


def suggest(grid: Declaration) -> ResponseReturnValue:
    """Answers rows that a relation of the grid's form may be set to, as Flask-Admin's lookup: [[id, text], ...]."""
    relation = _relation(grid, request.args.get("name", ""))
    if relation is None or relation.kind is not Kind.RELATION or relation.target is None:
        abort(404)
    query = request.args.get("query", "")[:LONGEST]
    limit = request.args.get("limit", MOST_CANDIDATES, type=int)
    found = suggestions(relation, query, max(1, min(limit, MOST)))
    return jsonify([[candidate.id, candidate.text] for candidate in found])


def _relation(grid: Declaration, name: str) -> Field | None:
    """Returns the relation of the grid's form, or "contacts.contact" of rows that a bulk edit adds, if the person may see it."""
    collection, _, other = name.rpartition(".")
    if not collection:
        return visible_field(current_person(), grid.model, name)
    rows = fields_of(grid.model)[collection].target if collection in (*grid.adds_to, *grid.each_gets) else None
    return visible_field(current_person(), rows, other) if rows else None
