"""What a locale's notation writes is what CLDR says, and can be read back; the organisation's own is as it always was."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from babel import Locale, dates, numbers

from backoffice.core.notation import LOCALES, ORGANISATIONS, notation

NUMBERS = ("0", "7", "-7", "999", "1000", "-1234.50", "12345.678", "999999.9", "-1234567", "10000000000000.0000")
DAYS = (date(2026, 3, 1), date(2026, 12, 31), date(1999, 10, 9), date(987, 6, 5))
HOURS = tuple(datetime(2026, 11, 12, hour, minute, tzinfo=UTC) for hour in range(24) for minute in (0, 9, 59))
QUOTED = {name for name in LOCALES if Locale.parse(name).number_symbols["latn"]["group"] == "'"}  # Babel takes it off


@pytest.mark.parametrize("name", LOCALES)
def test_every_number_can_be_read_back_with_all_its_places(name: str) -> None:
    written = [notation(name).figures(f"{Decimal(number):,f}") for number in NUMBERS]

    assert [str(numbers.parse_decimal(text, name)) for text in written] == list(NUMBERS)


@pytest.mark.parametrize("name", sorted({*LOCALES} - QUOTED))
def test_every_whole_number_is_written_as_babel_does(name: str) -> None:
    whole = [10**power * sign + power for power in range(18) for sign in (1, -1)]

    assert [notation(name).figures(f"{n:,}") for n in whole] == [numbers.format_decimal(n, locale=name) for n in whole]


@pytest.mark.parametrize("name", LOCALES)
def test_every_date_is_written_as_babel_does_with_the_whole_year_and_can_be_read_back(name: str) -> None:
    pattern = Locale.parse(name).date_formats["short"].pattern.replace("yy", "y")

    written = [notation(name).day(day) for day in DAYS]

    assert written == [dates.format_date(day, pattern, name) for day in DAYS]
    assert [dates.parse_date(text, name, "short") for text in written] == list(DAYS)


@pytest.mark.parametrize("name", LOCALES)
def test_every_time_is_written_as_babel_does(name: str) -> None:
    glue = Locale.parse(name).datetime_formats["short"]
    own = notation(name)

    hours = [dates.format_time(at, "short", locale=name) for at in HOURS]

    assert [own.hour(at) for at in HOURS] == hours
    assert own.hour_and_day(HOURS[0]) == glue.format(hours[0], own.day(HOURS[0]))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("", ("1,234,567.50", "2026-03-01", "1 Mar 2026", "14:05", "14:05 on 1 March", "2026-03-01 14:05 UTC")),
        ("xx_XX", ("1,234,567.50", "2026-03-01", "1 Mar 2026", "14:05", "14:05 on 1 March", "2026-03-01 14:05 UTC")),
        ("de_DE", ("1.234.567,50", "01.03.2026", "01.03.2026", "14:05", "01.03.2026, 14:05", "01.03.2026, 14:05 UTC")),
        ("de_CH", ("1'234'567.50", "01.03.2026", "01.03.2026", "14:05", "01.03.2026, 14:05", "01.03.2026, 14:05 UTC")),
        ("en_US", ("1,234,567.50", "3/1/2026", "3/1/2026", "2:05 PM", "3/1/2026, 2:05 PM", "3/1/2026, 2:05 PM UTC")),
        ("en_IN", ("12,34,567.50", "01/03/2026", "01/03/2026", "2:05 PM", "01/03/2026, 2:05 PM", "01/03/2026, 2:05 PM UTC")),
        ("sv_SE", ("1 234 567,50", "2026-03-01", "2026-03-01", "14:05", "2026-03-01 14:05", "2026-03-01 14:05 UTC")),
        ("ko_KR", ("1,234,567.50", "2026. 3. 1.", "2026. 3. 1.", "오후 2:05", "2026. 3. 1. 오후 2:05", "2026. 3. 1. 오후 2:05 UTC")),
    ],
)  # fmt: skip
def test_some_notations(name: str, written: tuple[str, ...]) -> None:
    own, at = notation(name), datetime(2026, 3, 1, 14, 5, tzinfo=UTC)

    found = (
        own.figures("1,234,567.50"),
        own.day(at.date()),
        own.day_in_words(at.date()),
        own.hour(at),
        own.hour_and_day(at),
        own.moment(at),
    )

    assert tuple(text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\xa0", " ") for text in found) == written


BOXES = ("0", "-7", "1234.50", "1234567", "0.125", "1.250", "12.5", "999999.999")


@pytest.mark.parametrize("name", ["", *LOCALES])
def test_what_a_box_holds_is_read_as_the_same_number(name: str) -> None:
    own = notation(name)

    assert [Decimal(own.typed_number(own.box(number))) for number in BOXES] == list(map(Decimal, BOXES))


@pytest.mark.parametrize("name", LOCALES)
def test_what_a_page_shows_may_be_typed(name: str) -> None:
    own = notation(name)
    numbers = [number for number in BOXES if number != "1.250" and number != "0.125"] + ["1234.250"]

    read = [own.typed_number(own.figures(f"{Decimal(number):,f}")) for number in numbers]

    assert list(map(Decimal, read)) == list(map(Decimal, numbers))
    assert [own.typed_day(own.day(day)) for day in DAYS[:2]] == [day.isoformat() for day in DAYS[:2]]
    assert [own.typed_day(day.isoformat()) for day in DAYS] == [day.isoformat() for day in DAYS]


@pytest.mark.parametrize(
    ("name", "typed", "read"),
    [
        ("de_DE", "1.234,5", "1234.5"),
        ("de_DE", " -12,5 ", "-12.5"),
        ("de_DE", "1.234.567", "1234567"),
        ("de_DE", "1234.50", "1234.50"),
        ("de_DE", "1.5", "1.5"),
        ("de_DE", "12.34,5", "12.34,5"),
        ("de_CH", "1’234.50", "1234.50"),
        ("fr_FR", "1 234,50", "1234.50"),
        ("fr_FR", "1.234", "1.234"),
        ("en_US", "1,234.50", "1234.50"),
        ("en_IN", "12,34,567", "1234567"),
        ("de_DE", "many", "many"),
        ("de_DE", "", ""),
        ("", "1.234,5", "1.234,5"),
        ("", "1.234", "1.234"),
    ],
)
def test_a_number_is_read_in_the_notation_or_as_it_is(name: str, typed: str, read: str) -> None:
    assert notation(name).typed_number(typed) == read


def test_a_number_that_would_be_another_one_is_refused() -> None:
    with pytest.raises(ValueError) as error:
        notation("de_DE").typed_number("1.500")

    assert str(error.value) == "“1.500” can be read in two ways. Write 1500 or 1,5."


def test_a_notation_is_made_once_and_an_unknown_one_is_the_organisations() -> None:
    assert notation("de_DE") is notation("de_DE")
    assert notation("tlh") is notation("") is ORGANISATIONS
