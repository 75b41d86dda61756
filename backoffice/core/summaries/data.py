"""What a figure is made of: charts of series of points, every number a whole number with its unit and its link.

A value is a count, minor units of one currency or tenths of a percent. So it survives JSON exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, TypeVar

from backoffice.core import money

T = TypeVar("T")

COUNT = "count"
PERCENT = "percent"  # in tenths: 625 is 62.5 %; any other unit is an ISO 4217 code


class Malformed(ValueError):
    """What came out of the cache is not a figure's data."""


class Picture(StrEnum):
    """How a chart is drawn."""

    NUMBER = "number"  # one large number per series
    TABLE = "table"  # one line per series: its name, its number
    BARS = "bars"  # horizontal, one per point
    STACKED = "stacked"  # horizontal, one per label, the series end to end
    COLUMNS = "columns"  # vertical, the series side by side
    LINE = "line"


@dataclass(frozen=True)
class Link:
    """The grid that shows exactly the rows behind a number: its name, its search and its sort."""

    grid: str
    search: str
    sort: str = ""


@dataclass(frozen=True)
class Point:
    """One number. `rows` is how many rows the link shows: the number itself for a count, those behind a share or a sum.

    `note` stands beside the number: what a share is a share of.
    """

    label: str
    value: int
    link: Link
    rows: int
    note: str = ""


@dataclass(frozen=True)
class Series:
    """Points of one kind and unit, in the order of the axis."""

    name: str
    unit: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Chart:
    """Series that share one picture, and one axis if it has any; only numbers and tables may mix units.

    `link` leads to all rows of the chart; numbers and tables leave it out, each of theirs has its own.
    """

    picture: Picture
    series: tuple[Series, ...]
    title: str = ""
    link: Link | None = None


Charts = tuple[Chart, ...]


def in_words(value: int, unit: str) -> str:
    """Returns a number as people read it: "1,234", "62.5 %", "1,234.50 EUR"."""
    if unit == COUNT:
        return f"{value:,}"
    if unit == PERCENT:
        return f"{value / 10:,.1f} %"
    return money.in_words(value, unit)


def share(part: int, whole: int) -> int:
    """Returns `part` of `whole` in tenths of a percent, rounded half up. `whole` must not be 0."""
    return (2000 * part + whole) // (2 * whole)


def part_of(label: str, part: int, whole: int, link: Link) -> Point:
    """Returns the share that `part` has of the `whole` rows of the link, "n" beside it. `whole` must not be 0."""
    return Point(label, share(part, whole), link, whole, f"of {whole:,}")


def number(
    value: int, link: Link, *, label: str = "", unit: str = COUNT, rows: int | None = None, note: str = ""
) -> Series:
    """Returns a series of one number; `rows` may be left out for a count."""
    return Series(label, unit, (Point(label, value, link, value if rows is None else rows, note),))


def encode(charts: Charts) -> list[dict[str, Any]]:
    """Returns `charts` as JSON can hold them."""
    return [asdict(chart) for chart in charts]


def decode(stored: object) -> Charts:
    """Returns the charts that `encode()` was given. Raises Malformed for anything that it could not have returned."""
    return tuple(_chart(item) for item in _list(stored))


def _chart(stored: object) -> Chart:
    item = _dict(stored, {"picture", "series", "title", "link"})
    if item["picture"] not in list(Picture):
        raise Malformed
    series = tuple(_series(one) for one in _list(item["series"]))
    link = None if item["link"] is None else _link(item["link"])
    return Chart(Picture(item["picture"]), series, _of(str, item["title"]), link)


def _series(stored: object) -> Series:
    item = _dict(stored, {"name", "unit", "points"})
    points = tuple(_point(point) for point in _list(item["points"]))
    return Series(_of(str, item["name"]), _of(str, item["unit"]), points)


def _point(stored: object) -> Point:
    item = _dict(stored, {"label", "value", "link", "rows", "note"})
    label, note = _of(str, item["label"]), _of(str, item["note"])
    return Point(label, _of(int, item["value"]), _link(item["link"]), _of(int, item["rows"]), note)


def _link(stored: object) -> Link:
    return Link(**{key: _of(str, text) for key, text in _dict(stored, {"grid", "search", "sort"}).items()})


def _dict(stored: object, keys: set[str]) -> Mapping[str, Any]:
    if not isinstance(stored, dict) or stored.keys() != keys:
        raise Malformed
    return stored


def _list(stored: object) -> Sequence[object]:
    return _of(list, stored)


def _of(kind: type[T], stored: object) -> T:
    if type(stored) is not kind:  # not isinstance: True would pass for an int
        raise Malformed
    return stored
