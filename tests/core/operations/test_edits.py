"""Bulk edits: reviewed, sealed, applied whole, recorded."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from backoffice.core.access import SYSTEM, Refused
from backoffice.core.operations import (
    AlreadyApplied,
    Change,
    Invalid,
    NothingToDo,
    Operation,
    OperationError,
    PlanMoved,
    apply,
    find_plan,
    holders,
    plan_delete,
    plan_edit,
    recording,
    rest_of,
    without_refused,
)
from backoffice.core.selection import Selection
from backoffice.courses.models import Course
from backoffice.enrollments.models import Enrollment
from backoffice.students.models import Student
from tests import factories
from tests.core.operations.tables import stored_rows


def students(search="", **options):
    return Selection.parse(Student, SYSTEM, search=search, **options)


def test_a_review_counts_and_shows_what_would_change(session):
    factories.student(full_name="Ana", city="Leeds", phone="1")
    factories.student(full_name="Ben", city="York")
    factories.student(full_name="Cem", city=None)

    plan = plan_edit(students(), {"city": "York", "phone": None}, SYSTEM)

    assert (plan.will_change, plan.already_so, plan.refused) == (2, 1, 0)
    assert plan.words == "Set city to York, clear phone for 2 students"
    assert [(sample.ref.label, [(c.label, c.before, c.after) for c in sample.changes]) for sample in plan.samples] == [
        ("Ana", [("Phone", "1", None), ("City", "Leeds", "York")]),
        ("Cem", [("City", None, "York")]),
    ]
    assert find_plan(plan.token, SYSTEM).will_change == 2


def test_applying_writes_every_row_with_its_change_and_derived_columns(session):
    ana = factories.student(student_number="A1", full_name="Ana", city="Leeds")
    ben = factories.student(student_number="B2", full_name="Ben", city="York")
    factories.student(student_number="C3", full_name="Cem", city="Bath")
    before = ana.version

    operation = apply(plan_edit(students("-bath"), {"city": "Ürümqi"}, SYSTEM, reason="moved"), SYSTEM)

    assert [(s.city, s.search_text, s.version) for s in (ana, ben)] == [
        ("Ürümqi", "a1 ana urumqi", operation.id),
        ("Ürümqi", "b2 ben urumqi", operation.id),
    ]
    assert (operation.title, operation.reason, operation.row_count) == (
        "Set city to Ürümqi for 2 students: without “bath”",
        "moved",
        2,
    )
    change = session.scalars(
        select(Change).where(Change.operation_id == operation.id, Change.entity_id == ana.id)
    ).one()
    assert (change.action, change.version_before, change.version_after) == ("update", before, operation.id)
    assert (change.before["city"], change.before["search_text"]) == ("Leeds", "a1 ana leeds")
    assert (change.after["city"], change.after["search_text"]) == ("Ürümqi", "a1 ana urumqi")


def test_a_row_that_changed_since_the_review_stops_everything_and_is_named(session):
    factories.student(full_name="Ana", city="Leeds")
    ben = factories.student(full_name="Ben", city="Leeds")
    plan = plan_edit(students(), {"city": "York"}, SYSTEM)
    with recording(SYSTEM, "form", "update"):
        ben.city = "Hull"
    before = stored_rows()

    with pytest.raises(PlanMoved) as moved:
        apply(plan, SYSTEM)

    assert (moved.value.changed, moved.value.entered, moved.value.left) == (1, 0, 0)
    assert [(row.how, row.ref.label) for row in moved.value.rows] == [("changed", "Ben")]
    assert str(moved.value) == "Nothing was applied: 1 row changed since (Ben)."
    assert stored_rows() == before


def test_rows_that_enter_or_leave_the_selection_stop_everything(session):
    ana = factories.student(full_name="Ana", city="Leeds")
    factories.student(full_name="Ben", city="Leeds")
    plan = plan_edit(students("city:leeds"), {"phone": "1"}, SYSTEM)
    with recording(SYSTEM, "form", "update"):
        ana.city = "York"
    factories.student(full_name="Cem", city="Leeds")

    with pytest.raises(PlanMoved) as moved:
        apply(plan, SYSTEM)

    assert (moved.value.changed, moved.value.entered, moved.value.left) == (0, 1, 1)


def test_changes_elsewhere_do_not_move_a_plan(session):
    factories.student(full_name="Ana", city="Leeds")
    plan = plan_edit(students("city:leeds"), {"phone": "1"}, SYSTEM)
    factories.student(full_name="Ben", city="York")

    assert apply(plan, SYSTEM).row_count == 1


def test_a_plan_happens_once(session):
    factories.student()
    plan = plan_edit(students(), {"city": "York"}, SYSTEM)
    operation = apply(plan, SYSTEM)

    with pytest.raises(AlreadyApplied) as refused:
        apply(find_plan(plan.token, SYSTEM), SYSTEM)

    assert refused.value.operation.id == operation.id
    assert len(session.scalars(select(Operation).where(Operation.verb == "update")).all()) == 1


def test_a_constraint_is_found_in_the_review_with_its_rows(session):
    factories.enrollment(status="withdrawn")
    active = factories.enrollment(status="active")
    selection = Selection.parse(Enrollment, SYSTEM)

    plan = plan_edit(selection, {"end_reason": "health"}, SYSTEM)

    assert (plan.will_change, plan.refused) == (1, 1)
    assert [(r.count, r.ids) for r in plan.refusals] == [(1, (active.id,))]
    assert apply(plan, SYSTEM).row_count == 1
    session.expire_all()
    assert active.end_reason is None


def test_a_taken_unique_value_is_found_in_the_review(session):
    factories.student(sourced_id="x1")
    other = factories.student(sourced_id="x2")

    plan = plan_edit(students(ids=(other.id,)), {"sourced_id": "x1"}, SYSTEM, door="form")

    assert [(r.field, r.message) for r in plan.refusals] == [
        ("sourced_id", "Another student already has this sourced ID.")
    ]


def test_one_unique_value_for_many_rows_changes_none_of_them(session):
    factories.student()
    factories.student()
    before = stored_rows()
    plan = plan_edit(students(), {"sourced_id": "x1"}, SYSTEM)
    with pytest.raises(NothingToDo):
        apply(plan, SYSTEM)
    assert [(r.field, r.message, r.count) for r in plan.refusals] == [
        ("sourced_id", "Another student already has this sourced ID.", 2)
    ]
    assert stored_rows() == before


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("full_name", "", "Full name is needed."),
        ("full_name", "x" * 201, "Full name is too long: at most 200 characters, not 201."),
        ("city", "a\0b", "City holds characters that cannot be stored."),
        ("city", "\ud800", "City holds characters that cannot be stored."),
        ("status", "sleeping", "Status: choose one of applicant, active, on_leave, withdrawn, graduated."),
        ("financial_hold", "perhaps", "Financial hold: write yes or no."),
        ("date_of_birth", "2001-02-30", "Date of birth: the calendar has no such day."),
        ("merged_into", 999, "Merged into: there is no such student."),
        ("merged_into", "x", "Merged into: choose one of the list."),
        ("age", 3, "This cannot be changed."),
        ("nonsense", 3, "This cannot be changed."),
    ],
)
def test_a_value_that_cannot_be_is_told_at_its_field(session, field, value, message):
    factories.student()
    with pytest.raises(Invalid) as refused:
        plan_edit(students(), {field: value}, SYSTEM)
    assert refused.value.errors == {field: message}


def test_money_is_given_in_major_units_and_kept_in_each_rows_currency(session):
    rows = [
        factories.course(code=code, list_price_minor=1, currency=currency)
        for code, currency in (("A", "EUR"), ("B", "JPY"), ("C", "KWD"))
    ]
    plan = plan_edit(Selection.parse(Course, SYSTEM), {"list_price": "12.345"}, SYSTEM)
    assert [sample.changes[0].after for sample in plan.samples] == [Decimal("12.35"), Decimal(12), Decimal("12.345")]
    apply(plan, SYSTEM)
    assert [row.list_price_minor for row in rows] == [1235, 12, 12345]


def test_dates_and_yes_or_no_come_as_people_type_them(session):
    student = factories.student()
    plan = plan_edit(
        students(), {"date_of_birth": "2001-02-03", "financial_hold": "yes", "hold_reason": "unpaid"}, SYSTEM
    )
    apply(plan, SYSTEM)
    assert (student.date_of_birth, student.financial_hold) == (date(2001, 2, 3), True)


def test_a_person_changes_only_the_fields_that_are_theirs(session):
    student = factories.student()
    support = factories.staff("support")
    own = Selection.parse(Student, support, ids=(student.id,))
    with pytest.raises(Refused):
        plan_edit(own, {"full_name": "X"}, support, door="form")
    with pytest.raises(Refused):
        plan_edit(own, {"city": "York"}, support, door="bulk")
    assert apply(plan_edit(own, {"city": "York"}, support, door="form"), support).actor_name == support.full_name


def test_only_its_author_applies_a_plan(session):
    factories.student()
    one, other = factories.staff("registrar"), factories.staff("registrar")
    plan = plan_edit(Selection.parse(Student, one), {"city": "York"}, one)
    with pytest.raises(LookupError):
        find_plan(plan.token, other)
    with pytest.raises(Refused):
        apply(plan, other)


def test_a_plan_without_changes_cannot_be_applied(session):
    factories.student(city="York")
    with pytest.raises(OperationError):
        apply(plan_edit(students(), {"city": "York"}, SYSTEM), SYSTEM)


def test_the_rest_is_what_is_still_as_the_review_showed_it(session):
    ana, ben, cem = (factories.student(full_name=name, city="Leeds") for name in ("Ana", "Ben", "Cem"))
    plan = plan_edit(students("city:leeds"), {"city": "York"}, SYSTEM, reason="moved")
    with recording(SYSTEM, "form", "update"):
        ben.city = "LEEDS"
    dee = factories.student(full_name="Dee", city="Leeds")

    with pytest.raises(PlanMoved) as moved:
        apply(plan, SYSTEM)
    operation = apply(rest_of(plan, SYSTEM), SYSTEM)

    assert moved.value.told == ["1 row changed since", "1 newly matches"]
    assert moved.value.rest == operation.row_count == 2
    assert operation.reason == "moved"
    assert [row.city for row in (ana, ben, cem, dee)] == ["York", "LEEDS", "York", "Leeds"]


def test_there_is_no_rest_where_what_goes_along_with_a_deletion_has_moved(session):
    progress = factories.progress(enrollment=factories.enrollment())
    plan = plan_delete(Selection.parse(Enrollment, SYSTEM), SYSTEM)
    with recording(SYSTEM, "form", "update"):
        progress.score = 7

    with pytest.raises(PlanMoved) as moved:
        apply(plan, SYSTEM)

    assert (moved.value.changed, moved.value.rest) == (1, 0)
    with pytest.raises(PlanMoved):
        rest_of(plan, SYSTEM)


def test_what_a_rule_refuses_is_left_out_of_the_selection(session):
    held = factories.student(full_name="Ana", financial_hold=True, hold_reason="owes")
    factories.student(full_name="Ben", hold_reason="once")
    plan = plan_edit(students(), {"hold_reason": None}, SYSTEM)

    smaller = without_refused(plan, plan.refusals[0].rule, SYSTEM)

    assert (plan.will_change, plan.refused) == (1, 1)
    assert (smaller.will_change, smaller.refused, smaller.selection) == (1, 0, {"without": str(held.id)})


def test_what_blocks_a_deletion_is_counted_up_to_a_thousand():
    assert holders.sentence(Counter({"enrollment": 1000})) == "1,000 enrollments would be left behind."
    assert holders.sentence(Counter({"enrollment": 1001})) == "1,000+ enrollments would be left behind."
