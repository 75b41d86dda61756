"""Lines in the form of their row: without a script, with everything typed still there, and saved as one operation."""

from __future__ import annotations

from sqlalchemy import select

from backoffice.billing.models import InvoiceLine
from backoffice.extensions import db
from backoffice.students.models import StudentContact
from tests import factories
from tests.contracts.grids import statements
from tests.core.grid.line_forms import form_of, last_operation, press, save, take_back_last, told
from tests.core.grid.test_saved_forms import fields_of

FROZEN = "The invoice is issued: correct it by a credit, or void it."


def test_lines_are_added_moved_changed_and_removed_in_one_form_and_saved_as_one_operation(app, finance, draft) -> None:
    row_id, (first, second) = draft
    address = f"/admin/invoices/edit/?id={row_id}"

    form = form_of(finance, address) | {"reminder_count": "3", f"lines-{second}-description": "Half typed"}
    form = press(finance, address, form, "lines:add:")
    form |= {"lines-n0-description": "Books", "lines-n0-unit": "4.00"}
    form = press(finance, address, form, "lines:up:n0")
    form = press(finance, address, form, f"lines:remove:{first}")
    held = {name: form[name] for name in ("reminder_count", f"lines-{second}-description", "lines", "lines-gone")}
    before = told(app)
    answer = save(finance, address, form)

    assert held["reminder_count"] == "3"
    assert held[f"lines-{second}-description"] == "Half typed"
    assert (held["lines"], [gone.split(":")[0] for gone in held["lines-gone"]]) == (["n0", str(second)], [str(first)])
    assert before == [(1, "Tuition", 100), (2, "Tuition", 200)]
    assert answer.status_code == 302
    assert told(app) == [(1, "Books", 400), (2, "Half typed", 200)]
    title, counts = last_operation(app)
    assert title.endswith("; invoice lines: 1 added, 1 changed, 1 removed")
    assert counts == {"invoice": {"update": 1}, "invoice_line": {"create": 1, "update": 1, "delete": 1}}
    with app.app_context():
        take_back_last()
    assert told(app) == before


def test_a_removed_line_can_be_kept_after_all_and_an_empty_new_one_is_no_line(app, finance, draft) -> None:
    row_id, (_, second) = draft
    address = f"/admin/invoices/edit/?id={row_id}"

    form = press(finance, address, form_of(finance, address), f"lines:remove:{second}")
    form = press(finance, address, form, f"lines:keep:{second}")
    form = press(finance, address, form, "lines:add:")
    answer = save(finance, address, form)

    assert answer.status_code == 302
    assert told(app) == [(1, "Tuition", 100), (2, "Tuition", 200)]


def test_what_is_wrong_stands_at_the_field_of_its_line(app, finance, draft) -> None:
    row_id, (first, second) = draft
    address = f"/admin/invoices/edit/?id={row_id}"
    before = told(app)

    form = form_of(finance, address) | {f"lines-{second}-quantity": "0", f"lines-{first}-description": "Kept"}
    answer = save(finance, address, form)
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert f'<a href="#lines-{second}-quantity">Line 2, Quantity: A quantity is more than 0.</a>' in page
    assert f'id="lines-{second}-quantity-error"' in page
    assert fields_of(page)[f"lines-{first}-description"] == "Kept"
    assert told(app) == before


def test_a_field_of_a_line_is_checked_as_it_is_left(app, finance, draft) -> None:
    row_id, (first, second) = draft
    form = press(
        finance,
        f"/admin/invoices/edit/?id={row_id}",
        form_of(finance, f"/admin/invoices/edit/?id={row_id}"),
        "lines:add:",
    )
    typed = {
        f"lines-{first}-quantity": "0",
        f"lines-{second}-quantity": "2",
        "lines-n0-kind": "discount",
        "lines-n0-unit": "5",
    }

    told = finance.post(f"/admin/invoices/check/?id={row_id}", data=form | typed | {"field": [*typed, "lines-7-kind"]})

    assert told.get_json() == {
        f"lines-{first}-quantity": "A quantity is more than 0.",
        f"lines-{second}-quantity": "",
        "lines-n0-kind": "",
        "lines-n0-unit": "A discount's unit price is not above 0, any other is not below.",
    }


