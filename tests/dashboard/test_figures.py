"""Every figure equals what one counts by hand in the small world, and what its link opens."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from backoffice.billing.models import Invoice, Payment
from backoffice.core import access
from backoffice.core.access import Role, right
from backoffice.core.selection import Selection
from backoffice.core.summaries import COUNT, look, told
from backoffice.core.summaries.periods import days_back
from backoffice.courses.models import Section
from backoffice.enrollments.models import Enrollment
from backoffice.students.models import Student
from tests.dashboard import world
from tests.dashboard.conftest import Somebody
from tests.dashboard.world import day

MODELS = {
    "students": Student,
    "sections": Section,
    "enrollments": Enrollment,
    "invoices": Invoice,
    "payments": Payment,
}


@pytest.fixture
def charts(session, small_world) -> dict[str, tuple]:
    """The charts of each figure, as an administrator sees them."""
    return {one.figure.name: one.charts for one in look(Somebody(Role.ADMIN))}


@pytest.fixture
def of_a_year(session, small_world) -> dict[str, tuple]:
    """The same over the last 365 days."""
    return {one.figure.name: one.charts for one in look(Somebody(Role.ADMIN), spans=days_back(day(0), 365))}


def numbers(charts) -> dict[tuple[str, str], tuple[int, int]]:
    """Returns value and rows of each point, by the names of its series and itself."""
    return {
        (told(series.name), told(point.label)): (point.value, point.rows)
        for chart in charts
        for series in chart.series
        for point in series.points
    }


def single(charts) -> dict[str, tuple[int, int]]:
    return {name: found for (name, _), found in numbers(charts).items()}


def of_one_series(charts) -> dict[str, tuple[int, int]]:
    return {label: found for (_, label), found in numbers(charts[:1]).items()}


def test_active_students_are_heads_and_active_enrollments_are_seats(charts):
    assert single(charts["active_students"]) == {"": (3, 3)}
    assert single(charts["active_enrollments"]) == {"": (4, 4)}


def test_students_are_counted_by_status(charts):
    assert of_one_series(charts["students_by_status"]) == {
        "Applicant": (2, 2),
        "Active": (6, 6),
        "On leave": (0, 0),
        "Withdrawn": (0, 0),
        "Graduated": (0, 0),
    }


def test_the_census_counts_who_is_there_today(charts):
    assert of_one_series(charts["census"]) == {"ALG": (3, 3), "BIO": (2, 2)}


def test_the_funnel_counts_every_status_by_course(charts):
    found = {key: value for key, (value, _) in numbers(charts["enrollment_funnel"]).items() if value}
    assert found == {
        ("Waitlisted", "ALG"): 1,
        ("Active", "ALG"): 3,
        ("Suspended", "ALG"): 1,
        ("Completed", "ALG"): 2,
        ("Withdrawn", "ALG"): 1,
        ("Dropped", "ALG"): 1,
        ("Applied", "BIO"): 2,
        ("Waitlisted", "BIO"): 1,
        ("Active", "BIO"): 2,
        ("Rejected", "BIO"): 1,
    }


def test_completion_is_of_those_who_started_in_sections_that_ended(charts):
    assert of_one_series(charts["completion_rate"]) == {"ALG": (500, 4)}


def test_passing_is_of_those_who_completed(charts):
    assert of_one_series(charts["pass_rate"]) == {"ALG": (500, 2)}


def test_who_came_back_is_counted_by_heads_and_rejected_applications_do_not_count(charts):
    assert single(charts["reenrollment_rate"]) == {"": (667, 3)}
    (chart,) = charts["reenrollment_rate"]
    assert told(chart.series[0].points[0].note) == "of 3 of T1 in T2"


def test_leaving_is_told_apart_by_term(charts):
    assert numbers(charts["withdrawal_rate"]) == {
        ("Withdrawn, of those who started", "T1"): (250, 4),
        ("Withdrawn, of those who started", "T2"): (0, 5),
        ("Dropped, of all ever enrolled", "T1"): (200, 5),
        ("Dropped, of all ever enrolled", "T2"): (0, 5),
    }


def test_new_students_count_once_in_the_week_of_their_first_enrollment_and_empty_weeks_are_zero(charts):
    def monday(on: date) -> str:
        return f"{on - timedelta(days=on.weekday()):%d %b}"

    (chart,) = charts["new_students_by_week"]
    found = {told(point.label): point.value for point in chart.series[0].points}
    assert Counter(found) == Counter(monday(day(offset)) for offset in (-20, -5, -1))
    assert list(found)[-1] == monday(day(0))


def test_capacity_shows_the_fullest_sections_first_and_the_waiting_apart(charts):
    bars, waiting = charts["capacity_utilisation"]
    assert list(of_one_series([bars]).items()) == [("ALG-2", (1500, 3)), ("BIO-2", (667, 2))]
    assert single([waiting]) == {"On their waiting lists": (2, 2)}


def when(figure) -> object:
    """Returns what the figure is computed for: the present day, or a period."""
    return days_back(day(0), 90) if figure.periodic else day(0)


def waiting(charts) -> tuple[int, list[tuple[str, str]]]:
    """Returns how many rows a queue has, and the first of them with their age."""
    (chart,) = charts
    return chart.series[0].points[0].value, [(item.label, told(item.note)) for item in chart.items]


def test_queues_hold_what_waits_for_somebody_and_since_when(charts):
    assert waiting(charts["applied_waiting"]) == (1, [("Student 7, BIO-2", "5 days")])
    assert waiting(charts["seat_free"]) == (1, [("Student 4, BIO-2", "8 days")])
    assert waiting(charts["sections_ended"]) == (1, [("ALG-1", "ended 200 days ago")])
    assert waiting(charts["overdue_to_chase"]) == (
        2,
        [
            ("Student 3, I4", "70.00 EUR, 100 days late"),
            ("Student 1, I1", "60.00 EUR, 70 days late"),
        ],
    )


def test_sections_starting_soon_are_those_of_the_next_14_days(charts):
    assert single(charts["sections_starting_soon"]) == {"": (1, 1)}


def test_integrity_figures_count_what_must_not_be(charts):
    assert single(charts["overbooked_sections"]) == {"": (1, 1)}
    assert single(charts["disagreeing_invoices"]) == {"": (1, 1)}


def test_outstanding_keeps_currencies_and_credits_apart(charts):
    assert single(charts["outstanding"]) == {"EUR": (18000, 3), "JPY": (1000, 1), "USD": (2000, 1)}


def test_overdue_begins_on_the_day_after_the_due_date(charts):
    assert single(charts["overdue"]) == {"Invoices": (2, 2), "Students": (2, 2), "EUR": (13000, 2)}
    assert single(charts["due_soon"]) == {"Invoices": (2, 2), "EUR": (5000, 1), "USD": (2000, 1)}


def test_aging_puts_every_balance_into_one_bucket_of_its_currency(charts):
    found = {
        (chart.title, told(series.name)): (point.value, point.rows)
        for chart in charts["aging"]
        for series in chart.series
        for point in series.points
        if point.value
    }
    assert found == {
        ("EUR", "Not yet due"): (5000, 1),
        ("EUR", "61 to 90 days"): (6000, 1),
        ("EUR", "Over 90 days"): (7000, 1),
        ("JPY", "Not yet due"): (1000, 1),
        ("USD", "Not yet due"): (2000, 1),
    }


def test_billed_and_collected_stand_in_their_months(of_a_year):
    def by_month(*amounts: tuple[int, int]) -> Counter[str]:
        found: Counter[str] = Counter()
        for offset, amount in amounts:
            found[f"{day(offset):%b %Y}"] += amount
        return found

    euros = of_a_year["billed_and_collected"][0]
    found = {
        told(series.name): Counter({told(point.label): point.value for point in series.points if point.value})
        for series in euros.series
    }
    assert euros.title == "EUR"
    assert {len(series.points) for series in euros.series} <= {12, 13}
    assert found == {
        "Billed": by_month((-100, 10000), (-20, 5000), (-40, 3000), (-130, 7000), (-30, 1000)),
        "Collected": by_month((-80, 4000), (-30, 2000), (-3, 3000), (-2, -500), (-4, 1200), (-3, -200)),
    }
    assert [chart.title for chart in of_a_year["billed_and_collected"]] == ["EUR", "JPY", "USD"]


def test_the_collection_rate_is_cash_on_what_was_billed(of_a_year):
    assert single(of_a_year["collection_rate"]) == {"EUR": (327, 5), "JPY": (0, 1), "USD": (0, 1)}


def test_what_settles_without_cash_is_listed_apart(charts):
    assert single(charts["settled_without_cash"]) == {
        "Students on hold": (1, 1),
        "Credit balances, EUR": (1500, 1),
        "Credit on account, EUR": (1000, 1),
        "Discounts, EUR": (1000, 1),
        "Write-offs, EUR": (1000, 1),
    }


@pytest.mark.parametrize(
    "person",
    [*(Somebody(role) for role in Role), Somebody(Role.COURSE_EDITOR, world.EDITOR)],
    ids=lambda person: f"{person.role}-{person.id}",
)
def test_every_number_is_that_of_the_grid_behind_its_link(session, small_world, person):
    for one in look(person):
        for chart in one.charts:
            for series in chart.series:
                for point in series.points:
                    name = f"{one.figure.name}: {series.name} {point.label}"
                    counted = Selection.parse(
                        MODELS[point.link.grid],
                        person,
                        search=point.link.search,
                        sort=[point.link.sort] if point.link.sort else (),
                    ).count()
                    assert (name, counted.number) == (name, point.rows)
                    if series.unit == COUNT:
                        assert (name, point.value) == (name, point.rows)
                    if point.past:
                        counted = Selection.parse(MODELS[point.past.link.grid], person, search=point.past.link.search)
                        assert (name, counted.count().number) == (name, point.past.rows)


@pytest.mark.parametrize("role", list(Role))
def test_the_link_of_a_whole_chart_opens(session, small_world, role):
    for one in look(Somebody(role)):
        for chart in one.charts:
            if chart.link:
                found = Selection.parse(MODELS[chart.link.grid], Somebody(role), search=chart.link.search).count()
                assert found.number >= 0


def test_figures_ask_for_no_field_that_they_do_not_declare(app, session, small_world, monkeypatch):
    for figure in app.extensions["summaries"].all:
        own = {model: {Role.SUPPORT: right("V", fields=fields)} for model, fields in figure.reads.items()}
        monkeypatch.setattr(access, "_rights", own)
        assert figure.visible_to(Somebody(Role.SUPPORT))
        for chart in figure.compute(Somebody(Role.SUPPORT), when(figure)):
            for point in [point for series in chart.series for point in series.points]:
                Selection.parse(MODELS[point.link.grid], Somebody(Role.SUPPORT), search=point.link.search)


def test_figures_read_no_table_that_they_do_not_declare(app, session, small_world, statements):
    for figure in app.extensions["summaries"].all:
        with statements() as asked:
            figure.compute(Somebody(Role.ADMIN), when(figure))
        tables = {table for statement in asked for table in re.findall(r"(?:FROM|JOIN) (\w+?)(?:_text)?\b", statement)}
        assert (figure.name, tables - {model.__tablename__ for model in figure.reads}) == (figure.name, set())


def test_figures_of_an_empty_database_are_zero_or_empty(session):
    for one in look(Somebody(Role.ADMIN)):
        for chart in one.charts:
            assert {point.value for series in chart.series for point in series.points} <= {0}
