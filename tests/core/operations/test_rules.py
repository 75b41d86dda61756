"""Rules at every door, and what follows from changed rows in the same operation."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backoffice.core.access import SYSTEM
from backoffice.core.operations import (
    Blocked,
    Change,
    Effect,
    Invalid,
    Operation,
    Replace,
    Rule,
    apply,
    create,
    plan_delete,
    plan_edit,
    plan_undo,
    recording,
    refusals,
    rulebook,
    transitions,
    without_refused,
)
from backoffice.core.selection import Selection
from backoffice.students.models import Contact, Student, StudentContact
from tests import factories
from tests.core.operations.tables import stored_rows


@pytest.fixture
def rules(monkeypatch):
    """Adds rules of contacts for one test."""

    def add(*added):
        monkeypatch.setitem(rulebook._rules, Contact, added)

    return add


@pytest.fixture
def effects(monkeypatch):
    """Adds effects of contacts for one test."""

    def add(*added):
        monkeypatch.setitem(rulebook._effects, Contact, added)

    return add


KINDS = transitions("kind", {"person": ("organization",), "organization": ()}, initial=("person",), message="Never.")


def contacts():
    return Selection.parse(Contact, SYSTEM)


def test_a_state_machine_is_asked_by_create_edit_and_import_alike(session, rules):
    rules(KINDS)
    factories.contact(kind="organization")
    factories.contact(kind="person")

    plan = plan_edit(contacts(), {"kind": "person"}, SYSTEM)
    assert (plan.will_change, plan.already_so, [(r.field, r.message, r.count) for r in plan.refusals]) == (
        0,
        1,
        [("kind", "Never.", 1)],
    )
    with pytest.raises(Invalid) as refused:
        create(Contact, {"full_name": "X", "kind": "organization"}, SYSTEM, "form")
    assert refused.value.errors == {"kind": "Never."}
    rows = [{"full_name": "A", "kind": "person"}, {"full_name": "B", "kind": "organization"}, {"full_name": " "}]
    assert {place: rule.message for place, rule in refusals(Contact, rows).items()} == {
        1: "Never.",
        2: refusals(Contact, [{"full_name": " "}])[0].message,
    }


def test_an_undo_does_not_ask_the_state_machine(session, rules):
    rules(KINDS)
    contact = factories.contact(kind="person")
    operation = apply(plan_edit(contacts(), {"kind": "organization"}, SYSTEM), SYSTEM)
    apply(plan_undo(operation, SYSTEM), SYSTEM)
    assert contact.kind == "person"


def test_a_rule_may_forbid_deletion(session, rules):
    rules(Rule("kept", "Firms are kept.", (), lambda before, after: before.kind == "organization", ("delete",)))
    factories.contact(kind="organization")
    plan = plan_delete(contacts(), SYSTEM)
    assert [(r.message, r.count) for r in plan.refusals] == [("Firms are kept.", 1)]


def test_an_effect_writes_in_the_same_operation_and_goes_back_with_it(session, effects):
    def note(operation, ids):
        operation.update(Contact, Contact.id.in_(ids), {"region": "moved"})

    factories.contact(city="Leeds")
    effects(Effect("note", ("city",), note))
    before = stored_rows()

    operation = apply(plan_edit(contacts(), {"city": "York"}, SYSTEM), SYSTEM)
    change = session.scalars(select(Change).where(Change.operation_id == operation.id)).one()
    assert (change.before["region"], change.after["region"], change.after["city"]) == (None, "moved", "York")

    apply(plan_undo(operation, SYSTEM), SYSTEM)
    assert stored_rows() == before


def test_an_effect_runs_once_and_only_for_its_columns(session, effects):
    runs = []
    effects(Effect("count", ("city",), lambda operation, ids: runs.append(operation.session.scalars(ids).all())))
    contact = factories.contact(city="Leeds")
    runs.clear()
    apply(plan_edit(contacts(), {"phone": "1"}, SYSTEM), SYSTEM)
    assert runs == []
    apply(plan_edit(contacts(), {"city": "York"}, SYSTEM), SYSTEM)
    assert runs == [[contact.id]]


def test_an_effect_that_refuses_undoes_everything(session, effects):
    def refuse(operation, ids):
        raise Invalid({"city": "Not there."})

    factories.contact(city="Leeds")
    before = stored_rows()
    effects(Effect("refuse", ("city",), refuse))
    with pytest.raises(Invalid):
        apply(plan_edit(contacts(), {"city": "York"}, SYSTEM), SYSTEM)
    assert stored_rows() == before


def test_set_based_writes_skip_what_is_so_already_and_say_how_many_differed(session):
    ids = [factories.student(city=city).id for city in ("Leeds", "York", None)]
    with recording(SYSTEM, "system", "update") as operation:
        assert operation.update(Student, Student.id.in_(ids), {"city": "York"}) == 2
        assert operation.update(Student, Student.id.in_(ids), {"city": "York"}) == 0
        assert operation.update_rows(Student, [{"id": ids[0], "city": "Bath"}, {"id": ids[1], "phone": "1"}]) == 2
    assert [row.city for row in session.scalars(select(Student).order_by(Student.id))] == ["Bath", "York", "York"]
    changes = session.scalars(select(Change).where(Change.operation_id == operation.id).order_by(Change.entity_id))
    assert [(c.before.get("city"), c.after.get("city")) for c in changes] == [
        ("Leeds", "Bath"),
        ("York", "York"),
        (None, "York"),
    ]


def test_a_row_that_came_and_went_in_one_operation_leaves_no_trace(session):
    with recording(SYSTEM, "system", "update") as operation:
        (made,) = operation.insert(Student, [{"student_number": "S1", "full_name": "Ana"}])
        operation.update(Student, Student.id == made, {"city": "York"})
        operation.delete(Student, Student.id == made)
    assert session.get(Operation, operation.id) is None
    assert session.scalars(select(Change)).all() == []


def test_a_row_changed_and_then_deleted_in_one_operation_keeps_its_first_state(session):
    student = factories.student(city="Leeds")
    before = stored_rows()
    with recording(SYSTEM, "system", "delete") as operation:
        operation.update(Student, Student.id == student.id, {"city": "York"})
        operation.delete(Student, Student.id == student.id)
    apply(plan_undo(session.get(Operation, operation.id), SYSTEM), SYSTEM)
    assert stored_rows() == before


def test_a_held_row_is_not_deleted_by_a_service_either(session):
    link = factories.student_contact()
    with pytest.raises(Blocked) as blocked, recording(SYSTEM, "system", "delete") as operation:
        operation.delete(Contact, Contact.id == link.contact_id)
    assert str(blocked.value) == "Nothing was deleted: 1 student contact would be left behind."
    assert session.scalars(select(StudentContact)).all() == [link]


SHARED = "Another student has this e-mail address. Give an address that a family shares to a contact."


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"sourced_id": "x1"}, "Another student already has this sourced ID."),
        ({"student_number": Replace("-", "")}, "Another student has this number."),
        ({"email": "one@example.org"}, SHARED),
    ],
)
def test_rows_that_would_share_what_is_unique_are_all_refused_in_the_review(session, values, message):
    first, second = (factories.student(student_number=number, full_name="X") for number in ("A-1", "A--1"))

    plan = plan_edit(Selection.parse(Student, SYSTEM), values, SYSTEM)

    assert [(r.message, r.ids) for r in plan.refusals] == [(message, (first.id, second.id))]
    assert without_refused(plan, plan.refusals[0].rule, SYSTEM).refused == 0


def test_an_address_that_a_row_outside_of_the_plan_has_is_refused_for_all(session):
    factories.student(full_name="Owner", email="One@example.org")
    others = [factories.student(full_name=f"Other {number}") for number in range(2)]
    meant = Selection.parse(Student, SYSTEM, search="other")

    plan = plan_edit(meant, {"email": "one@EXAMPLE.org"}, SYSTEM)

    assert [(r.message, r.ids) for r in plan.refusals] == [(SHARED, tuple(student.id for student in others))]
