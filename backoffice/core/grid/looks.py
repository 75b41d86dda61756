"""A view is an address: what a saved view stands for in the parameters of a list, and what of a list a view keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from backoffice.core import views
from backoffice.core.access import Person
from backoffice.core.selection import QueryError, Selection, printed
from backoffice.core.views import COMFORTABLE, View

ALL = "all"  # in place of a view: every row, though the list would open with one
_SAYS = frozenset({"search", "sort", "desc", "columns", "fit", "density", "group", "ids"})

Look = dict[str, str]  # search, sort, columns, fit, density, group: what a view keeps, as it keeps it


def resolved(model: type[Any], person: Person, args: Mapping[str, Any]) -> tuple[Mapping[str, Any], View | None]:
    """Returns the parameters of a list with those of the view that they name, and the view.

    An address that says itself which rows it means only remembers the view that it began with. Raises QueryError for a view
    that is not there, or not for `person`.
    """
    named = str(args.get("view") or "")
    if not named or named == ALL:
        return args, None
    said = says_rows(args)
    try:
        view = views.find(person, model, named)
    except LookupError as error:
        if said:
            return args, None
        raise QueryError(f"view={named}", str(error)) from error
    return (args if said else MultiDict({**args, **asked(view), "view": str(view.id)})), view


def says_rows(args: Mapping[str, Any]) -> bool:
    """Says whether parameters say which rows are meant, or how they are shown: an empty search says all of them."""
    return any(name in _SAYS or name.startswith("flt") for name in args)


def asked(view: View) -> Look:
    """Returns the parameters that a view stands for."""
    return {name: value for name, value in kept(view).items() if value}


def kept(view: View) -> Look:
    """Returns what a view keeps."""
    density = "" if view.density == COMFORTABLE else view.density
    shown = {"columns": view.columns, "fit": view.fit, "density": density, "group": view.group}
    return {"search": view.search, "sort": view.sort, **shown}


def look_of(selection: Selection, usual_sort: str, shown: Mapping[str, str]) -> Look:
    """Returns what a view would keep of a list: filters become part of the search. `shown` are its columns, how
    they fit, its density and grouping."""
    filters = selection.filters
    search = printed((*selection.terms, *filters)) if filters else selection.search.strip()
    sort = ",".join(map(str, selection.sort))
    return {
        "search": search,
        "sort": "" if sort == usual_sort else sort,
        **{name: shown.get(name, "") for name in ("columns", "fit", "density", "group")},
    }
