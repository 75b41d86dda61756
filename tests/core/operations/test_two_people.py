"""Two people on one row: disjoint fields merge, the same field shows both versions, nothing is lost."""

from __future__ import annotations

from datetime import date

import pytest

from backoffice.core.access import SYSTEM
from backoffice.core.operations import Conflict, Gone, apply, history, plan_delete, plan_edit
from backoffice.core.selection import Selection
from backoffice.students.models import Student
from tests import factories


def one(student_id, person=SYSTEM):
    return Selection.parse(Student, person, ids=(student_id,))


def save(student_id, values, seen, person=SYSTEM):
    plan = plan_edit(one(student_id, person), values, person, door="form", seen_version=seen)
    return apply(plan, person) if plan.will_change else None


def test_different_fields_of_one_row_merge(session):
    student = factories.student(city="Leeds", phone="1")
    seen = student.version
    save(student.id, {"city": "York", "phone": "1"}, seen)
    save(student.id, {"city": "Leeds", "phone": "2"}, seen)
    assert (student.city, student.phone) == ("York", "2")


def test_the_same_field_shows_both_versions_and_changes_nothing(session):
    ana = factories.staff("registrar", full_name="Ana Admin")
    student = factories.student(city="Leeds", phone="1")
    seen = student.version
    first = save(student.id, {"city": "York", "phone": "1"}, seen, ana)

    with pytest.raises(Conflict) as conflict:
        save(student.id, {"city": "Bath", "phone": "2"}, seen)

    assert (conflict.value.who, conflict.value.when, conflict.value.version) == ("Ana Admin", first.at, first.id)
    assert [(d.field, d.base, d.theirs, d.mine) for d in conflict.value.differences] == [
        ("city", "Leeds", "York", "Bath")
    ]
    assert (student.city, student.phone) == ("York", "1")

    save(student.id, {"city": "Bath", "phone": "2"}, conflict.value.version)
    assert (student.city, student.phone) == ("Bath", "2")


def test_the_same_new_value_twice_is_no_conflict(session):
    student = factories.student(city="Leeds")
    seen = student.version
    save(student.id, {"city": "York"}, seen)
    assert save(student.id, {"city": "York"}, seen) is None


def test_an_unchanged_form_does_not_take_back_what_others_did(session):
    student = factories.student(city="Leeds")
    seen = student.version
    save(student.id, {"city": "York"}, seen)
    assert save(student.id, {"city": "Leeds"}, seen) is None
    assert student.city == "York"


def test_a_related_row_in_a_conflict_goes_by_its_name(session):
    one_, other = factories.student(full_name="Ana"), factories.student(full_name="Ben")
    student = factories.student()
    seen = student.version
    save(student.id, {"merged_into": one_.id}, seen)
    with pytest.raises(Conflict) as conflict:
        save(student.id, {"merged_into": other.id}, seen)
    (difference,) = conflict.value.differences
    assert (difference.base, str(difference.theirs), str(difference.mine)) == (None, "Ana", "Ben")


def test_a_row_that_was_deleted_meanwhile_is_told_so(session):
    student = factories.student()
    student_id, seen = student.id, student.version
    apply(plan_delete(one(student_id), SYSTEM), SYSTEM)
    with pytest.raises(Gone) as gone:
        save(student_id, {"city": "York"}, seen)
    assert str(gone.value) == "This student was deleted meanwhile by Command line."


def test_a_bulk_edit_between_opening_and_saving_merges_like_a_form(session):
    student = factories.student(city="Leeds", phone="1")
    seen = student.version
    apply(plan_edit(Selection.parse(Student, SYSTEM), {"city": "York"}, SYSTEM), SYSTEM)
    save(student.id, {"city": "Leeds", "phone": "2"}, seen)
    assert (student.city, student.phone) == ("York", "2")


def test_the_history_tells_who_changed_what_field_by_field(session):
    registrar = factories.staff("registrar", full_name="Rita Registrar")
    student = factories.student(full_name="Ana", city="Leeds")
    save(student.id, {"city": "York", "date_of_birth": "2001-02-03"}, student.version, registrar)

    newest, oldest = history(SYSTEM, Student, student.id)

    assert (newest.who, newest.door, newest.action) == ("Rita Registrar", "form", "update")
    assert [(c.label, c.before, str(c.after)) for c in newest.changes] == [
        ("Date of birth", None, "2001-02-03"),
        ("City", "Leeds", "York"),
    ]
    assert oldest.action == "create"


def test_the_history_hides_the_fields_that_are_hidden(session):
    support = factories.staff("support")
    student = factories.student(city="Leeds")
    save(student.id, {"city": "York", "date_of_birth": "2001-02-03"}, student.version)
    assert [c.label for c in history(support, Student, student.id)[0].changes] == ["City"]


def test_the_words_of_an_operation_are_for_those_who_may_open_it(session):
    admin, registrar, support = (factories.staff(role) for role in ("admin", "registrar", "support"))
    student = factories.student(full_name="Ana", date_of_birth=date(2001, 2, 3))
    secretly = Selection.parse(Student, registrar, search="date_of_birth:2001-02-03")
    apply(plan_edit(secretly, {"city": "York", "bio": "Likes tea"}, registrar, reason="Born in 2001"), registrar)

    told = {person.role: history(person, Student, student.id)[0] for person in (admin, registrar, support)}

    words = "Set city to York, set bio to Likes tea for 1 student: date of birth 2001-02-03"
    assert {role: (entry.open, entry.title, entry.reason) for role, entry in told.items()} == {
        "admin": (True, words, "Born in 2001"),
        "registrar": (True, words, "Born in 2001"),
        "support": (False, "Changed", ""),
    }
