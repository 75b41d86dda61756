"""Lists with a name: reused in any search, shared with colleagues, checked against the rights of whoever uses them."""

from __future__ import annotations

import pytest

from backoffice.core import lists
from backoffice.core.access import SYSTEM
from backoffice.core.lists import ListError
from backoffice.core.operations import apply, plan_delete, plan_undo
from backoffice.core.selection import QueryError, Selection, complete, equals, parse, printed
from backoffice.enrollments.models import Enrollment
from backoffice.students.models import Student
from tests import factories
from tests.core.lists.conftest import found, students

HOSTILE = (
    "my list",
    'say "hello"',
    "back\\slash",
    "a,b",
    "1..9",
    "-minus",
    "in:basket",
    "'; DROP TABLE row_list; --",
    "100% _",
    "Ünïcödé ß",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "x" * 80,
    "status:active",
    "😀",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_it_is_called_a_list_is_found_printed_and_completed_by_its_name(registrar, name: str) -> None:
    ids = students(3)
    lists.name_rows(registrar, Student, name, ids[:2])
    term = printed((equals("in", name),))

    assert found(registrar, term) == ids[:2]
    assert found(registrar, f"-{term}") == [ids[2]]
    assert printed(parse(term)) == term
    assert name in Selection.parse(Student, registrar, search=term).words()
    again = Selection.parse(Student, registrar, search=term).params()
    assert Selection.from_args(Student, registrar, again).terms == parse(term)
    assert term in [offer.text for offer in complete(Student, registrar, "in:")]


@pytest.mark.parametrize(
    "name", ["", "  ", "basket", " Basket", "none", "ANY", "x" * 81, "a\nb", "\0", "\u0301", "\ud800"]
)
def test_what_is_no_name_is_refused_in_words(registrar, name: str) -> None:
    with pytest.raises(ListError):
        lists.name_rows(registrar, Student, name, students(1))

    assert lists.named_lists(registrar, Student) == []


def test_a_name_is_the_same_in_any_case_and_belongs_to_one_grid(registrar) -> None:
    ids = students(1)
    lists.name_rows(registrar, Student, "Spring Term", ids)
    lists.name_rows(registrar, Enrollment, "Spring Term", [])

    with pytest.raises(ListError, match="of this name already"):
        lists.name_rows(registrar, Student, "spring  term", ids)

    assert found(registrar, 'in:"SPRING term"') == ids


@pytest.mark.parametrize(
    "search", ["in:nothing", "in:none", "in:any", "in:1..9", "in~x", "in>1", "city.in:x", 'in:" "']
)
def test_an_unknown_list_is_an_error_that_names_the_part(registrar, search: str) -> None:
    with pytest.raises(QueryError) as error:
        Selection.parse(Student, registrar, search=search)

    assert error.value.part == search


def test_several_lists_and_lists_of_related_rows_may_be_asked_for(registrar) -> None:
    enrollment, other = factories.enrollment(), factories.enrollment()
    ids = [enrollment.student_id, other.student_id]
    lists.name_rows(registrar, Student, "one", ids[:1])
    lists.name_rows(registrar, Student, "two", ids[1:2])

    assert found(registrar, "in:one,two") == ids[:2]
    assert found(registrar, "student.in:one", Enrollment) == [enrollment.id]
    assert Selection.parse(Enrollment, registrar, search="student.in:one").words() == "student in one"


def test_colleagues_find_a_list_only_while_it_is_shared_and_their_own_comes_first(registrar) -> None:
    colleague, ids = factories.staff("admin"), students(3)
    lists.name_rows(registrar, Student, "call", ids[:2])
    (kept,) = lists.named_lists(registrar, Student)

    with pytest.raises(QueryError):
        found(colleague, "in:call")
    lists.share(registrar, Student, kept.id, True)
    assert found(colleague, "in:call") == ids[:2]
    lists.name_rows(colleague, Student, "Call", ids[2:])
    assert found(colleague, "in:call") == ids[2:]
    lists.share(registrar, Student, kept.id, False)
    assert [named.own for named in lists.named_lists(colleague, Student)] == [True]


def test_a_shared_list_shows_nobody_more_than_their_own_scope(registrar, editor, theirs) -> None:
    hidden = students(2)
    lists.name_rows(registrar, Student, "all three", [*hidden, theirs.id], shared=True)
    shared = lists.named_lists(editor, Student)

    assert found(editor, 'in:"all three"') == [theirs.id]
    assert found(editor, '-in:"all three"') == []
    assert found(editor, 'student.in:"all three"', Enrollment) == found(editor, "", Enrollment)
    assert list(lists.counts(editor, Student, shared).values()) == [1]


def test_nobody_shares_or_deletes_another_s_list_nor_a_basket(registrar) -> None:
    colleague, ids = factories.staff("admin"), students(1)
    lists.name_rows(registrar, Student, "mine", ids)
    (kept,) = lists.named_lists(registrar, Student)

    lists.share(colleague, Student, kept.id, True)
    lists.forget(colleague, Student, kept.id)
    lists.forget(registrar, Enrollment, kept.id)

    assert lists.named_lists(registrar, Student) == [kept]
    lists.forget(registrar, Student, kept.id)
    assert lists.named_lists(registrar, Student) == []


def test_a_shared_name_is_shared_by_one_person(registrar) -> None:
    colleague, ids = factories.staff("admin"), students(1)
    lists.name_rows(registrar, Student, "call", ids, shared=True)

    with pytest.raises(ListError):
        lists.name_rows(colleague, Student, "Call", ids, shared=True)

    assert lists.named_lists(colleague, Student) == [
        kept for kept in lists.named_lists(colleague, Student) if not kept.own
    ]


def test_the_command_line_finds_every_list_by_name_but_has_no_basket(registrar) -> None:
    colleague, ids = factories.staff("admin", full_name="Ada Admin"), students(2)
    lists.name_rows(registrar, Student, "mine", ids[:1])
    lists.name_rows(registrar, Student, "both", ids[:1])
    lists.name_rows(colleague, Student, "both", ids[1:])

    assert found(SYSTEM, "in:mine") == ids[:1]
    with pytest.raises(QueryError, match="Ada Admin and Rita Registrar"):
        found(SYSTEM, "in:both")
    with pytest.raises(QueryError, match="no basket"):
        found(SYSTEM, "in:basket")


def test_a_row_that_an_undo_brings_back_is_in_its_lists_again(registrar) -> None:
    ids = students(2)
    lists.name_rows(registrar, Student, "two", ids)

    deleted = apply(plan_delete(Selection.parse(Student, registrar, ids=ids[:1]), registrar), registrar)
    without = found(registrar, "in:two")
    apply(plan_undo(deleted, registrar), registrar)

    assert without == ids[1:]
    assert found(registrar, "in:two") == ids


def test_a_list_is_renamed_filled_from_the_basket_and_emptied_of_it(registrar) -> None:
    ids = students(4)
    lists.name_rows(registrar, Student, "call", ids[:2])
    (kept,) = lists.named_lists(registrar, Student)
    lists.put(registrar, Student, ids[1:], "")

    added = lists.add_basket(registrar, Student, kept.id)
    lists.rename(registrar, Student, kept.id, "Called")
    full = found(registrar, "in:called")
    lists.take(registrar, Student, ids[3:])
    taken = lists.take_basket(registrar, Student, kept.id)

    assert (added, full) == (2, ids)
    assert (taken, found(registrar, "in:called")) == (2, [ids[0], ids[3]])
    with pytest.raises(QueryError):
        found(registrar, "in:call")


def test_a_name_that_is_taken_is_told_with_whose_it_is(registrar) -> None:
    colleague, ids = factories.staff("admin", full_name="Ada Admin"), students(1)
    lists.name_rows(colleague, Student, "theirs", ids, shared=True)
    lists.name_rows(registrar, Student, "one", ids)
    lists.name_rows(registrar, Student, "two", ids, shared=True)
    one, two = (kept.id for kept in lists.named_lists(registrar, Student) if kept.own)

    with pytest.raises(ListError, match="You have a list of this name already"):
        lists.rename(registrar, Student, one, "TWO")
    with pytest.raises(ListError, match="Ada Admin shares a list of this name"):
        lists.rename(registrar, Student, two, "Theirs")
    with pytest.raises(ListError, match="means something else"):
        lists.rename(registrar, Student, one, "basket")

    assert lists.rename(registrar, Student, one, "ONE") == "ONE"


def test_nobody_changes_another_s_list(registrar) -> None:
    colleague, ids = factories.staff("admin"), students(2)
    lists.name_rows(registrar, Student, "mine", ids[:1], shared=True)
    (kept,) = lists.named_lists(registrar, Student)
    lists.put(colleague, Student, ids, "")

    for deed in (lists.add_basket, lists.take_basket):
        with pytest.raises(ListError, match="not yours"):
            deed(colleague, Student, kept.id)
    with pytest.raises(ListError, match="not yours"):
        lists.rename(colleague, Student, kept.id, "ours")

    assert found(colleague, "in:mine") == ids[:1]
