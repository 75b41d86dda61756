"""A selection as URL parameters, in Flask-Admin's own grammar: `flt{n}_{field}_{operation}=value`, `sort`, `desc`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backoffice.core.selection.errors import QueryError
from backoffice.core.selection.fields import Kind
from backoffice.core.selection.language import parse_values
from backoffice.core.selection.tree import RANGE, Empty, Filled, Literal, Op, Range, Term, Value, printed
from backoffice.core.wording import gettext

if TYPE_CHECKING:
    from backoffice.core.selection.selection import Selection


@dataclass(frozen=True)
class FilterOperation:
    """One way to filter a field: `slug` stands in the URL."""

    slug: str
    op: Op = Op.EQUALS
    negated: bool = False


_EQUALS = (FilterOperation("equals"), FilterOperation("not_equal", negated=True))
_LISTS = (FilterOperation("in_list"), FilterOperation("not_in_list", negated=True))
_CONTAINS = (
    FilterOperation("contains", Op.CONTAINS),
    FilterOperation("not_contains", Op.CONTAINS, negated=True),
)
_ORDERED = (
    FilterOperation("greater", Op.GREATER),
    FilterOperation("at_least", Op.AT_LEAST),
    FilterOperation("smaller", Op.SMALLER),
    FilterOperation("at_most", Op.AT_MOST),
    FilterOperation("between"),
    FilterOperation("not_between", negated=True),
)
_EMPTY = (FilterOperation("empty"),)

FILTER_OPERATIONS: dict[Kind, tuple[FilterOperation, ...]] = {
    **dict.fromkeys((Kind.TEXT, Kind.LONG_TEXT), (*_CONTAINS, *_EQUALS, *_LISTS, *_EMPTY)),
    **dict.fromkeys(
        (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.DATE, Kind.DATETIME), (*_EQUALS, *_ORDERED, *_LISTS, *_EMPTY)
    ),
    **dict.fromkeys((Kind.CHOICE, Kind.RELATION, Kind.COLLECTION), (*_EQUALS, *_LISTS, *_EMPTY)),
    Kind.BOOLEAN: (*_EQUALS, *_EMPTY),
}

_BY_SLUG = {operation.slug: operation for own in FILTER_OPERATIONS.values() for operation in own}
_SLUGS = "|".join(sorted(_BY_SLUG, key=len, reverse=True))
_NAME = re.compile(rf"flt([0-9]{{1,4}})_(.+?)_({_SLUGS})")
_EMPTY_VALUES: dict[str, Value] = {
    "1": Empty(),
    "yes": Empty(),
    "true": Empty(),
    "0": Filled(),
    "no": Filled(),
    "false": Filled(),
}
_NUMBER = re.compile(r"[0-9]{1,19}")


def filter_term(field: str, slug: str, value: str) -> Term:
    """Returns the term that a filter stands for. Raises QueryError."""
    operation = _BY_SLUG.get(slug)
    if operation is None:
        raise QueryError(slug, gettext("unknown filter; there are %(filters)s", filters=", ".join(_BY_SLUG)))
    return Term(tuple(field.split(".")), operation.op, _filter_values(slug, value), operation.negated)


def _filter_values(slug: str, value: str) -> tuple[Value, ...]:
    if slug == "empty":
        if value.casefold() not in _EMPTY_VALUES:
            raise QueryError(value, gettext("write 1 for empty, 0 for not empty"))
        return (_EMPTY_VALUES[value.casefold()],)
    if slug in ("in_list", "not_in_list"):
        return parse_values(value)
    if slug in ("between", "not_between"):
        low, between, high = value.partition(" to " if " to " in value else RANGE)
        ranges = parse_values(f"{low.strip()}{RANGE}{high.strip()}") if between else ()
        if len(ranges) != 1 or not isinstance(ranges[0], Range):
            raise QueryError(value, gettext("write the two ends as “2026-01-01 to 2026-03-31”"))
        return ranges
    return (Literal(value),)


def read(args: Mapping[str, Any]) -> tuple[Term, ...]:
    """Returns the filters among URL parameters, in their order; a filter without a value is not set."""
    found: list[tuple[int, Term]] = []
    for name in args:
        if not name.startswith("flt"):
            continue
        match = _NAME.fullmatch(name)
        if not match:
            raise QueryError(name, gettext("unknown filter; write flt0_field_equals=value"))
        number, field, slug = match.groups()
        found += [(int(number), filter_term(field, slug, value)) for value in _all(args, name) if value.strip()]
    return tuple(term for _number, term in sorted(found, key=lambda pair: pair[0]))


def read_sort(args: Mapping[str, Any]) -> tuple[str, ...]:
    """Returns the sort among URL parameters: "name", "-name" or several with commas; `desc=1` turns the first around."""
    names = [name.strip() for name in str(args.get("sort") or "").split(",") if name.strip()]
    desc = str(args.get("desc") or "0")
    if desc not in ("0", "1"):
        raise QueryError(desc, gettext("“desc” is 0 or 1"))
    if names and desc == "1":
        names[0] = names[0].removeprefix("-") if names[0].startswith("-") else f"-{names[0]}"
    return tuple(names)


def read_ids(args: Mapping[str, Any], name: str) -> tuple[int, ...] | None:
    """Returns the row ids in a URL parameter, comma-separated or repeated; None where it is not there."""
    if name not in args:
        return None
    found = [text.strip() for value in _all(args, name) for text in value.split(",") if text.strip()]
    for text in found:
        if not _NUMBER.fullmatch(text):
            raise QueryError(text, gettext("is no number of a row (in “%(name)s”)", name=name))
    return tuple(map(int, found))


def _all(args: Mapping[str, Any], name: str) -> Sequence[str]:
    return args.getlist(name) if hasattr(args, "getlist") else (str(args[name]),)


def params(selection: Selection) -> dict[str, str]:
    """Returns the URL parameters of a selection. A filter that no operation says goes into the search, which says all."""
    found: dict[str, str] = {}
    unsaid: list[Term] = []
    for term in selection.filters:
        operation = operation_of(term)
        if operation is None:
            unsaid.append(term)
        else:
            found[f"flt{len(found)}_{term.name}_{operation.slug}"] = value_text(term)
    search = printed((*selection.terms, *unsaid)) if unsaid else selection.search
    if search:
        found = {"search": search, **found}
    found |= _sort_params(selection)
    if selection.ids is not None:
        found["ids"] = ",".join(map(str, selection.ids))
    if selection.without:
        found["without"] = ",".join(map(str, selection.without))
    return found


def _sort_params(selection: Selection) -> dict[str, str]:
    if len(selection.sort) == 1 and selection.sort[0].descending:
        return {"sort": selection.sort[0].name, "desc": "1"}
    return {"sort": ",".join(map(str, selection.sort))} if selection.sort else {}


def operation_of(term: Term) -> FilterOperation | None:
    """Returns the operation whose term this is; None for what only the query language can say."""
    match term.values:
        case (Empty() | Filled(),):
            slug = None if term.negated else "empty"
        case (Range(),):
            slug = "not_between" if term.negated else "between"
        case (Literal(text),) if text.strip():
            slug = next(
                (own.slug for own in _BY_SLUG.values() if (own.op, own.negated) == (term.op, term.negated)), None
            )
        case (_, _, *_):
            slug = "not_in_list" if term.negated else "in_list"
        case _:
            slug = None
    return _BY_SLUG[slug] if slug else None


def value_text(term: Term) -> str:
    match term.values:
        case (Literal(text),):
            return text
        case (Empty(),):
            return "1"
        case (Filled(),):
            return "0"
    return ",".join(map(str, term.values))
