"""Suggestions as JSON: for the search box and for relations in forms."""

from __future__ import annotations

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.pickers import LONGEST, MOST_CANDIDATES, suggestions
from backoffice.core.selection import Kind, complete, visible_fields
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
    person = current_person()
    relation = visible_fields(person, grid.model).get(request.args.get("name", ""))
    if relation is None or relation.kind is not Kind.RELATION or relation.target is None:
        abort(404)
    query = request.args.get("query", "")[:LONGEST]
    limit = request.args.get("limit", MOST_CANDIDATES, type=int)
    found = suggestions(relation, query, max(1, min(limit, MOST)))
    return jsonify([[candidate.id, candidate.text] for candidate in found])
