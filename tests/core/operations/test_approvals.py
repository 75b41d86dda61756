"""Big changes need two: what is above a policy is applied by nobody alone, whichever door they use."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from backoffice.core.access import SYSTEM, Refused
from backoffice.core.operations import (
    AlreadyApplied,
    Decided,
    Invalid,
    NeedsApproval,
    PlanMoved,
    apply,
    approvals,
    plan_delete,
    plan_edit,
    plan_undo,
    recording,
    verifying,
)
from backoffice.core.operations.approvals import Approval, ApprovalPolicy
from backoffice.core.selection import Selection
from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories
from tests.core.operations.test_seals import alter


def policy(**values):
    return factories.approval_policy(is_active=True, **values)


def to_york(person, search=""):
    """Returns the plan of `person` to move students to York."""
    return plan_edit(Selection.parse(Student, person, search=search), {"city": "York"}, person)


def cities():
    db.session.rollback()
    return list(db.session.scalars(text("SELECT city FROM student ORDER BY id")))


def first_student():
    return db.session.scalar(text("SELECT min(id) FROM student"))


def change(person, **values):
    with recording(SYSTEM, "system", "update") as operation:
        operation.update(type(person), type(person).id == person.id, values)


@pytest.fixture
def author(session):
    """A registrar, three students in Leeds, and a policy that lets nobody move more than two alone."""
    factories.staff("admin")
    for _ in range(3):
        factories.student(city="Leeds")
    policy()
    return factories.staff("registrar")


@pytest.fixture
def second(author):
    """Another registrar."""
    return factories.staff("registrar")


@pytest.fixture
def asked(author):
    """The author's request to move all three."""
    return approvals.ask(to_york(author), author, "They moved")


def applied(asked, author):
    """Applies the plan of a request, as its author."""
    return apply(approvals.plan_of(asked, author), author)


def test_without_a_policy_nothing_needs_two(session):
    person = factories.staff("registrar")
    factories.student(city="Leeds")

    assert apply(to_york(person), person).approver_name is None


def test_a_change_above_its_policy_is_refused_in_words_and_one_below_is_not(author):
    plan = to_york(author)

    with pytest.raises(NeedsApproval, match=r"^3 students; above 2 a second person approves\.$"):
        apply(plan, author)

    assert cities() == ["Leeds"] * 3
    assert approvals.required(plan) == "3 students; above 2 a second person approves."
    assert apply(to_york(author, f"id:{first_student()}"), author).row_count == 1


def test_the_command_line_needs_two_as_well(author):
    with pytest.raises(NeedsApproval):
        apply(to_york(SYSTEM), SYSTEM)


def test_one_approves_what_the_other_asked_and_both_stand_in_the_operation(author, second, asked):
    approvals.approve(asked, second, "Checked the list")

    operation = applied(asked, author)

    assert cities() == ["York"] * 3
    assert (operation.actor_id, operation.actor_name, operation.reason) == (author.id, author.full_name, "They moved")
    assert (operation.approver_id, operation.approver_name) == (second.id, second.full_name)
    assert operation.approval == "Checked the list"
    assert (asked.state, asked.operation_id) == ("done", operation.id)
    assert list(verifying.problems(db.session())) == []


@pytest.mark.parametrize("column", ["approver_id = 1", "approver_name = 'Nobody'", "approval = 'Never'"])
def test_who_approved_is_under_the_seal(author, second, asked, column):
    approvals.approve(asked, second, "Checked the list")
    number = applied(asked, author).id

    alter(f"UPDATE operation SET {column} WHERE id = :id", id=number)

    assert f"operation {number}: its entry or its seal was altered." in list(verifying.problems(db.session()))


def test_an_approver_who_is_written_into_an_old_operation_is_found(session):
    factories.student()
    number = db.session.scalar(text("SELECT max(id) FROM operation"))

    alter("UPDATE operation SET approver_name = 'Somebody' WHERE id = :id", id=number)

    assert list(verifying.problems(db.session())) == [f"operation {number}: its entry or its seal was altered."]


def test_the_author_does_not_approve(author, asked):
    with pytest.raises(Refused):
        approvals.approve(asked, author, "I am sure")
    with pytest.raises(NeedsApproval):
        applied(asked, author)

    assert not approvals.may_decide(author, asked)
    assert cities() == ["Leeds"] * 3


def test_the_database_itself_lets_nobody_approve_their_own(author, asked):
    with pytest.raises(Exception, match="two_people"), db.engine.begin() as connection:
        connection.execute(text("UPDATE approval SET state = 'approved', approver_id = author_id"))


@pytest.mark.parametrize("role", ["finance", "course_editor", "support", "read_only"])
def test_who_may_not_do_the_same_to_many_rows_does_not_approve(author, asked, role):
    with pytest.raises(Refused):
        approvals.approve(asked, factories.staff(role), "Why not")


