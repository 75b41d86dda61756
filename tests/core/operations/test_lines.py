"""A row and its lines are one operation: applied whole or not at all, in the order given, and taken back as one."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from backoffice.billing.models import Invoice, InvoiceLine
from backoffice.core.access import SYSTEM
from backoffice.core.operations import (
    Conflict,
    InvalidLines,
    Line,
    Lines,
    Operation,
    apply,
    create_with_lines,
    edit_at_once,
    edit_with_lines,
    plan_undo,
    verifying,
)
from backoffice.core.operations.numbering import numbered
from backoffice.core.selection import Selection
from backoffice.courses.models import Lesson
from backoffice.extensions import db
from tests import factories as make
from tests.core.operations.tables import stored_rows

Told = tuple[int, str, int]  # number, description, amount


def draft(*amounts: int) -> tuple[int, list[InvoiceLine]]:
    row = make.invoice(*amounts, state="draft")
    return row.id, lines_of(row.id)


def lines_of(row_id: int) -> list[InvoiceLine]:
    query = select(InvoiceLine).where(InvoiceLine.invoice_id == row_id).order_by(InvoiceLine.line_no)
    return list(db.session.scalars(query))


def told(row_id: int) -> list[Told]:
    return [(line.line_no, line.description, line.amount_minor) for line in lines_of(row_id)]


def kept(line: Any, **values: Any) -> Line:
    return Line(values, line.id, line.version)


def new(description: str, unit: str, **values: Any) -> Line:
    return Line({"description": description, "unit": unit, **values})


def save(row_id: int, *lines: Line, removed: Any = (), **wanted: Any) -> Operation | None:
    going = [Line({}, line.id, line.version) for line in removed]
    meant = Lines(InvoiceLine, "invoice", lines, going, {"currency": "EUR"})
    return edit_with_lines(Selection.parse(Invoice, SYSTEM, ids=(row_id,)), wanted, [meant], SYSTEM, door="form")


def undo(operation: Operation) -> Operation:
    return apply(plan_undo(operation, SYSTEM), SYSTEM)


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        ([1, 2, 3], [1, 2, 3]),
        ([1, 4, None, None], [1, 4, 5, 6]),
        ([2, 1, 3], [1, 2, 3]),
        ([1, None, 2], [1, 2, 3]),
        ([], []),
        ([None], [1]),
    ],
)
def test_numbers_stay_where_they_rise_and_new_ones_come_last(numbers, found) -> None:
    assert numbered(numbers) == found


def test_all_that_becomes_of_lines_is_one_operation_and_is_taken_back_and_done_again_as_one(session) -> None:
    row_id, (first, second, third) = draft(100, 200, 300)
    before = stored_rows()

    operation = save(
        row_id, kept(third, quantity=2), new("Book", "4.00"), kept(first), removed=[second], due_date="2031-01-31"
    )
    after, changed = stored_rows(), told(row_id)
    taken_back = undo(operation)
    as_before = stored_rows()
    undo(taken_back)

    assert [(number, amount) for number, _, amount in changed] == [(1, 600), (2, 400), (3, 100)]
    assert session.get(Invoice, row_id).total_minor == 1100
    assert operation.title.endswith("; invoice lines: 1 added, 2 changed, 1 removed")
    assert operation.counts == {
        "invoice": {"update": 1},
        "invoice_line": {"create": 1, "update": 2, "delete": 1},
    }
    assert as_before == before
    assert stored_rows() == after
    assert list(verifying.problems(session)) == []


def test_two_lines_swap_and_swap_back(session) -> None:
    row_id, (first, second) = draft(100, 200)
    before = stored_rows()

    operation = save(row_id, kept(second), kept(first))
    swapped = [amount for _, _, amount in told(row_id)]
    undo(operation)

    assert swapped == [200, 100]
    assert operation.counts == {"invoice_line": {"update": 2}}
    assert stored_rows() == before


def test_a_line_takes_the_number_of_a_removed_one_and_both_come_back(session) -> None:
    course = make.course()
    one, two = (make.lesson(course=course, position=number) for number in (1, 2))
    before = stored_rows()
    meant = Lines(
        Lesson, "course", [Line({"title": "New"}), Line({}, two.id, two.version)], [Line({}, one.id, one.version)]
    )

    operation = edit_with_lines(
        Selection.parse(type(course), SYSTEM, ids=(course.id,)), {}, [meant], SYSTEM, door="form"
    )
    titles = list(session.scalars(select(Lesson.title).order_by(Lesson.position)))
    undo(operation)

    assert titles == ["New", two.title]
    assert stored_rows() == before


def test_what_somebody_else_added_meanwhile_stays_behind_what_the_form_showed(session) -> None:
    row_id, (first, second) = draft(100, 200)
    invoice = session.get(Invoice, row_id)
    make.line(invoice=invoice, line_no=3, description="Theirs", unit_minor=300, amount_minor=300)

    save(row_id, kept(second), kept(first), new("Mine", "4.00"))

    assert [amount for _, _, amount in told(row_id)] == [200, 100, 300, 400]


def test_what_is_wrong_with_each_line_is_told_and_nothing_is_changed(session) -> None:
    row_id, (first, second) = draft(100, 200)
    before = stored_rows()
    wrong, negative = kept(first, quantity=0), new("Gift", "-5.00")

    with pytest.raises(InvalidLines) as refused:
        save(row_id, wrong, kept(second, description="Better"), negative, due_date="nonsense")

    assert [(line, list(errors)) for line, errors in refused.value.lines] == [
        (wrong, ["quantity"]),
        (negative, ["unit"]),
    ]
    assert list(refused.value.errors) == ["due_date"]
    assert stored_rows() == before


def test_lines_of_an_issued_invoice_stay_as_they_are(session) -> None:
    row_id, _ = draft(100, 200)
    edit_at_once(Selection.parse(Invoice, SYSTEM, ids=(row_id,)), {"state": "issued"}, SYSTEM, door="form")
    first, second = lines_of(row_id)
    before = stored_rows()

    for lines, removed in (
        ([kept(second), kept(first)], []),
        ([kept(first), kept(second), new("More", "1.00")], []),
        ([kept(second)], [first]),
    ):
        with pytest.raises(InvalidLines) as refused:
            save(row_id, *lines, removed=removed)
        assert {text for _, errors in refused.value.lines for text in errors.values()} == {
            "The invoice is issued: correct it by a credit, or void it."
        }

    assert stored_rows() == before


def test_a_line_of_another_row_is_not_reached(session) -> None:
    row_id, _ = draft(100)
    _, (theirs,) = draft(500)
    before = stored_rows()

    with pytest.raises(InvalidLines):
        save(row_id, kept(theirs, description="Mine now"))
    nothing = save(row_id, removed=[theirs])

    assert nothing is None
    assert stored_rows() == before


def test_a_conflict_says_which_line_it_is_about(session) -> None:
    row_id, (first, second) = draft(100, 200)
    stale = kept(second, quantity=5)
    edit_at_once(Selection.parse(InvoiceLine, SYSTEM, ids=(second.id,)), {"quantity": 3}, SYSTEM, door="cell")

    with pytest.raises(Conflict) as conflict:
        save(row_id, kept(first), stale)

    assert conflict.value.line is stale
    assert [difference.field for difference in conflict.value.differences] == ["quantity"]


def test_a_new_row_is_made_with_its_lines(session) -> None:
    student = make.student()
    meant = Lines(InvoiceLine, "invoice", [new("Tuition", "5.00"), new("Books", "1.50")], (), {"currency": "EUR"})

    made = create_with_lines(Invoice, {"student": student.id, "currency": "EUR"}, [meant], SYSTEM, "form")
    operation = session.get(Operation, made.version)

    assert told(made.id) == [(1, "Tuition", 500), (2, "Books", 150)]
    assert (made.total_minor, operation.counts) == (650, {"invoice": {"create": 1}, "invoice_line": {"create": 2}})


def test_more_lines_than_one_person_may_change_alone_are_refused_together(session) -> None:
    row_id, lines = draft(100, 200, 300)
    make.approval_policy(entity_type="invoice_line", verb="update", rows_above=2, is_active=True)
    before = stored_rows()

    save(row_id, *(kept(line, description="New") for line in lines[:2]), kept(lines[2]))
    two = stored_rows()
    with pytest.raises(InvalidLines, match="3 invoice lines; above 2 a second person approves"):
        save(row_id, *(kept(line, description="Newer") for line in lines_of(row_id)))

    assert before != two == stored_rows()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_becomes_of_lines_is_taken_back_step_by_step(session, seed: int) -> None:
    lot = Random(seed)
    row_id, _ = draft(100, 200, 300)
    states, done = [stored_rows()], []
    for step in range(8):
        lines = lot.sample(lines := lines_of(row_id), len(lines))
        gone = lot.randrange(len(lines) + 1) // 2
        meant = [kept(line, quantity=step + 1) if lot.random() < 0.3 else kept(line) for line in lines[gone:]]
        for number in range(lot.randrange(3)):
            meant.insert(lot.randrange(len(meant) + 1), new(f"Line {step}.{number}", "5.00"))
        operation = save(row_id, *meant, removed=lines[:gone])
        numbers = [number for number, _, _ in told(row_id)]
        assert len(set(numbers)) == len(numbers) == len(meant)
        if operation is not None:
            states.append(stored_rows())
            done.append(operation)

    for operation, before in reversed(list(zip(done, states[:-1], strict=True))):
        undo(operation)
        assert stored_rows() == before
    assert list(verifying.problems(session)) == []
