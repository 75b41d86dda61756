"""Steps: what is often done to many rows has a button above the list, which leads to a bulk edit that begins filled in."""

from __future__ import annotations

import re

from backoffice.core import clock
from tests import factories
from tests.contracts.grids import hidden_inputs, post


def text(answer) -> str:
    return answer.get_data(as_text=True)


def test_a_step_that_is_often_taken_leads_to_the_form_with_what_it_sets(app, registrar) -> None:
    with app.app_context():
        ids, day = [factories.enrollment().id for _ in range(2)], clock.today().isoformat()

    form = text(post(registrar, "/admin/enrollments/action/", {"action": "step:Withdraw", "rowid": ids}))
    sent = {**hidden_inputs(form), "action": "review", "set-status": "withdrawn", "set-end_date": day}
    review = text(post(registrar, "/admin/enrollments/action/", {**sent, "set-end_reason": "personal"}))

    assert "Edit 2 enrollments" in form
    assert re.search(r'<option selected value="withdrawn">', form)
    assert re.search(rf'name="set-end_date"[^>]*value="{day}"', form)
    assert "2 will change" in review


def test_a_step_is_offered_to_whom_all_its_fields_are_open(app, sign_in) -> None:
    with app.app_context():
        seat = factories.enrollment().id
        factories.invoice(10_000)
    roles = ("registrar", "finance", "course_editor", "admin")
    offered = {
        (role, grid): re.findall(r'value="step:(\w+)"', text(sign_in(role).get(f"/admin/{grid}/")))
        for role in roles
        for grid in ("enrollments", "invoices")
    }

    refused = post(sign_in("finance"), "/admin/enrollments/action/", {"action": "step:Withdraw", "rowid": [seat]})
    unknown = post(sign_in("admin"), "/admin/enrollments/action/", {"action": "step:Promote", "rowid": [seat]})

    assert offered == {
        ("registrar", "enrollments"): ["Withdraw"],
        ("registrar", "invoices"): [],
        ("finance", "enrollments"): [],
        ("finance", "invoices"): ["Issue"],
        ("course_editor", "enrollments"): [],
        ("course_editor", "invoices"): [],
        ("admin", "enrollments"): ["Withdraw"],
        ("admin", "invoices"): ["Issue"],
    }
    assert (refused.status_code, unknown.status_code) == (403, 403)
