"""Pictures show what the numbers say: lengths in proportion, nothing outside the frame, every mark a link."""

from __future__ import annotations

import pytest

from backoffice.core.summaries import COUNT, PERCENT, Chart, Link, Picture, Point, Series
from backoffice.core.summaries.drawing import FIGURES, LABEL, WIDTH, draw, tones

ROOM = WIDTH - LABEL - FIGURES


def series(*values: int, name: str = "Seats", unit: str = COUNT) -> Series:
    points = (
        Point(f"C{index}", value, Link("enrollments", f"c:{index}"), 10, "of 10" if unit == PERCENT else "")
        for index, value in enumerate(values)
    )
    return Series(name, unit, tuple(points))


def test_bars_are_as_long_as_their_share_and_warn_from_the_threshold_on():
    drawing = draw(Chart(Picture.BARS, (series(500, 900, 1200, unit=PERCENT),)), threshold=900)
    assert [(mark.width, mark.tone, mark.words) for mark in drawing.marks] == [
        (pytest.approx(ROOM * 500 / 1200), "pair-0", "C0: 50.0 % of 10"),
        (pytest.approx(ROOM * 900 / 1200), "pair-late", "C1: 90.0 % of 10"),
        (pytest.approx(ROOM), "pair-late", "C2: 120.0 % of 10"),
    ]


def test_long_names_have_their_room_beside_the_bars_and_the_longest_are_cut():
    link = Link("enrollments", "")
    points = tuple(Point(name, 10, link, 10) for name in ("MAT101-2026-1", "A name of twenty chars"))
    drawing = draw(Chart(Picture.BARS, (Series("Seats", COUNT, points),)))
    names = [text for text in drawing.texts if text.x < drawing.marks[0].x]
    assert [text.words for text in names] == ["MAT101-2026-1", "A name of twe…"]
    assert all(len(text.words) * 7.5 <= text.x for text in names)


def test_stacks_stand_end_to_end_and_leave_out_what_is_zero():
    drawing = draw(Chart(Picture.STACKED, (series(1, 0, name="a"), series(3, 2, name="b"))))
    assert [(mark.x, mark.width, mark.words) for mark in drawing.marks] == [
        (pytest.approx(LABEL), pytest.approx(ROOM / 4), "C0, a: 1"),
        (pytest.approx(LABEL + ROOM / 4), pytest.approx(ROOM * 3 / 4), "C0, b: 3"),
        (pytest.approx(LABEL), pytest.approx(ROOM / 2), "C1, b: 2"),
    ]


def test_columns_grow_from_zero_in_both_directions():
    drawing = draw(Chart(Picture.COLUMNS, (series(10, -5), series(0, 10))))
    heights = [(round(mark.y, 1), round(mark.height, 1)) for mark in drawing.marks]
    assert heights == [(8.0, 100.0), (108.0, 50.0), (108.0, 0.0), (8.0, 100.0)]


def test_a_line_passes_through_its_dots_and_skips_what_it_does_not_know():
    drawing = draw(Chart(Picture.LINE, (series(1, 2, 3), Series("b", COUNT, series(1, 2, 3).points[1:]))))
    assert [len(path.split()) for _, path in drawing.paths] == [3, 2]
    assert drawing.paths[0][1].split()[1] == drawing.paths[1][1].split()[0]


@pytest.mark.parametrize("picture", [Picture.BARS, Picture.STACKED, Picture.COLUMNS, Picture.LINE])
@pytest.mark.parametrize("values", [(0,), (0, 0), (7,), (5, 0, 123456789), tuple(range(12))], ids=str)
def test_every_mark_lies_inside_the_frame(picture, values):
    drawing = draw(Chart(picture, (series(*values), series(*values))))
    for mark in drawing.marks:
        assert mark.x >= 0 and mark.x + mark.width <= WIDTH
        assert mark.width >= 0 and mark.height >= 0 and mark.y + mark.height <= drawing.height


@pytest.mark.parametrize("picture", list(Picture))
def test_nothing_is_drawn_of_nothing(picture):
    assert draw(Chart(picture, ())) is None
    assert draw(Chart(picture, (Series("a", COUNT, ()),))) is None


def test_a_single_stack_runs_from_calm_to_alarming():
    assert tones(Chart(Picture.STACKED, (series(1), series(2)))) == ("step-0", "step-1")
    assert tones(Chart(Picture.STACKED, (series(1, 2), series(2, 3)))) == ("series-0", "series-1")
