"""Rows that people keep: a basket per person and grid, lists with a name, and what they paste.

put(person, model, ids, source), take, replace, clear      the basket; tally and held say what is in it
name_basket(person, model, name), name_rows, rename        lists with a name; named_lists tells which there are
add_basket(person, model, id), take_basket, share, forget  what their owner does with them
find(person, model, name) -> id, members(id) -> SELECT      what `in:name` of the query language stands on
named_by(person, model, texts) -> {text: {id: permitted}}   the same of single texts
paste(person, model, text) -> Pasted                        found, doubled, not found, not permitted

A list holds ids and grants nothing: whoever uses it sees those of its rows that their own scope shows.
"""

from __future__ import annotations

from backoffice.core.lists.errors import ListError
from backoffice.core.lists.finding import BASKET, NamedList, counts, find, members, named_lists
from backoffice.core.lists.keeping import (
    Tally,
    clear,
    forget_ticks,
    held,
    put,
    replace,
    take,
    tally,
    tallying,
)
from backoffice.core.lists.models import RowList, RowListItem
from backoffice.core.lists.named import add_basket, forget, name_basket, name_rows, rename, share, take_basket
from backoffice.core.lists.pasting import Pasted, named_by, paste

__all__ = [
    "BASKET",
    "ListError",
    "NamedList",
    "Pasted",
    "RowList",
    "RowListItem",
    "Tally",
    "add_basket",
    "clear",
    "counts",
    "find",
    "forget",
    "forget_ticks",
    "held",
    "members",
    "name_basket",
    "name_rows",
    "named_by",
    "named_lists",
    "paste",
    "put",
    "rename",
    "replace",
    "share",
    "take",
    "take_basket",
    "tally",
    "tallying",
]
