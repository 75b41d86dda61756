"""Several people on the same rows: what others did to other fields is none of a reviewed edit's business."""

from __future__ import annotations

from datetime import date

import pytest

from backoffice.core.access import SYSTEM
from backoffice.core.operations import Append, Copy, PlanMoved, Shift, apply, plan_delete, plan_edit, plan_undo
from backoffice.core.selection import Selection
from backoffice.courses.models import Section
from backoffice.students.models import Student
from tests import factories
from tests.core.operations.tables import stored_rows


def edit(selection, **wanted):
    return apply(plan_edit(selection, wanted, SYSTEM), SYSTEM)


def every(model=Student):
    return Selection.parse(model, SYSTEM)


def one(row):
    return Selection.parse(type(row), SYSTEM, ids=(row.id,))


def test_different_fields_of_the_same_rows_do_not_collide(session):
    rows = [factories.student(city="Leeds", phone="1") for _ in range(3)]
    mine = plan_edit(every(), {"city": "York"}, SYSTEM)
    edit(every(), phone="2")

    operation = apply(mine, SYSTEM)

    assert [(row.city, row.phone, row.version) for row in rows] == [("York", "2", operation.id)] * 3


def test_either_of_two_disjoint_edits_is_taken_back_without_the_other(session):
    row = factories.student(city="Leeds", phone="1")
    mine = plan_edit(every(), {"city": "York"}, SYSTEM)
    edit(every(), phone="2")
    before = stored_rows()
    apply(plan_undo(apply(mine, SYSTEM), SYSTEM), SYSTEM)
    assert stored_rows() == before
    assert (row.city, row.phone) == ("Leeds", "2")


@pytest.mark.parametrize("wanted", [{"city": "Bath"}, {"city": None}])
def test_the_same_field_of_one_row_stops_everything(session, wanted):
    rows = [factories.student(full_name=name, city="Leeds") for name in ("Ana", "Ben", "Cem")]
    mine = plan_edit(every(), {"city": "York"}, SYSTEM)
    edit(one(rows[0]), phone="2")
    edit(one(rows[1]), **wanted)
    with pytest.raises(PlanMoved) as moved:
        apply(mine, SYSTEM)
    assert (moved.value.told, [row.ref.label for row in moved.value.rows]) == (["1 row changed since"], ["Ben"])
    assert rows[0].city == "Leeds"


def test_what_an_expression_reads_counts_as_well_as_what_it_writes(session):
    row = factories.student(city="Leeds", phone="1", bio=None)
    mine = plan_edit(every(), {"bio": Copy("city")}, SYSTEM)
    edit(one(row), phone="2")
    again = plan_edit(every(), {"bio": Copy("city")}, SYSTEM)
    edit(one(row), city="York")
    for plan in (mine, again):
        with pytest.raises(PlanMoved):
            apply(plan, SYSTEM)
    assert row.bio is None


def test_what_a_rule_reads_counts_too(session):
    section = factories.section()
    mine = plan_edit(every(Section), {"start_date": Shift(1)}, SYSTEM)
    edit(one(section), end_date=date(2099, 1, 1))
    with pytest.raises(PlanMoved):
        apply(mine, SYSTEM)
    edit(one(section), name="Other")
    free = plan_edit(every(Section), {"start_date": Shift(1)}, SYSTEM)
    edit(one(section), name="Another")
    assert apply(free, SYSTEM).row_count == 1


def test_a_row_that_the_others_take_out_of_the_selection_is_missed(session):
    row = factories.student(city="Leeds", phone="1")
    mine = plan_edit(Selection.parse(Student, SYSTEM, search="phone:1"), {"city": "York"}, SYSTEM)
    edit(one(row), phone="2")
    with pytest.raises(PlanMoved) as moved:
        apply(mine, SYSTEM)
    assert (moved.value.changed, moved.value.left) == (0, 1)


def test_a_deletion_stops_at_any_change(session):
    row = factories.student(phone="1")
    mine = plan_delete(every(), SYSTEM)
    edit(one(row), phone="2")
    with pytest.raises(PlanMoved):
        apply(mine, SYSTEM)


def test_appending_twice_from_two_reviews_happens_once(session):
    row = factories.student(city="Leeds")
    first, second = (plan_edit(every(), {"city": Append("!")}, SYSTEM) for _ in range(2))
    apply(first, SYSTEM)
    with pytest.raises(PlanMoved):
        apply(second, SYSTEM)
    assert row.city == "Leeds!"


def test_a_field_that_was_changed_and_taken_back_is_as_it_was_seen(session):
    row = factories.student(city="Leeds", phone="1")
    mine = plan_edit(every(), {"city": Append("!")}, SYSTEM)
    theirs = edit(one(row), city="York")
    apply(plan_undo(theirs, SYSTEM), SYSTEM)
    edit(one(row), phone="2")
    apply(mine, SYSTEM)
    assert (row.city, row.phone) == ("Leeds!", "2")