def test_the_command_line_does_not_approve(author, asked):
    with pytest.raises(Refused):
        approvals.approve(asked, SYSTEM, "Why not")


@pytest.mark.parametrize("values", [{"role": "read_only"}, {"is_active": False}])
@pytest.mark.parametrize("whose", ["author", "second"])
def test_the_rights_of_both_count_when_it_is_applied(author, second, asked, whose, values):
    approvals.approve(asked, second, "Checked the list")
    change(author if whose == "author" else second, **values)

    with pytest.raises(Refused):
        applied(asked, author)

    assert cities() == ["Leeds"] * 3


def test_both_have_to_say_why(author, second, asked):
    with pytest.raises(Invalid, match="Say why"):
        approvals.ask(to_york(author), author, " ")
    with pytest.raises(Invalid, match="Say why"):
        approvals.approve(asked, second, "")

    assert asked.state == "waiting"


def test_what_is_declined_or_withdrawn_is_not_applied(author, second, asked):
    other = approvals.ask(to_york(author), author, "Again")
    approvals.decline(asked, second, "Two of them did not move")
    approvals.withdraw(other, author)

    for request in (asked, other):
        with pytest.raises(NeedsApproval):
            applied(request, author)
        with pytest.raises(Decided):
            approvals.approve(request, second, "After all")
    assert (asked.state, asked.answer, other.state) == ("declined", "Two of them did not move", "withdrawn")


def test_of_two_answers_the_first_counts(author, second, asked):
    approvals.approve(asked, second, "Checked the list")

    with pytest.raises(Decided):
        approvals.decline(asked, factories.staff("admin"), "No")


def test_an_approval_that_is_used_by_four_at_once_is_one_operation(app, author, second, asked):
    approvals.approve(asked, second, "Checked the list")
    asked_id, author_id = asked.id, author.id
    db.session.remove()
    found = []

    def run():
        with app.app_context():
            person = db.session.get(type(author), author_id)
            try:
                found.append(applied(db.session.get(Approval, asked_id), person).id)
            except AlreadyApplied as already:
                found.append(already.operation.id)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 4
    assert len(set(found)) == 1


def test_a_plan_whose_rows_moved_goes_back_to_its_author(author, second, asked):
    approvals.approve(asked, second, "Checked the list")
    with recording(SYSTEM, "system", "update") as operation:
        operation.update(Student, Student.city == "Leeds", {"city": "Hull"})

    with pytest.raises(PlanMoved):
        applied(asked, author)

    assert cities() == ["Hull"] * 3
    assert asked.state == "moved"
    assert asked.outcome.startswith("Nothing was applied: 3 rows changed since")
    with pytest.raises(Decided):
        approvals.approve(asked, second, "Again")


def test_a_plan_that_somebody_waits_for_is_kept_beyond_its_day(author, asked):
    db.session.execute(text("UPDATE plan SET created_at = '2026-01-01 00:00:00'"))
    db.session.commit()
    to_york(author, f"id:{first_student()}")

    assert approvals.plan_of(asked, author).will_change == 3
    approvals.withdraw(asked, author)
    to_york(author, f"id:{first_student()}")
    with pytest.raises(LookupError):
        approvals.plan_of(asked, author)


def test_an_undo_above_its_policy_needs_two(author, second):
    policy(verb="undo", rows_above=0)
    mine = apply(to_york(author, f"id:{first_student()}"), author)
    plan = plan_undo(mine, author)

    with pytest.raises(NeedsApproval, match="1 student; above 0 a second person approves"):
        apply(plan, author)
    asked = approvals.ask(plan, author, "Wrong person")
    approvals.approve(asked, second, "Yes, wrong")

    assert applied(asked, author).undoes_id == mine.id
    assert cities() == ["Leeds"] * 3


def test_rows_that_go_along_count_as_rows_of_their_own_kind(session):
    enrollment = factories.enrollment()
    factories.progress(enrollment=enrollment)
    policy(entity_type="lesson_progress", verb="delete", rows_above=0)
    person = factories.staff("registrar")
    plan = plan_delete(Selection.parse(type(enrollment), person), person)

    assert approvals.required(plan) == "1 lesson progress; above 0 a second person approves."


def test_a_change_of_the_policies_can_need_two_itself(session):
    policy(entity_type="approval_policy", rows_above=0)
    other = policy(entity_type="course")
    admin = factories.staff("admin")
    plan = plan_edit(Selection.parse(ApprovalPolicy, admin, ids=[other.id]), {"rows_above": 999}, admin)

    with pytest.raises(NeedsApproval):
        apply(plan, admin)
