"""One figure as the page shows it: every number in words, with the address of the rows behind it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from flask import current_app, url_for
from markupsafe import Markup

from backoffice.core import clock
from backoffice.core.summaries import COUNT, PERCENT, Chart, Link, Look, Picture, Point, Series
from backoffice.core.summaries.data import in_words
from backoffice.core.summaries.drawing import Drawing, draw, tones

PLAIN = (Picture.NUMBER, Picture.TABLE)


class Addresses:
    """Makes the addresses of grids; one for a page, which has hundreds of links and most of them twice."""

    def __init__(self) -> None:
        self._grids: dict[str, str] = {}
        self._known: dict[Link, str] = {}

    def of(self, link: Link | None) -> str:
        """Returns the address of what `link` shows; empty where there is no such grid."""
        if link is None:
            return ""
        if link not in self._known:
            self._known[link] = self._made(link)
        return self._known[link]

    def _made(self, link: Link) -> str:
        if link.grid not in self._grids:
            self._grids[link.grid] = _base(link.grid)
        base = self._grids[link.grid]
        parameters = {
            "search": link.search,
            "sort": link.sort.removeprefix("-"),
            "desc": "1" * link.sort.startswith("-"),
        }
        query = urlencode({name: value for name, value in parameters.items() if value})
        return f"{base}?{query}" if base and query else base


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
        return self.chart.picture in PLAIN

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


def is_small(look: Look) -> bool:
    """Says whether a figure fits a tile: one chart of nothing but numbers."""
    return len(look.charts) == 1 and look.charts[0].picture in PLAIN


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
        """Says whether the figure fits a tile."""
        return is_small(self.look)

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


@lru_cache(maxsize=512)
def printed(look: Look) -> Markup:
    """Returns the HTML of a figure; it is made once for everybody who sees the same numbers."""
    view = FigureView(look, Addresses())
    macros = current_app.jinja_env.get_template("dashboard/figure.html").module
    html: Markup = macros.tile(view) if view.small else macros.card(view)  # type: ignore[attr-defined]
    return html
