"""Views with a name: which rows of a grid, in which order, with which columns, kept by one person and used by those they choose.

usable(person), own(person)             conditions on SavedView: whose it is, and who may open it
listing(dialect) -> scalar SELECT       what a list's menu shows, to be selected beside something else by `listing_params(person,
                                        model)`; `listed` reads it
find(person, model, text) -> View       by number or by name; LookupError where there is none for the person
views_of(person, model) -> [View]       all that they may open

A view holds what an address can say and grants nothing: whoever opens it sees what their own rights show.
"""

from __future__ import annotations

from backoffice.core.views.finding import Entry, View, find, listed, listing, listing_params, own, usable, views_of
from backoffice.core.views.models import COMFORTABLE, COMPACT, DENSITIES, SavedView

__all__ = [
    "COMFORTABLE",
    "COMPACT",
    "DENSITIES",
    "Entry",
    "SavedView",
    "View",
    "find",
    "listed",
    "listing",
    "listing_params",
    "own",
    "usable",
    "views_of",
]
