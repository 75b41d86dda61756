"""What can be done to a field besides setting it: a new value that follows from the row's own.

An expression stands where a value may stand in `plan_edit`. It says what is meant, in a form that a plan can keep;
`computing` turns it into SQL. Several in one edit all read the row as it was before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from backoffice.core.selection import Field
from backoffice.core.wording import gettext, inside, ngettext

PLACES = 4  # of a percentage


@dataclass(frozen=True)
class Add:
    """A number or an amount more; a negative one is less. An amount is rounded half up in each row's currency."""

    amount: Decimal


@dataclass(frozen=True)
class Percent:
    """So many percent of what it is, rounded half up: 110 is a tenth more."""

    percent: Decimal


@dataclass(frozen=True)
class Shift:
    """So many days later; a negative number is earlier. An instant moves by 24 hours each."""

    days: int


@dataclass(frozen=True)
class Append:
    """The text with another one behind it; an empty field becomes that one."""

    text: str


@dataclass(frozen=True)
class Prepend:
    """The text with another one before it; an empty field becomes that one."""

    text: str


@dataclass(frozen=True)
class Replace:
    """The text with every `find`, in this case, replaced; what is blank then becomes empty."""

    find: str
    by: str = ""


@dataclass(frozen=True)
class Copy:
    """What another field of the row holds."""

    field: str


@dataclass(frozen=True)
class Each:
    """A value for each row: `values` by the row's number, as JSON holds what is stored.

    `refused`: why some rows are left as they are, in sentences with the rows' numbers. `currencies`: in which an amount was
    counted in smallest units, by the row's number.
    """

    values: Mapping[str, Any]
    refused: Sequence[tuple[str, Sequence[int]]]
    currencies: Mapping[str, Any]


Expression = Add | Percent | Shift | Append | Prepend | Replace | Copy | Each
_KNOWN: dict[str, type[Any]] = {
    kind.__name__.lower(): kind for kind in (Add, Percent, Shift, Append, Prepend, Replace, Copy, Each)
}


def as_json(expression: Expression) -> dict[str, Any]:
    """Returns an expression as a plan keeps it."""
    kept = {name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(expression).items()}
    return {"how": type(expression).__name__.lower(), **kept}


def from_json(kept: Mapping[str, Any]) -> Expression:
    """Returns the expression that `as_json` made this of; numbers may be texts until it is checked."""
    values = {name: value for name, value in kept.items() if name != "how"}
    made: Expression = _KNOWN[kept["how"]](**values)
    return made


def in_words(expression: Expression, field: Field, fields: Mapping[str, Field]) -> str:
    """Returns what is done to a field as the sentence of a plan says it: "shift start date by 7 days"."""
    label = inside(field.label)
    match expression:
        case Add(amount):
            return _added(label, amount)
        case Percent(percent):
            return gettext(
                "multiply %(field)s by %(percent)s percent, rounded half up", field=label, percent=format(percent, "f")
            )
        case Shift(days):
            return _shifted(label, days)
        case Append(text):
            return gettext("append “%(text)s” to %(field)s", text=_short(text), field=label)
        case Prepend(text):
            return gettext("prepend “%(text)s” to %(field)s", text=_short(text), field=label)
        case Replace(find, ""):
            return gettext("remove “%(text)s” from %(field)s", text=_short(find), field=label)
        case Replace(find, by):
            texts = {"text": _short(find), "other": _short(by)}
            return gettext("replace “%(text)s” by “%(other)s” in %(field)s", **texts, field=label)
        case Copy(source):
            return gettext("copy %(other)s to %(field)s", other=inside(fields[source].label), field=label)
        case Each():
            return gettext("set %(field)s row by row", field=label)


def _added(label: str, amount: Decimal) -> str:
    if amount >= 0:
        return gettext("add %(amount)s to %(field)s", amount=format(amount, ",f"), field=label)
    return gettext("subtract %(amount)s from %(field)s", amount=format(-amount, ",f"), field=label)


def _shifted(label: str, days: int) -> str:
    number, length = abs(days), f"{abs(days):,}"
    if days >= 0:
        return ngettext(
            "shift %(field)s by %(num)s day", "shift %(field)s by %(num)s days", number, num=length, field=label
        )
    return ngettext(
        "shift %(field)s back by %(num)s day",
        "shift %(field)s back by %(num)s days",
        number,
        num=length,
        field=label,
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
