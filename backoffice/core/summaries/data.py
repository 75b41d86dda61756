"""What a figure is made of: charts of series of points, every number a whole number with its unit and its link.

A value is a count, minor units of one currency or tenths of a percent. So it survives JSON exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from backoffice.core.summaries.labels import COUNT, Label, Malformed, Value, label_from, of_kind, to_tell


class Picture(StrEnum):
    """How a chart is drawn."""

    NUMBER = "number"  # one large number per series
    TABLE = "table"  # one line per series: its name, its number
    BARS = "bars"  # horizontal, one per point
    STACKED = "stacked"  # horizontal, one per label, the series end to end
    COLUMNS = "columns"  # vertical, the series side by side
    LINE = "line"
    QUEUE = "queue"  # the number of rows that wait for somebody, and the first of them


@dataclass(frozen=True)
class Link:
    """The grid that shows exactly the rows behind a number: its name, its search and its sort, or the view that says so."""

    grid: str
    search: str
    sort: str = ""
    view: str = ""


@dataclass(frozen=True)
class Past:
    """What a number was in the period that it is compared with: `label` names that."""

    label: Label
    value: int
    link: Link
    rows: int


@dataclass(frozen=True)
class Point:
    """One number. `rows` is how many rows the link shows: the number itself for a count, those behind a share or a sum.

    `note` stands beside the number: what a share is a share of. `past` is what it is compared with.
    """

    label: Label
    value: int
    link: Link
    rows: int
    note: Label = ""
    past: Past | None = None


@dataclass(frozen=True)
class Item:
    """A row of a queue: its id, what it is called, how long it has waited, and which rows the next step is about.

    `rows` None means the row itself.
    """

    id: int
    label: str
    note: Label
    rows: Link | None = None


@dataclass(frozen=True)
class Series:
    """Points of one kind and unit, in the order of the axis."""

    name: Label
    unit: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Chart:
    """Series that share one picture, and one axis if it has any; only numbers and tables may mix units.

    `link` leads to all rows of the chart; numbers and tables leave it out, each of theirs has its own. `items` are the first
    rows of a queue, `rows` those that the next step on all of them is about: the queue's own unless given.
    """

    picture: Picture
    series: tuple[Series, ...]
    title: str = ""
    link: Link | None = None
    items: tuple[Item, ...] = ()
    rows: Link | None = None


Charts = tuple[Chart, ...]


def share(part: int, whole: int) -> int:
    """Returns `part` of `whole` in tenths of a percent, rounded half up. `whole` must not be 0."""
    return (2000 * part + whole) // (2 * whole)


def part_of(label: Label, part: int, whole: int, link: Link) -> Point:
    """Returns the share that `part` has of the `whole` rows of the link, "n" beside it. `whole` must not be 0."""
    return Point(label, share(part, whole), link, whole, to_tell("of %(whole)s", whole=Value(whole)))


def number(
    value: int, link: Link, *, label: Label = "", unit: str = COUNT, rows: int | None = None, note: Label = ""
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
    item = _dict(stored, {"picture", "series", "title", "link", "items", "rows"})
    if item["picture"] not in list(Picture):
        raise Malformed
    series = tuple(_series(one) for one in _list(item["series"]))
    items = tuple(_item(one) for one in _list(item["items"]))
    links = _link_or_none(item["link"]), _link_or_none(item["rows"])
    return Chart(Picture(item["picture"]), series, of_kind(str, item["title"]), links[0], items, links[1])


def _series(stored: object) -> Series:
    item = _dict(stored, {"name", "unit", "points"})
    points = tuple(_point(point) for point in _list(item["points"]))
    return Series(label_from(item["name"]), of_kind(str, item["unit"]), points)


def _point(stored: object) -> Point:
    item = _dict(stored, {"label", "value", "link", "rows", "note", "past"})
    past = None if item["past"] is None else Past(*_number(_dict(item["past"], {"label", "value", "link", "rows"})))
    return Point(*_number(item), label_from(item["note"]), past)


def _number(item: Mapping[str, Any]) -> tuple[Label, int, Link, int]:
    label, value, rows = label_from(item["label"]), of_kind(int, item["value"]), of_kind(int, item["rows"])
    return label, value, _link(item["link"]), rows


def _item(stored: object) -> Item:
    item = _dict(stored, {"id", "label", "note", "rows"})
    label, note = of_kind(str, item["label"]), label_from(item["note"])
    return Item(of_kind(int, item["id"]), label, note, _link_or_none(item["rows"]))


def _link(stored: object) -> Link:
    return Link(**{key: of_kind(str, text) for key, text in _dict(stored, {"grid", "search", "sort", "view"}).items()})


def _link_or_none(stored: object) -> Link | None:
    return None if stored is None else _link(stored)


def _dict(stored: object, keys: set[str]) -> Mapping[str, Any]:
    if not isinstance(stored, dict) or stored.keys() != keys:
        raise Malformed
    return stored


def _list(stored: object) -> Sequence[object]:
    return of_kind(list, stored)
