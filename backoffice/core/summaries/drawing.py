"""Where the marks of a picture stand: plain geometry in the units of an SVG's viewBox. Templates only print it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from backoffice.core.summaries.data import Chart, Picture, Point, Series
from backoffice.core.summaries.labels import PERCENT, Label, headed, in_words, told
from backoffice.core.summaries.scale import Scale, compact

WIDTH = 420.0
ROW, BAR = 24.0, 14.0  # of horizontal bars
LABEL, FIGURES = 60.0, 124.0  # beside them: names on the left (at least), figures on the right
PLOT, TOP, BOTTOM, AXIS = 150.0, 8.0, 20.0, 40.0  # of columns and lines
LETTER, GAP = 7.8, 8.0  # the width of a wide letter, and of the space behind a name
LETTERS = 14  # of a name beside a bar; the whole name is in its title


@dataclass(frozen=True)
class Mark:
    """A bar, a column or a dot: a link to the rows of its point. `tone` names its colour, a token of app.css."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    point: Point
    words: str

    @property
    def box(self) -> Markup:
        """Returns the attributes of the rectangle: one text is printed far faster than four numbers."""
        return Markup(f'x="{self.x:.1f}" y="{self.y:.1f}" width="{self.width:.2f}" height="{self.height:.1f}"')  # noqa: S704


@dataclass(frozen=True)
class Text:
    """A word on the picture; `anchor` is start, middle or end."""

    x: float
    y: float
    anchor: str
    words: str


@dataclass(frozen=True)
class Drawing:
    """A picture: its marks, its texts, lines (`paths`, with their tones) and grid lines (their y)."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    texts: tuple[Text, ...]
    paths: tuple[tuple[str, str], ...] = ()
    grid: tuple[float, ...] = ()
    left: float = 0.0


def spoken(series: Series, point: Point) -> str:
    """Returns a point's number as people read it, with its note: "62.5 % of 1,234"."""
    return f"{in_words(point.value, series.unit)} {told(point.note)}".strip()


def name_of(series: Series, point: Point) -> str:
    """Returns what a point of several series is called: "Mar 2026, Billed"."""
    return f"{told(point.label)}, {headed(series.name)}"


def tones(chart: Chart) -> tuple[str, ...]:
    """Returns the colour of each series: a scale from calm to alarming where there is one stack, else one apart from the other."""
    scaled = chart.picture is Picture.STACKED and all(len(series.points) == 1 for series in chart.series)
    kind = "step" if scaled else "series" if chart.picture is Picture.STACKED else "pair"
    return tuple(f"{kind}-{index}" for index in range(len(chart.series)))


def draw(chart: Chart, threshold: int | None = None) -> Drawing | None:
    """Returns the picture of a chart; None for numbers and tables, and where there is nothing to draw."""
    if not any(series.points for series in chart.series):
        return None
    if chart.picture is Picture.BARS:
        return _bars(chart.series[0], threshold)
    if chart.picture is Picture.STACKED:
        return _stacked(chart)
    if chart.picture in (Picture.COLUMNS, Picture.LINE):
        return _upright(chart)
    return None


def _bars(series: Series, threshold: int | None) -> Drawing:
    left = _room_for(told(point.label) for point in series.points)
    room = WIDTH - left - FIGURES
    highest = max(1000 if series.unit == PERCENT else 1, *(point.value for point in series.points))
    marks, texts = [], []
    for index, point in enumerate(series.points):
        y = index * ROW
        tone = "pair-late" if threshold is not None and point.value >= threshold else "pair-0"
        width = room * max(point.value, 0) / highest
        marks.append(
            Mark(left, y + (ROW - BAR) / 2, width, BAR, tone, point, f"{told(point.label)}: {spoken(series, point)}")
        )
        texts += _beside(y, left, told(point.label), spoken(series, point))
    return Drawing(WIDTH, len(series.points) * ROW, tuple(marks), tuple(texts))


