"""What a figure is made of survives the cache exactly; what is not a figure's data is refused."""

from __future__ import annotations

import json
from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale

from backoffice.core.summaries import (
    COUNT,
    PERCENT,
    Chart,
    Link,
    Past,
    Picture,
    Point,
    Series,
    Value,
    share,
    to_count,
    to_tell,
)
from backoffice.core.summaries.data import decode, encode
from backoffice.core.summaries.labels import MONTH, WEEK, Malformed, dated, in_words, told
from backoffice.core.summaries.periods import Period, bucket, months, weeks
from backoffice.core.summaries.scale import Scale, compact

CHARTS = (
    Chart(
        Picture.BARS,
        (
            Series(
                "Passed",
                PERCENT,
                (
                    Point(
                        'Ünïcode, "quoted"',
                        625,
                        Link("enrollments", 'a:"b c"', "-id"),
                        8,
                        to_tell("of %(whole)s", whole=Value(8)),
                    ),
                ),
            ),
            Series(
                to_tell("Passed"),
                COUNT,
                (
                    Point(
                        dated(MONTH, date(2026, 3, 1)),
                        2,
                        Link("enrollments", ""),
                        2,
                        past=Past(to_count("%(num)s day", "%(num)s days", 2), 1, Link("enrollments", ""), 1),
                    ),
                ),
            ),
        ),
        "EUR",
        Link("enrollments", ""),
    ),
    Chart(Picture.TABLE, ()),
)


def test_charts_come_back_from_json_as_they_were():
    assert decode(json.loads(json.dumps(encode(CHARTS)))) == CHARTS


def spoiled() -> list[object]:
    def changed(change) -> object:
        stored = json.loads(json.dumps(encode(CHARTS)))
        change(stored)
        return stored

    return [
        None,
        "text",
        7,
        {"charts": []},
        [None],
        [{"picture": "bars"}],
        changed(lambda charts: charts[0].update(picture="pie")),
        changed(lambda charts: charts[0].update(picture=["bars"])),
        changed(lambda charts: charts[0].update(more=1)),
        changed(lambda charts: charts[0].update(link="/admin/")),
        changed(lambda charts: charts[0]["series"][0]["points"][0].update(value="625")),
        changed(lambda charts: charts[0]["series"][0]["points"][0].update(value=True)),
        changed(lambda charts: charts[0]["series"][0]["points"][0].update(value=1.5)),
        changed(lambda charts: charts[0]["series"][0]["points"][0].update(note=["of ", {"value": 8, "unit": "count"}])),
        changed(lambda charts: charts[0]["series"][0]["points"][0].update(label=None)),
        changed(lambda charts: charts[0]["series"][0]["points"][0]["note"].update(many="of many")),
        changed(lambda charts: charts[0]["series"][0]["points"][0]["note"].update(values=[["whole"]])),
        changed(lambda charts: charts[0]["series"][1]["name"].pop("many")),
        changed(lambda charts: charts[0]["series"][1]["points"][0]["label"].update(value=0)),
        changed(lambda charts: charts[0]["series"][0]["points"][0]["link"].update(grid=None)),
        changed(lambda charts: charts[0]["series"][0]["points"][0]["link"].pop("sort")),
    ]


@pytest.mark.parametrize("stored", spoiled(), ids=str)
def test_what_is_not_a_figures_data_is_refused(stored):
    with pytest.raises(Malformed):
        decode(stored)


def test_numbers_are_said_in_their_unit():
    said = [in_words(1234, COUNT), in_words(625, PERCENT), in_words(123450, "EUR"), in_words(1234, "JPY")]
    assert said == ["1,234", "62.5 %", "1,234.50 EUR", "1,234 JPY"]


def test_shares_are_rounded_half_up_to_a_tenth_of_a_percent():
    assert [share(0, 7), share(1, 3), share(2, 3), share(1, 2000), share(7, 7)] == [0, 333, 667, 1, 1000]


def test_weeks_begin_on_monday_and_the_last_one_holds_the_day():
    found = weeks(date(2026, 1, 1), 2)
    assert found == (
        Period(dated(WEEK, date(2025, 12, 22)), date(2025, 12, 22), date(2025, 12, 28)),
        Period(dated(WEEK, date(2025, 12, 29)), date(2025, 12, 29), date(2026, 1, 4)),
    )
    assert [told(week.label) for week in found] == ["22 Dec", "29 Dec"]
    assert [bucket(day, found) for day in (date(2025, 12, 28), date(2025, 12, 29))] == [0, 1]


def test_months_cross_the_year_and_have_their_own_length():
    assert months(date(2024, 2, 29), 3) == (
        Period(dated(MONTH, date(2023, 12, 1)), date(2023, 12, 1), date(2023, 12, 31)),
        Period(dated(MONTH, date(2024, 1, 1)), date(2024, 1, 1), date(2024, 1, 31)),
        Period(dated(MONTH, date(2024, 2, 1)), date(2024, 2, 1), date(2024, 2, 29)),
    )


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([], (0, 1)),
        ([3], (0, 1, 2, 3)),
        ([7, 41], (0, 20, 40, 60)),
        ([-5, 10], (-5, 0, 5, 10)),
        ([999], (0, 500, 1000)),
    ],
)
def test_an_axis_has_round_ends_that_hold_zero_and_every_value(values, ticks):
    assert Scale.over(values, 0, 100).ticks == ticks


def test_an_axis_says_large_numbers_short():
    said = [compact(1500, COUNT), compact(20000, COUNT), compact(250_000_000, "EUR"), compact(400, PERCENT)]
    assert said == ["1,500", "20k", "2.5M", "40 %"]


def test_a_label_is_said_to_its_reader_and_data_stays_as_it_is(app: Flask) -> None:
    march = date(2026, 3, 2)
    labels = ["Active", dated(WEEK, march), dated(MONTH, march), to_tell("%(n)s of Active", n=Value(1234))]

    with app.test_request_context(), force_locale("de"):
        in_german = [told(label) for label in labels]

    assert in_german == ["Active", "2. März", "März 2026", "1,234 of Active"]
    assert [told(label) for label in labels] == ["Active", "02 Mar", "Mar 2026", "1,234 of Active"]


def test_what_is_counted_is_one_or_many() -> None:
    assert [told(to_count("%(num)s day", "%(num)s days", number)) for number in (1, 1200)] == ["1 day", "1,200 days"]
