"""What a row of OULAD means here."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.interchange.oulad import mapping
from backoffice.interchange.oulad.cells import Unfit
from backoffice.interchange.oulad.source import Assessment, Info, Presentation, Registration, Submission

START = date(2014, 10, 1)
GIVEN = Presentation(2, "ZZZ", "2014J", START, date(2015, 5, 29))
EARLIER = Presentation(3, "ZZZ", "2014B", date(2014, 2, 1), date(2014, 9, 30))


def info(result: str) -> Info:
    return Info(2, "ZZZ-2014J", "11", "Scotland", "0-35", 0, result)


def dates(registered: int | None, unregistered: int | None) -> Registration:
    return Registration(2, "ZZZ-2014J", "11", registered, unregistered)


def test_a_presentation_is_a_section_of_its_course_in_its_term() -> None:
    (_, section), _ = mapping.sections([GIVEN, EARLIER], date(2026, 1, 1))
    assert section == {
        "code": "ZZZ-2014J",
        "course": "ZZZ",
        "term": "2014J",
        "name": "Module ZZZ, October 2014",
        "delivery": "online",
        "start_date": START,
        "end_date": date(2015, 5, 29),
        "timezone": "Europe/London",
        "status": "completed",
    }


@pytest.mark.parametrize(
    ("today", "status"),
    [(date(2014, 9, 30), "planned"), (START, "open"), (date(2015, 5, 29), "open"), (date(2015, 5, 30), "open")],
)
def test_a_term_is_open_from_its_first_to_its_last_day(today: date, status: str) -> None:
    ((_, term),) = mapping.terms([GIVEN], today)
    assert term["status"] == status


def test_a_term_ends_with_the_last_of_its_presentations() -> None:
    longer = Presentation(4, "YYY", "2014J", START, date(2015, 7, 1))
    ((_, term),) = mapping.terms([GIVEN, longer], START)
    assert (term["start_date"], term["end_date"]) == (START, date(2015, 7, 1))


def test_a_course_has_the_same_made_up_price_every_time_and_says_so() -> None:
    first, second = (list(mapping.courses([GIVEN, EARLIER], "EUR")) for _ in range(2))
    ((_, course),) = first
    assert (first, course["list_price_minor"] % 5_000, "price is made up" in course["description"]) == (second, 0, True)


@pytest.mark.parametrize(
    ("result", "registered", "left", "outcome"),
    [
        ("Pass", -30, None, ("completed", "pass", None, START, None)),
        ("Distinction", -30, None, ("completed", "distinction", None, START, None)),
        ("Fail", None, None, ("completed", "fail", None, START, None)),
        ("Fail", -30, 12, ("completed", "fail", None, START, date(2014, 10, 13))),
        ("Withdrawn", -30, 0, ("withdrawn", None, "other", START, START)),
        ("Withdrawn", 5, 60, ("withdrawn", None, "other", date(2014, 10, 6), date(2014, 11, 30))),
        ("Withdrawn", -30, -1, ("dropped", None, "other", None, date(2014, 9, 30))),
    ],
)
def test_a_result_and_the_dates_decide_how_an_enrollment_ended(
    result: str, registered: int | None, left: int | None, outcome: tuple[object, ...]
) -> None:
    values = mapping.enrollment(info(result), dates(registered, left), START)
    names = ("status", "final_result", "end_reason", "start_date", "end_date")
    assert tuple(values[name] for name in names) == outcome


def test_registration_is_the_day_of_application_and_earlier_attempts_count() -> None:
    given = Info(2, "ZZZ-2014J", "11", "Wales", "0-35", 2, "Pass")
    values = mapping.enrollment(given, dates(-30, None), START)
    assert (values["applied_on"], values["attempt_no"]) == (date(2014, 9, 1), 3)


def test_a_withdrawal_without_a_date_is_refused_at_that_field() -> None:
    with pytest.raises(Unfit) as caught:
        mapping.enrollment(info("Withdrawn"), dates(-30, None), START)
    assert caught.value.field == "date_unregistration"


@pytest.mark.parametrize(
    ("banked", "score", "values"),
    [
        (False, Decimal(78), ("completed", Decimal(78), datetime(2014, 10, 19, 12, tzinfo=UTC))),
        (False, None, ("submitted", None, None)),
        (True, Decimal(65), ("exempt", Decimal(65), None)),
    ],
)
def test_a_result_is_completed_submitted_or_carried_over(
    banked: bool, score: Decimal | None, values: tuple[object, ...]
) -> None:
    progress = mapping.progress(Submission(2, "901", "11", 18, banked, score), START)
    assert tuple(progress.values()) == values


def test_lessons_stand_in_the_order_of_their_days_and_exams_last() -> None:
    exam = Assessment(2, "902", "ZZZ-2014J", "Exam", None, Decimal(100))
    second = Assessment(3, "903", "ZZZ-2014J", "TMA", 54, Decimal(10))
    first = Assessment(4, "901", "ZZZ-2014J", "CMA", 19, Decimal(0))
    titles = [mapping.lesson_title(each) for each in sorted([exam, second, first], key=mapping.lesson_order)]
    assert titles == ["2014J CMA 901", "2014J TMA 903", "2014J Exam 902"]


@given(
    st.text("0123456789", min_size=1, max_size=8),
    st.lists(st.tuples(st.sampled_from([date(2013, 2, 1), START]), st.just("35-55")), min_size=1, max_size=3),
)
def test_a_made_up_date_of_birth_lies_in_the_age_band_on_the_first_day(
    number: str, bands: list[tuple[date, str]]
) -> None:
    born = mapping.date_of_birth(number, bands)
    ages = [day.year - born.year - ((day.month, day.day) < (born.month, born.day)) for day, _ in bands]
    assert all(35 <= age <= 54 for age in ages)


def test_a_birthday_between_two_sections_fits_both_bands() -> None:
    born = mapping.date_of_birth("11", [(date(2013, 10, 1), "0-35"), (date(2014, 10, 1), "35-55")])
    assert date(1978, 10, 1) < born <= date(1979, 10, 1)


def test_the_same_student_is_made_up_the_same_every_time() -> None:
    born = date(1980, 1, 1)
    assert mapping.student("11", "Wales", born) == mapping.student("11", "Wales", born)
