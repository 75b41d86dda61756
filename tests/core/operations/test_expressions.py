"""Changes that follow from each row's own values: computed in the database as Python would, refused in words, taken back."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest

from backoffice.billing.models import InvoiceLine
from backoffice.core.access import SYSTEM
from backoffice.core.money import to_decimal, to_minor
from backoffice.core.operations import (
    Add,
    Append,
    Copy,
    Invalid,
    Percent,
    Prepend,
    Replace,
    Shift,
    apply,
    find_plan,
    plan_edit,
    plan_undo,
    verifying,
)
from backoffice.core.selection import Selection
from backoffice.courses.models import Course, Section, Term
from backoffice.enrollments.models import Enrollment, LessonProgress
from backoffice.students.models import Student
from tests import factories
from tests.core.operations.tables import stored_rows


def every(model, search="", person=SYSTEM):
    return Selection.parse(model, person, search=search)


def edited(model, **wanted):
    """Does it to every row and returns the operation."""
    return apply(plan_edit(every(model), wanted, SYSTEM), SYSTEM)


@pytest.mark.parametrize(
    ("expression", "words", "cities"),
    [
        (Append(" (old)"), "Append “ (old)” to city for 3 students", ["Leeds (old)", "New York (old)", "(old)"]),
        (Prepend("The "), "Prepend “The ” to city for 3 students", ["The Leeds", "The New York", "The"]),
        (Replace("e", "_"), "Replace “e” by “_” in city for 2 students", ["L__ds", "N_w York", None]),
        (Replace("New "), "Remove “New ” from city for 1 student", ["Leeds", "York", None]),
        (Replace("Leeds"), "Remove “Leeds” from city for 1 student", [None, "New York", None]),
        (Copy("phone"), "Copy phone to city for 3 students", ["1", None, "3"]),
    ],
)
def test_texts_are_changed_row_by_row(session, expression, words, cities):
    rows = [factories.student(city=c, phone=p) for c, p in (("Leeds", "1"), ("New York", None), (None, "3"))]
    plan = plan_edit(every(Student), {"city": expression}, SYSTEM)
    assert plan.words == words
    apply(plan, SYSTEM)
    assert [row.city for row in rows] == cities
    assert [row.search_text for row in rows] == [Student.derive(row.__dict__)["search_text"] for row in rows]


@pytest.mark.parametrize(
    ("expression", "words", "prices"),
    [
        (Add(Decimal("0.5")), "Add 0.5 to list price", ["10.55", "12.00", "101", "1.501"]),
        (Add(Decimal("-10")), "Subtract 10 from list price", ["0.05", "1.50", "90", "1.001"]),
        (
            Percent(Decimal(110)),
            "Multiply list price by 110 percent, rounded half up",
            ["11.06", "12.65", "110", "1.101"],
        ),
        (
            Percent(Decimal("0.5")),
            "Multiply list price by 0.5 percent, rounded half up",
            ["0.05", "0.06", "1", "0.005"],
        ),
    ],
)
def test_amounts_are_rounded_half_up_in_the_currency_of_each_row(session, expression, words, prices):
    rows = [
        factories.course(list_price_minor=minor, currency=currency)
        for minor, currency in (
            (1005, "EUR"),
            (1150, "USD"),
            (100, "JPY"),
            (1001 if expression != Add(Decimal(-10)) else 11_001, "KWD"),
        )
    ]
    free = factories.course(list_price_minor=None)
    plan = plan_edit(every(Course), {"list_price": expression}, SYSTEM)
    assert plan.words.startswith(f"{words} for ")
    apply(plan, SYSTEM)
    assert [str(to_decimal(row.list_price_minor, row.currency)) for row in rows] == prices
    assert free.list_price_minor is None


def test_less_than_nothing_is_rounded_away_from_it(session):
    draft = factories.invoice(10_000, -51, -49, state="draft")
    edited(InvoiceLine, unit=Percent(50))
    lines = sorted(draft.lines, key=lambda line: line.id)
    assert [line.unit_minor for line in lines] == [5000, -26, -25]


def test_dates_are_shifted_and_the_words_say_by_how_much(session):
    seat = factories.enrollment(status="withdrawn", start_date=date(2024, 2, 26), end_date=date(2024, 12, 30))
    plan = plan_edit(every(Enrollment), {"start_date": Shift(7), "end_date": Shift(-1)}, SYSTEM)
    assert plan.words == "Shift start date by 7 days, shift last attendance back by 1 day for 1 enrollment"
    (sample,) = plan.samples
    assert [(c.label, c.before, c.after) for c in sample.changes] == [
        ("Start date", date(2024, 2, 26), date(2024, 3, 4)),
        ("Last attendance", date(2024, 12, 30), date(2024, 12, 29)),
    ]
    apply(find_plan(plan.token, SYSTEM), SYSTEM)
    assert (seat.start_date, seat.end_date) == (date(2024, 3, 4), date(2024, 12, 29))


def test_instants_are_shifted_by_whole_days_to_the_microsecond(session):
    step = factories.progress(status="completed", completed_at=factories.clock.utcnow().replace(microsecond=1))
    before = step.completed_at
    edited(LessonProgress, completed_at=Shift(-400))
    assert step.completed_at == before - timedelta(days=400)


def test_fields_that_change_in_one_edit_all_read_the_row_as_it_was(session):
    term = factories.term(code="A", name="Spring")
    section = factories.section(term=term, capacity=5, waitlist_capacity=2)
    edited(Section, capacity=Copy("waitlist_capacity"), waitlist_capacity=Copy("capacity"), status="planned")
    assert (section.capacity, section.waitlist_capacity, section.status) == (2, 5, "planned")


@pytest.mark.parametrize(
    ("model", "made", "wanted", "message"),
    [
        (Course, {"title": "x" * 198}, {"title": Append("yyy")}, "Title would be too long: at most 200 characters."),
        (Course, {"title": "Old"}, {"title": Replace("Old")}, "Title is needed and would be empty."),
        (Course, {"description": None}, {"title": Copy("description")}, "Title is needed and would be empty."),
        (Course, {"credits": 9999}, {"credits": Add("0.99")}, None),
        (Course, {"credits": 9999}, {"credits": Add(1)}, "Credits would be too large."),
        (Course, {"credits": 9999}, {"credits": Percent("100.01")}, "Credits would be too large."),
        (
            Course,
            {"list_price_minor": 10**16 - 1, "currency": "EUR"},
            {"list_price": Add("0.01")},
            "List price would be too large.",
        ),
        (
            Course,
            {"list_price_minor": 2**62, "currency": "EUR"},
            {"list_price": Percent(10000)},
            "List price would be too large.",
        ),
        (Section, {"capacity": 2**31 - 1}, {"capacity": Add(1)}, "Capacity would be too large."),
        (Section, {"capacity": 5}, {"capacity": Add(-6)}, "A capacity is not negative; leave it empty for no limit."),
        (
            Student,
            {"date_of_birth": date(9999, 12, 30)},
            {"date_of_birth": Shift(2)},
            "Date of birth would be outside of the calendar.",
        ),
        (
            Student,
            {"date_of_birth": date(1, 1, 2)},
            {"date_of_birth": Shift(-2)},
            "Date of birth would be outside of the calendar.",
        ),
    ],
)
def test_rows_that_cannot_have_the_new_value_are_refused_in_a_sentence(session, model, made, wanted, message):
    getattr(factories, model.__tablename__)(**made)
    plan = plan_edit(every(model), wanted, SYSTEM)
    found = [(refusal.message, refusal.count) for refusal in plan.refusals]
    assert (found, plan.will_change) == (([(message, 1)], 0) if message else ([], 1))


def test_the_rules_of_the_model_are_asked_about_what_is_computed(session):
    factories.term(
        start_date=date(2026, 1, 1), end_date=date(2026, 1, 31), add_drop_deadline=None, withdraw_deadline=None
    )
    kept = factories.term(
        start_date=date(2026, 1, 1), end_date=date(2026, 6, 1), add_drop_deadline=None, withdraw_deadline=None
    )
    plan = plan_edit(every(Term), {"start_date": Shift(40)}, SYSTEM)
    assert (plan.will_change, plan.refused) == (1, 1)
    apply(plan, SYSTEM)
    assert kept.start_date == date(2026, 2, 10)


@pytest.mark.parametrize(
    ("model", "wanted", "message"),
    [
        (Student, {"city": Add(1)}, "City cannot be changed in this way."),
        (Student, {"date_of_birth": Shift(40_000)}, "Date of birth: type a whole number of days, at most 36,525."),
        (Student, {"date_of_birth": Shift("soon")}, "Date of birth: type a whole number of days, at most 36,525."),
        (Student, {"city": Append("")}, "City: type a text."),
        (Student, {"city": Append("\0")}, "City holds characters that cannot be stored."),
        (Student, {"city": Copy("date_of_birth")}, "City: choose a field of the same kind to copy."),
        (Student, {"city": Copy("search_text")}, "City: choose a field of the same kind to copy."),
        (Course, {"credits": Add("0.005")}, "Credits: type a number with at most 2 decimal places."),
        (Section, {"capacity": Add("1.00000000000000000000000000000000001")}, "Capacity: type a whole number."),
        (Section, {"capacity": Add("1e99999")}, "Capacity: that is too large a number."),
        (Section, {"capacity": Add("NaN")}, "Capacity: type a number."),
        (Section, {"capacity": Add("0.5")}, "Capacity: type a whole number."),
        (
            Course,
            {"list_price": Percent("-1")},
            "List price: type a percentage from 0 to 10,000, such as 110 for a tenth more.",
        ),
        (Course, {"list_price": Add(1), "currency": "JPY"}, "List price: change the currency in an edit of its own."),
    ],
)
def test_what_does_not_suit_a_field_is_said_at_the_field(session, model, wanted, message):
    with pytest.raises(Invalid) as refused:
        plan_edit(every(model), wanted, SYSTEM)
    assert refused.value.errors == {next(iter(wanted)): message}


def test_nobody_copies_what_they_may_not_see(session):
    support = factories.staff("support")
    selection = Selection.parse(Student, support, ids=(factories.student(hold_reason="Owes much").id,))
    with pytest.raises(Invalid) as refused:
        plan_edit(selection, {"bio": Copy("hold_reason")}, support, door="form")
    assert refused.value.errors == {"bio": "Bio: choose a field of the same kind to copy."}


def test_one_ticked_row_is_computed_like_many(session):
    student = factories.student(full_name="Ana", city="Leeds")
    apply(plan_edit(Selection.parse(Student, SYSTEM, ids=(student.id,)), {"city": Append("!")}, SYSTEM), SYSTEM)
    assert (student.city, student.search_text) == ("Leeds!", f"{student.student_number.lower()} ana leeds!")


def half_up(value, places):
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@pytest.mark.parametrize("seed", range(6))
def test_the_database_computes_what_python_would_and_an_undo_leaves_no_trace(session, seed):
    chance = random.Random(seed)
    amount = Decimal(chance.randint(0, 10**6)).scaleb(-chance.randint(0, 4))
    percent = Decimal(chance.randint(0, 3 * 10**6)).scaleb(-4)
    days = chance.randint(-36_525, 36_525)
    prices = [chance.choice((chance.randint(0, 999), chance.randint(0, 10**12))) for _ in range(12)]
    currencies = [chance.choice(("EUR", "JPY", "KWD", "CLF")) for _ in prices]
    courses = [
        factories.course(list_price_minor=minor, currency=currency, credits=Decimal(chance.randint(0, 99_999)) / 100)
        for minor, currency in zip(prices, currencies, strict=True)
    ]
    students = [
        factories.student(date_of_birth=date(1900, 1, 1) + timedelta(days=chance.randint(0, 45_000))) for _ in courses
    ]
    credits, births = [row.credits for row in courses], [row.date_of_birth for row in students]
    before = stored_rows()

    operations = [
        edited(Course, list_price=Add(amount)),
        edited(Course, list_price=Percent(percent), credits=Percent(percent % 300)),
        edited(Student, date_of_birth=Shift(days)),
    ]

    added = [minor + to_minor(amount, code) for minor, code in zip(prices, currencies, strict=True)]
    assert [row.list_price_minor for row in courses] == [int(half_up(minor * percent / 100, 0)) for minor in added]
    assert [row.credits for row in courses] == [half_up(value * (percent % 300) / 100, 2) for value in credits]
    assert [row.date_of_birth for row in students] == [birth + timedelta(days=days) for birth in births]
    assert list(verifying.problems(session())) == []
    for operation in reversed(operations):
        apply(plan_undo(operation, SYSTEM), SYSTEM)
    assert stored_rows() == before
