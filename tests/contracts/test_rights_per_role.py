"""The matrix of rights as agreed, and every endpoint tried by every role."""

from __future__ import annotations

import pytest
from flask import Flask

from backoffice.core import access
from backoffice.core.access import NOTHING, Role, System, Verb
from backoffice.core.web.gate import need_of
from backoffice.staff.rights import in_words
from tests.contracts.routes import routes

# Letters: view, create, edit, delete, bulk, export, name (see what rows are called, and pick them). In the order of ROLES.
ROLES = ("admin", "registrar", "finance", "course_editor", "support", "read_only")
MATRIX = {
    "student": ("VCEDBX", "VCEDBX", "V", "V", "VE", "V"),
    "contact": ("VCEDBX", "VCEDBX", "V", "V", "VE", "V"),
    "note": ("VCEDBX", "VCEDX", "VCED", "VCED", "VCED", ""),
    "course": ("VCEDBX", "V", "V", "VCEDBX", "V", "V"),
    "lesson": ("VCEDBX", "V", "V", "VCEDBX", "V", "V"),
    "term": ("VCEDBX", "VCEDBX", "V", "V", "V", "V"),
    "section": ("VCEDBX", "VCEDBX", "V", "V", "V", "V"),
    "enrollment": ("VCEDBX", "VCEDBX", "V", "VE", "V", "V"),
    "invoice": ("VCEDBX", "V", "VCEDBX", "", "V", "V"),
    "payment": ("VCEDBX", "V", "VCEDBX", "", "V", "V"),
    "staff_user": ("VCEBX", "N", "N", "N", "N", "N"),
    "operation": ("VX", "V", "V", "V", "V", ""),
    "job": ("VX", "V", "V", "V", "V", ""),
    "approval": ("VX", "V", "V", "V", "V", ""),
    "approval_policy": ("VCEDBX", "", "", "", "", ""),
    "saved_view": ("VCEDBX", "VCED", "VCED", "VCED", "VCED", "V"),
}
SECRETS = {
    ("student", "course_editor"): {
        *("date_of_birth", "age", "hold_reason", "bio"),
        *("billing_status", "balance", "balance_currency"),
    },
    ("student", "support"): {"date_of_birth", "age", "hold_reason"},
    ("student", "read_only"): {"date_of_birth", "age", "hold_reason"},
    ("student", "finance"): {"date_of_birth", "age", "bio"},
    ("enrollment", "finance"): {"final_result", "final_grade_pct"},
    ("enrollment", "support"): {"final_result", "final_grade_pct"},
    ("enrollment", "read_only"): {"final_result", "final_grade_pct"},
}

# Whoever did something may look at it and take it back, but the list is not for these roles.
UNLISTED = {
    (f"{grid}.{view}", role)
    for grid in ("operations", "jobs")
    for view in (
        "index_view",
        "complete_view",
        "ajax_lookup",
        "paste_view",
        "lists_view",
        "choices_view",
        "columns_view",
        "views_view",
        "compare_view",
        "filter_view",
    )
    for role in ("course_editor", "support")
}


def declared(table: str) -> access.Rights:
    return next(rights for model, rights in access.declared().items() if model.__tablename__ == table)


@pytest.mark.parametrize("table", MATRIX)
def test_each_role_has_the_rights_that_were_agreed(app: Flask, table: str) -> None:
    rights = declared(table)
    found = tuple("".join(v.value for v in Verb if v.value in rights.get(Role(role), NOTHING).verbs) for role in ROLES)
    assert found == MATRIX[table]


@pytest.mark.parametrize(("table", "role"), SECRETS)
def test_secrets_are_shown_to_no_role_that_does_not_need_them(app: Flask, table: str, role: str) -> None:
    own = declared(table)[Role(role)]
    assert {field for field in SECRETS[table, role] if own.shows(field)} == set()


@pytest.mark.parametrize(
    ("table", "editable"),
    [
        ("student", {"email", "phone", "city", "preferred_name", "locale", "timezone", "bio"}),
        ("enrollment", {"final_result", "final_grade_pct", "progress_pct"}),
    ],
)
def test_roles_that_correct_a_part_of_a_record_change_no_other_part(app: Flask, table: str, editable: set[str]) -> None:
    role = Role.SUPPORT if table == "student" else Role.COURSE_EDITOR
    assert editable <= (declared(table)[role].editable or set()) <= editable | {"status"}


@pytest.mark.parametrize("role", ROLES)
def test_every_endpoint_is_open_to_the_roles_with_the_right_and_refused_to_the_others(
    app: Flask, sign_in, role: str
) -> None:
    client = sign_in(role)
    person = System(role=role)
    wrong = []
    for route in routes(app):
        need = need_of(app, route.endpoint)
        if need is None or need.verb is None or need.model is None:
            continue
        if route.method == "POST" and (route.endpoint, role) in UNLISTED:
            continue  # a form without its token is stopped before the list is refused
        answer = client.open(route.address, method=route.method, data={} if route.method == "POST" else None)
        refused = answer.status_code == 403
        allowed = access.may(person, need.verb, need.model) and (route.endpoint, role) not in UNLISTED
        if refused == allowed or answer.status_code >= 500:
            wrong.append((route, answer.status_code))
    assert wrong == []


def test_the_page_of_rights_shows_what_is_enforced(app: Flask, sign_in) -> None:
    page = sign_in("admin").get("/admin/rights/").get_data(as_text=True)
    phrases = {
        phrase for rights in access.declared().values() for own in rights.values() for phrase in in_words(own)[:1]
    }
    assert {phrase for phrase in phrases if phrase.capitalize() not in page} == set()
