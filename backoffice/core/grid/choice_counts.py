"""Counts beside the choices of the filter panel: how many rows the list has once a choice is made.

The selection that the list would have decides, so the numbers are the list's. Each count is bounded, and so is the time for all
of them: a choice for which there was none goes without, until it is asked about again.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from backoffice.core import reader
from backoffice.core.grid.declaration import Declaration
from backoffice.core.grid.filters import Control, controls
from backoffice.core.grid.pages import COUNTED
from backoffice.core.grid.state import read_selection
from backoffice.core.selection import Count, Op, Selection, Term, filter_term
from backoffice.core.summaries import remembered_of

SECONDS = 0.05  # after which no further count is begun

Counts = dict[str, dict[str, str]]  # the number as everybody's cache holds it, by control and choice


def show(grid: Declaration) -> ResponseReturnValue:
    """Answers {control: {choice: number}} for the search and the filters of the address."""
    selection = replace(read_selection(grid, request.args), sort=())
    choosers = [control for control in controls(grid, request.args) if control.choices]
    found = _kept(selection, choosers) if choosers else {}
    return jsonify({name: {choice: reader.figures(n) for choice, n in own.items()} for name, own in found.items()})


def _kept(selection: Selection, choosers: Sequence[Control]) -> Counts:
    """Returns the counts from the cache, as long as nobody wrote what they depend on."""
    statement = selection.select([control.path for control in choosers])
    # The same rows may be searched for, or chosen: what was chosen alone makes place for other choices.
    what = f"choices:{sorted(selection.params().items())}"
    return remembered_of(what, statement, lambda begun: _counted(selection, choosers, begun))


def _counted(selection: Selection, choosers: Sequence[Control], begun: Counts) -> tuple[Counts, bool]:
    """Returns the counts as the database gives them now, those of `begun` included, and whether there was time for all."""
    until = 0.0
    found: Counts = {}
    for others, together in _passes(selection, choosers):
        paths = [control.path for control in together]
        rows = others.tally(paths, COUNTED)
        for place, control in enumerate(together):
            if rows is not None:
                found[control.id] = _folded(control, [(row[place], row[-1]) for row in rows])
            else:
                until = until or time.monotonic() + SECONDS
                known = begun.get(control.id, {})
                found[control.id] = known | dict(_one_by_one(others, control, known, until))
    return found, all(len(found[control.id]) == len(control.choices) for control in choosers)


def _passes(selection: Selection, choosers: Sequence[Control]) -> Iterator[tuple[Selection, list[Control]]]:
    """Yields selections and the controls to count in them: a control's own choice makes place for each of the others."""
    together: dict[Selection, list[Control]] = defaultdict(list)
    for control in choosers:
        others = tuple(term for term in selection.filters if not _says(term, control.path))
        together[replace(selection, filters=others)].append(control)
    yield from together.items()


def _says(term: Term, path: str) -> bool:
    return term.name == path and term.op is Op.EQUALS and not term.negated


def _folded(control: Control, rows: Sequence[tuple[object, int]]) -> dict[str, str]:
    """Returns the number of rows of each choice."""
    numbers = dict.fromkeys((choice for choice, _ in control.choices), 0)
    for value, number in rows:
        choice = ("no", "yes")[bool(value)] if control.boolean and value is not None else value
        if choice in numbers:
            numbers[str(choice)] += number
    return {choice: str(Count(number)) for choice, number in numbers.items()}


def _one_by_one(others: Selection, control: Control, known: dict[str, str], until: float) -> Iterator[tuple[str, str]]:
    """Yields choices that are not `known` yet with the number of rows of each, as long as there is time."""
    for choice in [choice for choice, _ in control.choices if choice not in known]:
        if time.monotonic() > until:
            return
        chosen = filter_term(control.path, "equals", choice)
        yield choice, _said(replace(others, filters=(*others.filters, chosen)).count(COUNTED))


def _said(count: Count) -> str:
    """Returns the number in words; nothing where it says no more than that there may be some."""
    return str(count) if count.exact or count.number >= COUNTED else ""
