"""Figures over time: the days that a choice means, what they are compared with, and where the choice is kept."""

from __future__ import annotations

import re
from datetime import date

import pytest

from backoffice.core.access import Role
from backoffice.core.selection import Selection
from backoffice.core.summaries import look, told
from backoffice.core.summaries.periods import Period, Spans, months_of, weeks_of
from backoffice.dashboard.calendar import spans
from backoffice.dashboard.choice import Choice
from backoffice.dashboard.comparing import difference
from backoffice.enrollments.models import Enrollment
from backoffice.students.models import Student
from tests import factories
from tests.dashboard.conftest import Somebody
from tests.dashboard.test_page import page_of
from tests.dashboard.world import day
from tests.factories import csrf_token

ADMIN = Somebody(Role.ADMIN)


def text_of(page: str, figure: str) -> str:
    """Returns what a figure says, with single spaces."""
    part = page[page.index(f'id="figure-{figure}"') :].partition("</article>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", part[part.index(">") + 1 :]).split())


def said(period: str, against: str, as_of: date) -> tuple[tuple[str, date, date], tuple[str, date, date]]:
    found = spans(ADMIN, Choice(period, against), as_of)
    return tuple((told(part.label), part.first, part.last) for part in (found.now, found.before))


def test_terms_follow_each_other_and_meet_those_of_the_year_before(app, session):
    for name, first, last in (
        ("Autumn 2024", date(2024, 9, 2), date(2024, 12, 20)),
        ("Spring 2025", date(2025, 1, 6), date(2025, 4, 4)),
        ("Autumn 2025", date(2025, 9, 1), date(2025, 12, 19)),
        ("Spring 2026", date(2026, 1, 5), date(2026, 4, 3)),
    ):
        factories.term(code=name, name=name, start_date=first, end_date=last, kind="semester")
    year = {"code": "Y", "name": "School year", "kind": "school_year"}
    factories.term(start_date=date(2025, 9, 1), end_date=date(2026, 7, 31), **year)
    autumn = ("Autumn 2025", date(2025, 9, 1), date(2025, 12, 19))
    spring = ("Spring 2025", date(2025, 1, 6), date(2025, 4, 4))

    assert said("term", "before", date(2025, 11, 3)) == (autumn, spring)
    assert said("term", "year", date(2025, 11, 3)) == (autumn, ("Autumn 2024", date(2024, 9, 2), date(2024, 12, 20)))
    assert said("last-term", "before", date(2026, 2, 1)) == (autumn, spring)
    assert said("last-term", "year", date(2025, 2, 1)) == (
        ("Autumn 2024", date(2024, 9, 2), date(2024, 12, 20)),
        ("the same days a year before", date(2023, 9, 2), date(2023, 12, 20)),
    )


def test_days_back_end_today_and_are_compared_with_as_many_or_with_a_year_ago(session):
    now = ("Last 30 days", date(2024, 2, 1), date(2024, 3, 1))
    assert said("30", "before", date(2024, 3, 1)) == (
        now,
        ("the 30 days before", date(2024, 1, 2), date(2024, 1, 31)),
    )
    assert said("30", "year", date(2024, 3, 1)) == (
        now,
        ("the same days a year before", date(2023, 2, 1), date(2023, 3, 1)),
    )


def test_an_organisation_without_terms_looks_at_the_last_90_days(session):
    assert said("term", "before", date(2024, 3, 31))[0] == ("Last 90 days", date(2024, 1, 2), date(2024, 3, 31))


def test_weeks_and_months_of_a_period_end_where_it_does():
    period = Period("", date(2026, 1, 7), date(2026, 2, 3))
    assert [(part.first, part.last) for part in weeks_of(period)] == [
        (date(2026, 1, 7), date(2026, 1, 11)),
        (date(2026, 1, 12), date(2026, 1, 18)),
        (date(2026, 1, 19), date(2026, 1, 25)),
        (date(2026, 1, 26), date(2026, 2, 1)),
        (date(2026, 2, 2), date(2026, 2, 3)),
    ]
    assert [(part.first, part.last) for part in months_of(period)] == [
        (date(2026, 1, 7), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 3)),
    ]