def test_a_new_invoice_is_made_with_its_lines(app, finance) -> None:
    with app.app_context():
        factories.student(student_number="S-1", full_name="Ana")
    address = "/admin/invoices/new/"

    form = form_of(finance, address) | {"student": "S-1", "currency": "EUR"}
    form = press(finance, address, form, "lines:add:") | {"lines-n0-description": "Tuition", "lines-n0-unit": "5.00"}
    answer = save(finance, address, form)

    assert answer.status_code == 302
    assert told(app) == [(1, "Tuition", 500)]
    assert last_operation(app)[1] == {"invoice": {"create": 1}, "invoice_line": {"create": 1}}


def test_lines_that_the_rules_keep_are_shown_and_not_asked_for(app, finance) -> None:
    with app.app_context():
        row_id = factories.invoice(100).id
        line_id = db.session.scalar(select(InvoiceLine.id))
    address = f"/admin/invoices/edit/?id={row_id}"

    page = finance.get(address).get_data(as_text=True)
    form = form_of(finance, address)
    answer = save(finance, address, form | {f"lines-{line_id}-description": "Other", "reminder_count": "1"})
    forged = save(
        finance, address, form | {"lines-gone": [f"{line_id}:{form[f'lines-{line_id}-version']}"], "lines": []}
    )

    assert FROZEN.replace("'", "&#39;") in page
    assert f"lines-{line_id}-description" not in page
    assert "Add a line" not in page
    assert answer.status_code == 302
    assert forged.status_code == 422
    assert told(app) == [(1, "Tuition", 100)]


def test_contacts_of_a_student_have_no_order_and_are_undone_with_the_student(app, sign_in, made) -> None:
    row_id, registrar = made(city="Leeds"), sign_in("registrar")
    with app.app_context():
        contact = factories.contact(full_name="Maria Lopez").id
    address = f"/admin/students/edit/?id={row_id}"

    form = press(registrar, address, form_of(registrar, address) | {"city": "York"}, "relationships:add:")
    assert "relationships:up:n0" not in registrar.get(address).get_data(as_text=True)
    form |= {"relationships-n0-contact": "Maria Lopez", "relationships-n0-relationship": "mother"}
    answer = save(registrar, address, form)
    title, counts = last_operation(app)
    with app.app_context():
        there = list(db.session.scalars(select(StudentContact.contact_id)))
        take_back_last()
        left = list(db.session.scalars(select(StudentContact.contact_id)))

    assert answer.status_code == 302
    assert (there, left) == ([contact], [])
    assert title.startswith("Set city to York for") and title.endswith("; student contacts: 1 added")
    assert counts == {"student": {"update": 1}, "student_contact": {"create": 1}}


def test_whoever_may_not_change_lines_does_not_have_them_in_a_form_and_cannot_send_them(app, sign_in, made) -> None:
    row_id, support = made(city="Leeds"), sign_in("support")
    with app.app_context():
        factories.contact(full_name="Maria Lopez")
    address = f"/admin/students/edit/?id={row_id}"

    form = form_of(support, address)
    forged = {
        "relationships": "n0",
        "relationships-n0-id": "",
        "relationships-n0-contact": "Maria Lopez",
        "relationships-n0-relationship": "mother",
    }
    answer = save(support, address, form | forged)

    assert "relationships" not in form
    assert answer.status_code == 302
    with app.app_context():
        assert list(db.session.scalars(select(StudentContact.id))) == []


def test_lines_cost_the_same_number_of_statements_for_two_and_for_twenty(app, finance) -> None:
    with app.app_context():
        few, many = (factories.invoice(*[100] * count, state="draft").id for count in (2, 20))
    counts = []
    for row_id in (few, few, many):
        with statements(app) as sent:
            finance.get(f"/admin/invoices/edit/?id={row_id}")
        counts.append(len(sent))

    assert counts[1] == counts[2]


def test_the_page_of_a_row_shows_all_of_its_lines(app, finance) -> None:
    with app.app_context():
        row_id = factories.invoice(*[100] * 12, state="draft").id

    page = finance.get(f"/admin/invoices/details/?id={row_id}").get_data(as_text=True)

    assert page.count(">Tuition</td>") == 12
