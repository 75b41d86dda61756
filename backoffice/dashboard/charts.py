"""One figure as the page shows it: every number in words, with the address of the rows behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from flask import current_app, url_for
from flask_babel import get_locale
from markupsafe import Markup

from backoffice.core import clock, reader
from backoffice.core.summaries import COUNT, PERCENT, Chart, Link, Look, Picture, Point, Series, Step, told
from backoffice.core.summaries.drawing import Drawing, draw, tones
from backoffice.core.summaries.labels import headed, in_words
from backoffice.core.web.macros import macros
from backoffice.core.web.ways import HOME
from backoffice.core.wording import gettext, ngettext
from backoffice.dashboard.comparing import difference

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
            "view": link.view,
            "search": link.search,
            "sort": link.sort.removeprefix("-"),
            "desc": "1" * link.sort.startswith("-"),
        }
        query = urlencode({name: value for name, value in parameters.items() if value})
        return f"{base}?{query}" if base and query else base


def page_of_row(grid: str, row_id: int) -> str:
    """Returns the address of a row's page, which leads back to the overview."""
    return url_for(f"{grid}.details_view", id=row_id, url=HOME)


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
    difference: str = ""  # from what it was before, and that number with its own address
    past: str = ""
    past_url: str = ""


@dataclass(frozen=True)
class ChartView:
    """A chart ready to be printed: its picture, its legend, and the table with the same numbers."""

    chart: Chart
    addresses: Addresses

    @property
    def title(self) -> str:
        return told(self.chart.title)

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
        return [
            self.cell(series, point, headed(series.name)) for series in self.chart.series for point in series.points
        ]

    @property
    def legend(self) -> list[tuple[str, Cell]]:
        """Returns colour and name of each series, with its number where it has only one; nothing for a single series."""
        if len(self.chart.series) < 2:
            return []
        pairs = zip(tones(self.chart), self.chart.series, strict=True)
        return [(tone, self._legend_cell(series)) for tone, series in pairs]

    @property
    def columns(self) -> list[str]:
        return [headed(series.name) for series in self.chart.series]

    @property
    def rows(self) -> list[tuple[str, list[Cell | None]]]:
        """Returns the table behind the picture: a label, and a cell for each series that has it."""
        labels = {point.label: told(point.label) for series in self.chart.series for point in series.points}
        found = [{point.label: self.cell(series, point) for point in series.points} for series in self.chart.series]
        return [(said, [cells.get(label) for cells in found]) for label, said in labels.items()]

    def cell(self, series: Series, point: Point, label: str = "") -> Cell:
        """Returns a point's number with its address, and with how many rows are behind a sum or a share."""
        words = in_words(point.value, series.unit)
        label = (label or told(point.label)) if label != series.unit else ""  # a currency's name stands in the amount
        cell = Cell(label, words, self.addresses.of(point.link), _note(series, point), point.value == 0)
        if point.past is None:
            return cell
        past = gettext(
            "%(number)s in %(period)s",
            number=in_words(point.past.value, series.unit),
            period=told(point.past.label),
        )
        by = difference(point.value, point.past.value, series.unit)
        return replace(cell, difference=by, past=past, past_url=self.addresses.of(point.past.link))

    def _legend_cell(self, series: Series) -> Cell:
        if len(series.points) == 1:
            return self.cell(series, series.points[0], headed(series.name))
        return Cell(headed(series.name), "", "")


def _note(series: Series, point: Point) -> str:
    """Returns what stands beside a number: its own note, or how many rows a sum is the sum of."""
    if point.note or series.unit in (COUNT, PERCENT):
        return told(point.note)
    noun = ngettext(point.link.grid.removesuffix("s"), point.link.grid, point.rows)
    return f"{reader.number(point.rows)} {noun}"


@dataclass(frozen=True)
class Waiting:
    """A row of a queue as the page shows it; `send` is what its button sends (name, value), and to which address."""

    label: str
    note: str
    url: str
    action: str
    send: tuple[str, str]


@dataclass(frozen=True)
class QueueView:
    """The rows that wait, and the next step: a form that leads to the review of a bulk edit and changes nothing itself."""

    chart: Chart
    look: Look
    addresses: Addresses

    @property
    def number(self) -> int:
        return self.chart.series[0].points[0].value

    @property
    def step(self) -> Step:
        if self.look.figure.step is None:
            raise TypeError(f"{self.look.figure.name} has no next step")
        return self.look.figure.step

    @property
    def step_label(self) -> str:
        return gettext(self.step.label)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Returns the hidden fields of the form."""
        action = ("action", "edit" if self.step.asks else "review")
        midnight = datetime.combine(clock.today(), time(), clock.organisation_zone())
        dated = [(self.step.dated, reader.present().box(midnight))] if self.step.dated else []
        return [action, *self.step.values.items(), *dated]

    @property
    def action(self) -> str:
        """Returns the address to which the step on all rows is sent."""
        return self._action(self.chart.rows or self.chart.link)

    @property
    def items(self) -> list[Waiting]:
        grid = self.chart.link.grid if self.chart.link else ""
        return [
            Waiting(
                item.label,
                told(item.note),
                page_of_row(grid, item.id),
                self._action(item.rows) if item.rows else url_for(f"{self.step.grid}.action_view", url=HOME),
                ("all", "1") if item.rows else ("rowid", str(item.id)),
            )
            for item in self.chart.items
        ]

    def _action(self, rows: Link | None) -> str:
        search = rows.search if rows else ""
        return url_for(f"{self.step.grid}.action_view", search=search, url=HOME)


@dataclass(frozen=True)
class FigureView:
    """One figure on the page."""

    look: Look
    addresses: Addresses

    @property
    def title(self) -> str:
        return self.look.figure.heading

    @property
    def definition(self) -> str:
        return self.look.figure.meaning

    @property
    def at(self) -> str:
        """Returns when the figure was computed, as the reader's clocks showed; empty where it is not ready."""
        return reader.hour(self.look.at) if self.look.at else ""

    @property
    def instant(self) -> str:
        return self.look.at.isoformat(timespec="seconds") if self.look.at else ""

    @cached_property
    def charts(self) -> list[ChartView]:
        return [ChartView(chart, self.addresses) for chart in self.look.charts]

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

    @property
    def queue(self) -> QueueView | None:
        """Returns the queue, where the figure is one and ready."""
        queues = [one.chart for one in self.charts if one.chart.picture is Picture.QUEUE]
        return QueueView(queues[0], self.look, self.addresses) if queues else None

    def drawing(self, chart: ChartView) -> Drawing | None:
        return draw(chart.chart, self.look.figure.threshold)


def printer() -> Callable[[Look, bool, bool], Markup]:
    """Returns the function from a figure to its HTML for whoever reads this page."""
    whom, language = reader.present(), str(get_locale())
    return lambda look, acts, tile: _printed(look, acts, tile, whom, language)


@lru_cache(maxsize=512)
def _printed(look: Look, acts: bool, tile: bool, whom: reader.Reader, language: str) -> Markup:
    """Returns the HTML of a figure, with its next step if the person `acts`; it is made once for all who see the same.

    `whom` and `language` are those of the request, and tell one HTML from another.
    """
    view = FigureView(look, Addresses())
    name = "queue" if look.figure.step else "tile" if tile else "card"
    html: Markup = getattr(macros("dashboard/figure.html"), name)(view, acts)
    return html
