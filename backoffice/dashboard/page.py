"""The overview as its page shows it: the figures of one person, in groups, each number with the address of its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from flask import current_app, url_for

from backoffice.core import clock
from backoffice.core.access import Role
from backoffice.core.summaries import COUNT, PERCENT, Chart, Link, Look, Picture, Point, Series
from backoffice.core.summaries.data import in_words
from backoffice.core.summaries.drawing import Drawing, draw, tones

GROUPS = ("Attention", "Students", "Results", "Money")
FIRST = {Role.FINANCE: "Money", Role.COURSE_EDITOR: "Results"}  # what a role looks at before all else


class Addresses:
    """Makes the addresses of grids; one for a page, since a page has hundreds of links into a handful of grids."""

    def __init__(self) -> None:
        self._grids: dict[str, str] = {}

    def of(self, link: Link | None) -> str:
        """Returns the address of what `link` shows; empty where there is no such grid."""
        if link is None:
            return ""
        base = self._grids.get(link.grid)
        if base is None:
            base = self._grids[link.grid] = _base(link.grid)
        sort = {"sort": link.sort.removeprefix("-"), **({"desc": "1"} if link.sort.startswith("-") else {})}
        query = urlencode({"search": link.search} if link.search else {}) + ("&" + urlencode(sort) if link.sort else "")
        return f"{base}?{query.lstrip('&')}" if base and query else base


def _base(grid: str) -> str:
    endpoint = f"{grid}.index_view"
    return url_for(endpoint) if endpoint in current_app.view_functions else ""


@dataclass(frozen=True)
class Cell:
    """One number in words, and where it leads."""

    label: str
    words: str
    url: str
    note: str = ""
    zero: bool = False


@dataclass(frozen=True)
class ChartView:
    """A chart ready to be printed: its picture, its legend, and the table with the same numbers."""

    chart: Chart
    addresses: Addresses

    @property
    def title(self) -> str:
        return self.chart.title

    @property
    def url(self) -> str:
        return self.addresses.of(self.chart.link)

    @property
    def plain(self) -> bool:
        """Says whether the numbers themselves are the picture."""
        return self.chart.picture in (Picture.NUMBER, Picture.TABLE)

    @property
    def large(self) -> bool:
        return self.chart.picture is Picture.NUMBER

    @cached_property
    def numbers(self) -> list[Cell]:
        """Returns the one number of each series."""
        return [self.cell(series, point, series.name) for series in self.chart.series for point in series.points]

    @property
    def legend(self) -> list[tuple[str, Cell]]:
        """Returns colour and name of each series, with its number where it has only one; nothing for a single series."""
        if len(self.chart.series) < 2:
            return []
        pairs = zip(tones(self.chart), self.chart.series, strict=True)
        return [(tone, self._legend_cell(series)) for tone, series in pairs]

    @property
    def columns(self) -> list[str]:
        return [series.name for series in self.chart.series]

    @property
    def rows(self) -> list[tuple[str, list[Cell | None]]]:
        """Returns the table behind the picture: a label, and a cell for each series that has it."""
        labels = dict.fromkeys(point.label for series in self.chart.series for point in series.points)
        found = [{point.label: self.cell(series, point) for point in series.points} for series in self.chart.series]
        return [(label, [cells.get(label) for cells in found]) for label in labels]

    def cell(self, series: Series, point: Point, label: str = "") -> Cell:
        """Returns a point's number with its address, and with how many rows are behind a sum or a share."""
        words = in_words(point.value, series.unit)
        label = (label or point.label) if label != series.unit else ""  # a currency's name stands in the amount
        return Cell(label, words, self.addresses.of(point.link), _note(series, point), point.value == 0)

    def _legend_cell(self, series: Series) -> Cell:
        if len(series.points) == 1:
            return self.cell(series, series.points[0], series.name)
        return Cell(series.name, "", "")


def _note(series: Series, point: Point) -> str:
    """Returns what stands beside a number: its own note, or how many rows a sum is the sum of."""
    if point.note or series.unit in (COUNT, PERCENT):
        return point.note
    return f"{point.rows:,} {point.link.grid if point.rows != 1 else point.link.grid.removesuffix('s')}"


@dataclass(frozen=True)
class FigureView:
    """One figure on the page."""

    look: Look
    addresses: Addresses

    @property
    def at(self) -> str:
        """Returns when the figure was computed, as HH:MM in the organisation's zone."""
        return f"{self.look.at.astimezone(clock.organisation_zone()):%H:%M}"

    @property
    def instant(self) -> str:
        return self.look.at.isoformat(timespec="seconds")

    @cached_property
    def charts(self) -> list[ChartView]:
        return [ChartView(chart, self.addresses) for chart in self.look.charts]

    @property
    def small(self) -> bool:
        """Says whether the figure fits a tile: one chart of nothing but numbers."""
        return len(self.charts) == 1 and self.charts[0].plain

    @property
    def tone(self) -> str:
        """Returns how the figure's numbers are marked: bad where something that ought to be 0 is not."""
        if not self.look.figure.alarm:
            return "plain"
        return "good" if all(cell.zero for chart in self.charts for cell in chart.numbers) else "bad"

    @property
    def url(self) -> str:
        """Returns the address of all rows of the figure; empty where only its parts have one."""
        return (
            self.charts[0].url
            if len(self.charts) == 1
            else next((chart.url for chart in self.charts if not chart.title), "")
        )

    def drawing(self, chart: ChartView) -> Drawing | None:
        return draw(chart.chart, self.look.figure.threshold)


@dataclass(frozen=True)
class Group:
    """Figures under one heading: tiles first, then pictures."""

    title: str
    tiles: list[FigureView]
    cards: list[FigureView]


def groups(looks: Iterable[Look], role: str) -> list[Group]:
    """Returns the figures in groups, in the order that suits `role`; empty groups are left out."""
    addresses = Addresses()
    views = [FigureView(look, addresses) for look in looks]
    order = sorted(GROUPS, key=lambda title: title != FIRST.get(Role(role)))
    found = [(title, [view for view in views if view.look.figure.group == title]) for title in order]
    return [
        Group(title, [view for view in own if view.small], [view for view in own if not view.small])
        for title, own in found
        if own
    ]