@pytest.mark.parametrize(
    ("value", "past", "unit", "words"),
    [
        (3, 5, "count", "2 fewer than"),
        (5, 3, "count", "2 more than"),
        (5, 5, "count", "the same as"),
        (327, 359, "percent", "3.2 points less than"),
        (100050, 50, "EUR", "1,000.00 EUR more than"),
    ],
)
def test_a_difference_is_said_in_words_and_number(value, past, unit, words):
    assert difference(value, past, unit) == words


def test_students_of_a_period_are_those_with_a_seat_on_some_day_of_it(session, small_world):
    found = spans(ADMIN, Choice("term", "before"), day(0))
    (chart,) = next(one for one in look(ADMIN, spans=found) if one.figure.name == "students_in_period").charts
    point = chart.series[0].points[0]
    assert (point.value, point.past.value, told(point.past.label)) == (4, 4, "Past")  # s1, s2, s3, s6; s1, s2, s3, s5


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("attended:{-390}..{-310}", ["S1", "S2", "S3", "S5"]),
        ("attended:{-299}..{-210}", ["S1", "S2", "S5"]),  # who had withdrawn is gone
        ("attended:{-199}..{-61}", []),  # no section ran
        ("attended>{59}", ["S1", "S1", "S2", "S3", "S6"]),
        ("attended<{-400}", []),
        ("attended<={-400}", ["S1", "S2", "S3", "S5"]),
        ("attended:{-20}", ["S1", "S1", "S2", "S3"]),
    ],
)
def test_attended_asks_for_a_stretch_of_days(session, small_world, query, names):
    search = re.sub(r"{(-?\d+)}", lambda found: str(day(int(found[1]))), query)
    rows = (
        Selection.parse(Enrollment, ADMIN, search=search, sort=("student.student_number",)).page(("student",), 50).rows
    )
    assert [row["student"].key for row in rows] == names


def test_attended_of_a_student_is_about_one_and_the_same_seat(session, small_world):
    found = Selection.parse(Student, ADMIN, search=f"enrollments.attended:{day(-250)}..{day(-210)}")
    assert found.count().number == 3


def test_one_choice_says_how_many_studied_last_term_against_this(app, small_world, sign_in):
    client = sign_in("registrar")
    page = page_of(client)
    assert "4 the same as 4 in Past" in text_of(page, "students_in_period")
    token = csrf_token(page)
    answer = client.post("/admin/period/", data={"csrf_token": token, "period": "30"})
    assert (answer.status_code, answer.location) == (303, "/admin/?period=30&against=before")
    assert "4 1 more than 3 in the 30 days before" in text_of(
        client.get(answer.location).get_data(as_text=True), "students_in_period"
    )
    kept = page_of(client)
    assert '<button type="submit" name="period" value="30" aria-pressed="true">' in kept
    assert text_of(kept, "active_students") == text_of(page, "active_students")  # has no period


def test_an_address_shows_the_same_to_a_colleague_and_keeps_nothing(app, small_world, sign_in):
    one, other = sign_in("registrar"), sign_in("registrar")
    pages = [client.get("/admin/?period=90&against=year").get_data(as_text=True) for client in (one, other)]
    assert text_of(pages[0], "new_students") == text_of(pages[1], "new_students")
    assert 'value="term" aria-pressed="true"' in page_of(one)


@pytest.mark.parametrize("query", ["period=week", "against=never", "period=30&against=%00"])
def test_what_is_no_period_is_refused_by_name(sign_in, query):
    client = sign_in("admin")
    answer = client.get(f"/admin/?{query}")
    assert answer.status_code == 400
    assert "is not known here" in answer.get_data(as_text=True)


def test_finance_looks_at_a_year_unless_it_chooses(small_world, sign_in):
    assert 'name="period" value="365" aria-pressed="true"' in page_of(sign_in("finance"))


def test_two_choices_of_the_same_days_are_told_apart_by_what_they_are_called():
    on = date(2026, 1, 1)
    now, other = Period("A", on, on), Period("B", on, on)
    assert str(Spans(on, now, now)) != str(Spans(on, now, other))