def _stacked(chart: Chart) -> Drawing:
    rows = list(zip(*(series.points for series in chart.series), strict=True))
    totals = [sum(max(point.value, 0) for point in row) for row in rows]
    alone = len(rows) == 1  # the title and the legend say what it is and how much
    left = 0.0 if alone else _room_for(told(row[0].label) for row in rows)
    room = WIDTH if alone else WIDTH - left - FIGURES
    marks, texts = [], []
    for index, (row, total) in enumerate(zip(rows, totals, strict=True)):
        y = index * ROW
        marks += _stack(chart, row, (left, y + (ROW - BAR) / 2), room / max(*totals, 1))
        texts += [] if alone else _beside(y, left, told(row[0].label), in_words(total, chart.series[0].unit))
    return Drawing(WIDTH, len(rows) * ROW, tuple(marks), tuple(texts))


def _stack(chart: Chart, row: tuple[Point, ...], place: tuple[float, float], unit_width: float) -> list[Mark]:
    x, y = place
    marks = []
    for series, tone, point in zip(chart.series, tones(chart), row, strict=True):
        width = unit_width * max(point.value, 0)
        if width:
            words = f"{name_of(series, point)}: {in_words(point.value, series.unit)}"
            marks.append(Mark(x, y, width, BAR, tone, point, words))
        x += width
    return marks


def _room_for(labels: Iterable[str]) -> float:
    """Returns how much room names take up on the left of their bars."""
    return max(LABEL, GAP + LETTER * max(min(len(label), LETTERS) for label in labels))


def _beside(y: float, left: float, label: str, figures: str) -> list[Text]:
    short = label if len(label) <= LETTERS else f"{label[: LETTERS - 1]}…"
    return [Text(left - GAP, y + ROW / 2 + 4, "end", short), Text(WIDTH, y + ROW / 2 + 4, "end", figures)]


def _upright(chart: Chart) -> Drawing:
    labels = list(dict.fromkeys(point.label for series in chart.series for point in series.points))
    scale = Scale.over([point.value for series in chart.series for point in series.points], TOP, TOP + PLOT)
    slot = (WIDTH - AXIS) / len(labels)
    marks: list[Mark] = []
    paths: list[tuple[str, str]] = []
    for index, (series, tone) in enumerate(zip(chart.series, tones(chart), strict=True)):
        if chart.picture is Picture.COLUMNS:
            marks += _columns(series, tone, labels, scale, (slot, index, len(chart.series)))
        else:
            dots = [
                _dot(series, tone, point, AXIS + slot * (labels.index(point.label) + 0.5), scale)
                for point in series.points
            ]
            marks += dots
            paths.append((tone, " ".join(f"{dot.x + 3:.1f},{dot.y + 3:.1f}" for dot in dots)))
    texts = [*_axis(scale, chart.series[0].unit), *_names([told(label) for label in labels], slot)]
    return Drawing(
        WIDTH, TOP + PLOT + BOTTOM, tuple(marks), tuple(texts), tuple(paths), tuple(map(scale.at, scale.ticks)), AXIS
    )


def _columns(series: Series, tone: str, labels: list[Label], scale: Scale, place: tuple[float, int, int]) -> list[Mark]:
    slot, index, number = place
    width = slot * 0.72 / number
    marks = []
    for point in series.points:
        x = AXIS + slot * (labels.index(point.label) + 0.14) + index * width
        top, foot = sorted((scale.at(point.value), scale.at(0)))
        words = f"{name_of(series, point)}: {in_words(point.value, series.unit)}"
        marks.append(Mark(x, top, width - 1, foot - top, tone, point, words))
    return marks


def _dot(series: Series, tone: str, point: Point, x: float, scale: Scale) -> Mark:
    words = f"{name_of(series, point)}: {spoken(series, point)}"
    return Mark(x - 3, scale.at(point.value) - 3, 6, 6, tone, point, words)


def _axis(scale: Scale, unit: str) -> list[Text]:
    return [Text(AXIS - 6, scale.at(tick) + 4, "end", compact(tick, unit)) for tick in scale.ticks]


def _names(labels: list[str], slot: float) -> list[Text]:
    room = max(len(label) for label in labels) * LETTER + GAP
    every = max(1, math.ceil(room / slot))
    return [
        Text(AXIS + slot * (index + 0.5), TOP + PLOT + BOTTOM - 4, "middle", label)
        for index, label in enumerate(labels)
        if (len(labels) - 1 - index) % every == 0
    ]
