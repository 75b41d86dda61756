"""Add to or remove from a relation: link rows are made and deleted for many rows at once, and go back as one."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backoffice.core.access import SYSTEM, Refused
from backoffice.core.operations import Invalid, Link, NothingToDo, PlanMoved, Unlink, apply, plan_edit, plan_undo
from backoffice.core.selection import Selection
from backoffice.courses.models import Course
from backoffice.extensions import db
from backoffice.students.models import Contact, Student, StudentContact
from tests import factories
from tests.core.operations.tables import stored_rows

MOTHER = {"relationship": "mother"}


def every(model=Student, person=SYSTEM) -> Selection:
    return Selection.parse(model, person)


def links() -> list[tuple[str, str, bool]]:
    rows = select(Student.city, StudentContact.relationship, StudentContact.is_payer).order_by(Student.id)
    return [tuple(row) for row in db.session.execute(rows.join_from(StudentContact, Student, StudentContact.student))]


def test_a_contact_is_added_to_those_who_have_it_not_and_taken_back_as_one(session) -> None:
    firm = factories.contact(full_name="Acme Ltd", kind="organization")
    for city in ("Leeds", "York", "Hull"):
        factories.student(city=city)
    factories.student_contact(contact=firm, student=factories.student(city="Bath"), relationship="sponsor")
    before = stored_rows()

    plan = plan_edit(every(), {"contacts": Link(firm.id, {"relationship": "employer", "is_payer": True})}, SYSTEM)
    done = apply(plan, SYSTEM)
    linked, counts = links(), done.counts
    again = plan_edit(every(), {"contacts": Link(firm.id, {"relationship": "employer"})}, SYSTEM)
    apply(plan_undo(done, SYSTEM), SYSTEM)

    assert plan.words == "Add Acme Ltd, relationship employer, pays yes to the contacts of 3 students"
    assert (plan.will_change, plan.already_so, plan.refused) == (3, 1, 0)
    assert [str(sample.changes[0].after) for sample in plan.samples] == ["Acme Ltd"] * 3
    assert linked == [(city, "employer", True) for city in ("Leeds", "York", "Hull")] + [("Bath", "sponsor", False)]
    assert (done.entity_type, counts) == ("student_contact", {"student_contact": {"create": 3}})
    assert (again.will_change, again.already_so) == (0, 4)
    with pytest.raises(NothingToDo):
        apply(again, SYSTEM)
    assert stored_rows() == before


def test_a_contact_is_removed_from_those_who_have_it_and_comes_back_as_it_was(session) -> None:
    ann = factories.contact(full_name="Ann Lee")
    factories.student_contact(contact=ann, is_emergency=True, student=factories.student(city="Leeds"))
    factories.student_contact(student=factories.student(city="York"))
    factories.student(city="Hull")
    before = stored_rows()

    plan = plan_edit(every(), {"contacts": Unlink(ann.id)}, SYSTEM)
    done = apply(plan, SYSTEM)
    linked = links()
    apply(plan_undo(done, SYSTEM), SYSTEM)

    assert plan.words == "Remove Ann Lee from the contacts of 1 student"
    assert (plan.will_change, plan.already_so) == (1, 2)
    assert [(along.count, along.action) for along in plan.dependents] == [(1, "delete")]
    assert linked == [("York", "mother", False)]
    assert stored_rows() == before


def test_the_rules_of_a_link_are_asked_and_the_rest_is_done(session) -> None:
    ann = factories.contact()
    factories.student_contact(is_primary=True, student=factories.student(city="Leeds"))
    factories.student(city="York")

    plan = plan_edit(every(), {"contacts": Link(ann.id, {**MOTHER, "is_primary": True})}, SYSTEM)
    apply(plan, SYSTEM)

    assert [(refusal.count, refusal.message) for refusal in plan.refusals] == [
        (1, "The student has a primary contact already.")
    ]
    assert [city for city, _, _ in links()] == ["Leeds", "York"]


def test_a_contact_gets_students_as_a_student_gets_contacts(session) -> None:
    child = factories.student(city="Leeds")
    factories.contact(), factories.contact()

    apply(plan_edit(every(Contact), {"students": Link(child.id, {"relationship": "relative"})}, SYSTEM), SYSTEM)

    assert links() == [("Leeds", "relative", False)] * 2


def test_what_others_change_in_the_rows_does_not_stop_it_but_a_changed_link_does(session) -> None:
    ann = factories.contact()
    link = factories.student_contact(contact=ann, student=factories.student(city="Leeds"))
    factories.student(city="York")
    add = plan_edit(every(), {"contacts": Link(ann.id, MOTHER)}, SYSTEM)
    remove = plan_edit(every(), {"contacts": Unlink(ann.id)}, SYSTEM)
    apply(plan_edit(every(), {"city": "Bath"}, SYSTEM), SYSTEM)
    apply(plan_edit(Selection.parse(StudentContact, SYSTEM, ids=[link.id]), {"is_payer": True}, SYSTEM), SYSTEM)

    with pytest.raises(PlanMoved):
        apply(remove, SYSTEM)
    apply(add, SYSTEM)

    assert links() == [("Bath", "mother", True), ("Bath", "mother", False)]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (lambda ann: {"contacts": Link(ann, {})}, "Relationship is needed."),
        (lambda ann: {"contacts": Link(10**9, MOTHER)}, "Contact: there is no such contact."),
        (lambda ann: {"contacts": Link(ann, {"relationship": "foe"})}, "Relationship"),
        (lambda ann: {"contacts": Link(ann, MOTHER), "city": "York"}, "Change the contacts in an edit of their own."),
        (lambda ann: {"enrollments": Link(ann, {})}, "Nothing can be added here or removed."),
    ],
)
def test_what_cannot_be_linked_is_said(session, wanted, message: str) -> None:
    factories.student()
    ann = factories.contact().id

    with pytest.raises(Invalid, match=message):
        plan_edit(every(), wanted(ann), SYSTEM)


def test_links_are_made_by_those_who_may_make_them(session) -> None:
    ann, support = factories.contact().id, factories.staff("support")
    factories.student()

    for meant in (Link(ann, MOTHER), Unlink(ann)):
        with pytest.raises(Refused):
            plan_edit(every(Student, support), {"contacts": meant}, support)
        with pytest.raises(Invalid):
            plan_edit(every(Course), {"contacts": meant}, SYSTEM)
