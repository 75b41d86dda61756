"""The review of a deletion offers to give what hangs on the rows another row first."""

from __future__ import annotations

import html
import re

from sqlalchemy import select

from backoffice.extensions import db
from backoffice.students.models import Contact, StudentContact
from tests import factories
from tests.contracts.grids import hidden_inputs, post

MOVE = "move-student_contact.contact"


def text(answer) -> str:
    return html.unescape(re.sub(r"\s+", " ", answer.get_data(as_text=True)))


def contacts(app, links: int = 2) -> int:
    """Makes Ann Old, who is `links` students' contact, and Bea New; returns Ann's number."""
    with app.app_context():
        old = factories.contact(full_name="Ann Old")
        factories.contact(full_name="Bea New")
        for _ in range(links):
            factories.student_contact(contact=old)
        return old.id


def test_what_holds_a_row_is_moved_and_the_row_deleted_by_one_button(app, registrar) -> None:
    row_id = str(contacts(app))

    held = text(post(registrar, "/admin/contacts/delete/", {"id": row_id}))
    review = post(registrar, "/admin/contacts/action/", {"action": "delete", "ids": row_id, MOVE: "Bea New"})
    sent = hidden_inputs(review.get_data(as_text=True))
    untyped = post(registrar, "/admin/contacts/action/", {**sent, "action": "apply"})
    done = post(registrar, "/admin/contacts/action/", {**sent, "action": "apply", "typed": "1"})

    assert "2 student contacts would be left behind" in held
    assert "2 student contacts (contact) can be moved to another contact first" in held
    assert "Delete Ann Old; first move student contacts to Bea New (contact)" in text(review)
    assert "2 student contacts will be moved" in text(review)
    assert untyped.status_code == 422
    assert "Ann Old" not in text(registrar.get(done.headers["Location"])).partition("<table")[2]
    with app.app_context():
        names = select(Contact.full_name).join(StudentContact, StudentContact.contact_id == Contact.id)
        assert db.session.scalars(names).all() == ["Bea New", "Bea New"]


def test_a_row_that_is_none_is_told_at_its_box_and_nothing_typed_is_lost(app, registrar) -> None:
    row_id = str(contacts(app))

    nobody = post(registrar, "/admin/contacts/action/", {"action": "delete", "ids": row_id, MOVE: "Nobody"})
    itself = post(registrar, "/admin/contacts/action/", {"action": "delete", "ids": row_id, MOVE: "Ann Old"})

    assert (nobody.status_code, itself.status_code) == (422, 422)
    assert "None of the contacts matches “Nobody”." in text(nobody)
    assert f'name="{MOVE}" type="text" value="Nobody"' in text(nobody)
    assert "that one is to be deleted as well; choose one that stays" in text(itself)


def test_only_what_the_person_may_change_is_offered(app, registrar, sign_in) -> None:
    row_id = contacts(app, links=1)
    with app.app_context():
        factories.invoice(state="draft", bill_to=db.session.get(Contact, row_id))

    def offered(client) -> list[str]:
        page = text(post(client, "/admin/contacts/delete/", {"id": str(row_id)}))
        return re.findall(r"<p>(\d[^<]+) can be moved to another contact first", page)

    assert offered(registrar) == ["1 student contact (contact)"]
    assert offered(sign_in("admin")) == ["1 invoice (bill to)", "1 student contact (contact)"]
