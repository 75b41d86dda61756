"""What only the database can promise: every CHECK and UNIQUE refuses a row that breaks it, whoever writes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from backoffice.core import clock
from backoffice.core.model import Record
from backoffice.core.operations import Invalid
from backoffice.extensions import db
from tests import factories as make

TODAY = clock.utcnow().date()
BEFORE = TODAY - timedelta(days=500)

Maker = Callable[..., Any]


def _line(**values: Any) -> Any:
    return make.line(**{"invoice": make.invoice(state="draft"), "line_no": 9, "unit_minor": 1, "kind": "fee"} | values)


def _section_of(section: Any, **values: Any) -> Any:
    return make.section(course=section.course, term=section.term, **values)


# Constraint -> how to break it. Choices ("..._known") are broken below, one by one.
BROKEN: dict[str, Callable[[], Any]] = {
    "ck_staff_user_username_filled": lambda: make.staff(username=" "),
    "ck_staff_user_full_name_filled": lambda: make.staff(full_name=" "),
    "ck_student_student_number_filled": lambda: make.student(student_number=" "),
    "ck_student_full_name_filled": lambda: make.student(full_name="  "),
    "ck_student_country_code_length": lambda: make.student(country_code="D"),
    "ck_student_hold_with_reason": lambda: make.student(financial_hold=True, hold_reason=" "),
    "ck_contact_full_name_filled": lambda: make.contact(full_name=""),
    "ck_contact_country_code_length": lambda: make.contact(country_code="D"),
    "ck_note_text_filled": lambda: make.note(text=" "),
    "ck_term_code_filled": lambda: make.term(code=" "),
    "ck_term_end_after_start": lambda: make.term(start_date=TODAY, end_date=TODAY),
    "ck_term_withdraw_after_add_drop": lambda: make.term(withdraw_deadline=BEFORE),
    "ck_course_code_filled": lambda: make.course(code=" "),
    "ck_course_title_filled": lambda: make.course(title=" "),
    "ck_course_credits_not_negative": lambda: make.course(credits=-1),
    "ck_course_list_price_not_negative": lambda: make.course(list_price_minor=-1, currency="EUR"),
    "ck_course_list_price_with_currency": lambda: make.course(list_price_minor=1),
    "ck_course_currency_length": lambda: make.course(list_price_minor=1, currency="EU"),
    "ck_lesson_title_filled": lambda: make.lesson(title=" "),
    "ck_lesson_position_positive": lambda: make.lesson(position=0),
    "ck_lesson_max_score_positive": lambda: make.lesson(max_score=0),
    "ck_lesson_weight_percent": lambda: make.lesson(weight=101),
    "ck_section_code_filled": lambda: make.section(code=" "),
    "ck_section_name_filled": lambda: make.section(name=" "),
    "ck_section_end_after_start": lambda: make.section(end_date=BEFORE),
    "ck_section_capacity_not_negative": lambda: make.section(capacity=-1),
    "ck_section_waitlist_capacity_not_negative": lambda: make.section(waitlist_capacity=-1),
    "ck_enrollment_attempt_no_positive": lambda: make.enrollment(attempt_no=0),
    "ck_enrollment_waitlist_position_positive": lambda: make.enrollment(status="waitlisted", waitlist_position=0),
    "ck_enrollment_end_after_start": lambda: make.enrollment(end_date=BEFORE),
    "ck_enrollment_progress_pct_percent": lambda: make.enrollment(progress_pct=101),
    "ck_enrollment_final_grade_pct_percent": lambda: make.enrollment(final_grade_pct=-1),
    "ck_enrollment_left_with_date_and_reason": lambda: make.enrollment(status="withdrawn", end_reason=None),
    "ck_enrollment_live_without_end_reason": lambda: make.enrollment(end_reason="health"),
    "ck_enrollment_waitlisted_with_position": lambda: make.enrollment(waitlist_position=1),
    "ck_enrollment_completed_with_result": lambda: make.enrollment(final_result="pass"),
    "ck_lesson_progress_score_not_negative": lambda: make.progress(score=-1),
    "ck_lesson_progress_completed_with_instant": lambda: make.progress(status="completed"),
    "ck_invoice_currency_length": lambda: make.invoice(currency="EU"),
    "ck_invoice_total_not_negative": lambda: make.invoice(total_minor=-1),
    "ck_invoice_due_after_issue": lambda: make.invoice(due_date=BEFORE),
    "ck_invoice_issued_with_number_and_dates": lambda: make.invoice(number=None),
    "ck_invoice_draft_without_number": lambda: make.invoice(state="draft", number="1"),
    "ck_invoice_settled_only_if_issued": lambda: make.invoice(state="draft", settled_minor=1),
    "ck_invoice_void_with_reason": lambda: make.invoice(state="void", void_reason=None),
    "ck_invoice_reminder_count_not_negative": lambda: make.invoice(reminder_count=-1),
    "ck_invoice_line_line_no_positive": lambda: _line(line_no=0),
    "ck_invoice_line_quantity_positive": lambda: _line(quantity=0),
    "ck_invoice_line_amount_sign": lambda: _line(kind="discount"),
    "ck_payment_currency_length": lambda: make.payment(currency="EU"),
    "ck_payment_amount_positive": lambda: make.payment(amount_minor=0),
    "ck_payment_refund_of_payment": lambda: make.payment(kind="refund"),
    "ck_payment_credit_with_note": lambda: make.payment(kind="write_off", note=" "),
    "ck_approval_policy_limit_given": lambda: make.approval_policy(rows_above=None),
    "ck_approval_policy_amount_with_currency": lambda: make.approval_policy(amount_above_minor=1),
    "ck_approval_policy_rows_above_not_negative": lambda: make.approval_policy(rows_above=-1),
    "ck_approval_policy_amount_above_not_negative": lambda: make.approval_policy(amount_above_minor=-1, currency="EUR"),
    "ck_approval_policy_currency_length": lambda: make.approval_policy(amount_above_minor=1, currency="EU"),
    "uq_approval_policy_entity_type_verb": lambda: [make.approval_policy(is_active=True) for _ in range(2)],
    "ck_saved_view_name_filled": lambda: make.saved_view(name=" "),
    "ck_saved_view_default_for_users": lambda: make.saved_view(visibility="mine", default_for="finance"),
    "uq_saved_view_owner_id_entity_type_name_key": lambda: (
        lambda owner: [make.saved_view(owner=owner, name=name) for name in ("A b", "a  B")]
    )(make.staff()),
    "uq_saved_view_entity_type_default_for": lambda: [make.saved_view(default_for="finance") for _ in range(2)],
    "uq_saved_view_opens_first": lambda: (
        lambda owner: [make.saved_view(owner=owner, opens_first=True) for _ in range(2)]
    )(make.staff()),
    "uq_staff_user_username": lambda: make.staff(username=make.staff().username),
    "uq_staff_user_email_key": lambda: make.staff(email=make.staff().email.upper()),
    "uq_student_student_number": lambda: make.student(student_number=make.student().student_number),
    "uq_student_email_key": lambda: make.student(email=make.student(email="A@example.org").email.lower()),
    "uq_student_sourced_id": lambda: [make.student(sourced_id="x") for _ in range(2)],
    "uq_student_contact_student_id_contact_id": lambda: (
        lambda link: make.student_contact(student=link.student, contact=link.contact)
    )(make.student_contact()),
    "uq_student_contact_student_id": lambda: make.student_contact(
        student=make.student_contact(is_primary=True).student, is_primary=True
    ),
    "uq_term_code": lambda: make.term(code=make.term().code),
    "uq_term_sourced_id": lambda: [make.term(sourced_id="x") for _ in range(2)],
    "uq_course_code": lambda: make.course(code=make.course().code),
    "uq_course_sourced_id": lambda: [make.course(sourced_id="x") for _ in range(2)],
    "uq_lesson_course_id_position": lambda: make.lesson(course=make.lesson().course),
    "uq_section_code": lambda: make.section(code=make.section().code),
    "uq_section_course_id_term_id_code": lambda: (lambda made: _section_of(made, code=made.code))(make.section()),
    "uq_section_sourced_id": lambda: [make.section(sourced_id="x") for _ in range(2)],
    "uq_enrollment_sourced_id": lambda: [make.enrollment(sourced_id="x") for _ in range(2)],
    "uq_enrollment_student_id_section_id": lambda: (
        lambda made: make.enrollment(student=made.student, section=made.section, status="completed")
    )(make.enrollment()),
    "uq_enrollment_section_id_waitlist_position": lambda: make.enrollment(
        section=make.enrollment(status="waitlisted").section, status="waitlisted"
    ),
    "uq_lesson_progress_enrollment_id_lesson_id": lambda: (
        lambda made: make.progress(enrollment=made.enrollment, lesson=made.lesson)
    )(make.progress()),
    "uq_invoice_number": lambda: make.invoice(number=make.invoice().number),
    "uq_invoice_line_invoice_id_line_no": lambda: _line(invoice=_line().invoice),
    "uq_payment_gateway_gateway_ref": lambda: [make.payment(gateway="g", gateway_ref="1") for _ in range(2)],
    "uq_payment_idempotency_key": lambda: [make.payment(idempotency_key="1") for _ in range(2)],
    "fk_payment_invoice_id_currency": lambda: make.payment(invoice=make.invoice(), currency="USD"),
    "fk_invoice_line_invoice_id_currency": lambda: _line(currency="USD"),
}
# What derived columns, what is filled in and the key make impossible to write.
IMPOSSIBLE = {
    "ck_saved_view_team_of_role",
    "ck_student_email_with_key",
    "ck_student_merged_into_another",
    "ck_payment_refund_of_another",
    "uq_invoice_id_currency",
}
CHOICES: list[tuple[Maker, str]] = [
    (make.staff, "role"),
    (make.student, "status"),
    (make.contact, "kind"),
    (make.student_contact, "relationship"),
    (make.term, "kind"),
    (make.term, "status"),
    (make.course, "status"),
    (make.lesson, "kind"),
    (make.lesson, "status"),
    (make.section, "delivery"),
    (make.section, "status"),
    (make.enrollment, "end_reason"),
    (make.enrollment, "final_result"),
    (make.progress, "status"),
    (_line, "kind"),
    (make.payment, "kind"),
    (make.payment, "method"),
    (make.payment, "status"),
    (make.approval_policy, "verb"),
    (make.saved_view, "icon"),
    (make.saved_view, "density"),
    (make.saved_view, "visibility"),
    (make.saved_view, "team"),
    (make.saved_view, "default_for"),
]


def _violated(error: Invalid) -> str:
    """Returns the name of the constraint that the database named, or the columns that SQLite did."""
    cause = error.__cause__
    assert isinstance(cause, IntegrityError)
    diagnosis = getattr(cause.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name)
    text = str(cause.orig)
    named = re.search(r"CHECK constraint failed: (\w+)", text)
    return named[1] if named else text


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses_what_breaks_a_constraint(session: Any, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        BROKEN[name]()

    violated = _violated(refused.value)
    told_by_columns = violated.startswith(("UNIQUE constraint", "FOREIGN KEY")) and not name.startswith("ck_")
    other_name_for_the_same = {name, "uq_section_code"} if name == "uq_section_course_id_term_id_code" else {name}
    assert told_by_columns or violated in other_name_for_the_same


@pytest.mark.parametrize(("maker", "column"), CHOICES, ids=lambda item: getattr(item, "__name__", item))
def test_the_database_refuses_what_is_not_in_a_list(session: Any, maker: Maker, column: str) -> None:
    with pytest.raises(Invalid) as refused:
        maker(**{column: "odd"})

    assert _violated(refused.value).startswith("ck_")


@pytest.mark.parametrize("table", db.metadata.sorted_tables, ids=str)
def test_every_reference_to_another_table_leads_an_index(table: Table) -> None:
    keys = [index.columns for index in table.indexes if index.dialect_options["sqlite"]["where"] is None]
    keys += [one.columns for one in table.constraints if isinstance(one, UniqueConstraint | PrimaryKeyConstraint)]
    leading = {next(iter(columns)).name for columns in keys if len(columns)}

    assert {key.column_keys[0] for key in table.foreign_key_constraints} - leading == set()


def test_every_constraint_of_a_business_table_is_broken_in_these_tests(app: Any) -> None:
    named = set()
    for mapper in db.Model.registry.mappers:
        if issubclass(mapper.class_, Record) and mapper.class_.__module__.startswith("backoffice."):
            table = mapper.local_table
            kinds = (CheckConstraint, UniqueConstraint)
            named |= {str(item.name) for item in table.constraints if isinstance(item, kinds)}
            named |= {str(index.name) for index in table.indexes if index.unique}

    expected = {name for name in named if not name.endswith("_known")} - IMPOSSIBLE

    assert expected - set(BROKEN) == set()
