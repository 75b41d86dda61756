"""Bulk edit of a relation to many: contacts are added to many students, and removed."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select

from backoffice.extensions import db
from backoffice.students.models import StudentContact
from tests import factories
from tests.contracts.grids import hidden_inputs

ADD = {"link-how-contacts": "add", "link-contacts.contact": "Acme Ltd", "link-contacts.relationship": "sponsor"}


def text(answer) -> str:
    return html.unescape(re.sub(r"\s+", " ", answer.get_data(as_text=True)))


def links(app) -> list[tuple]:
    with app.app_context():
        return [tuple(row) for row in db.session.execute(select(StudentContact.relationship, StudentContact.is_payer))]


@pytest.fixture
def ids(app, made) -> str:
    """Two students, and a firm that is nobody's contact."""
    with app.app_context():
        factories.contact(full_name="Acme Ltd")
    return f"{made()},{made()}"


def test_a_contact_is_added_by_form_review_and_apply_and_removed_again(app, ids, registrar, send) -> None:
    form = text(send("action/", action="edit", ids=ids))
    review = send("action/", action="review", ids=ids, **ADD, **{"link-contacts.is_payer": ["false", "true"]})
    sent = hidden_inputs(review.get_data(as_text=True))
    done = send("action/", **{**sent, "action": "apply"})
    added = links(app)
    again = text(send("action/", action="review", ids=ids, **ADD))
    gone = send("action/", action="review", ids=ids, **{**ADD, "link-how-contacts": "remove"})
    send("action/", **{**hidden_inputs(gone.get_data(as_text=True)), "action": "apply"})

    assert "<legend>Contacts</legend>" in form
    assert "Add Acme Ltd, relationship sponsor, pays yes to the contacts of 2 students" in text(review)
    assert "2 students changed" in text(registrar.get(done.headers["Location"]))
    assert added == [("sponsor", True)] * 2
    assert "0 will change" in again and "2 already so" in again
    assert "Remove Acme Ltd from the contacts of 2 students" in text(gone)
    assert links(app) == []


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({**ADD, "link-contacts.contact": "Nobody"}, "Contacts: None of the contacts matches “Nobody”."),
        ({**ADD, "link-contacts.contact": ""}, "Contacts: name the contact."),
        ({**ADD, "link-how-contacts": ""}, "Contacts: choose whether to add or to remove."),
        ({**ADD, "link-how-contacts": "burn"}, "Contacts: choose whether to add or to remove."),
        ({**ADD, "link-contacts.relationship": ""}, "Relationship is needed."),
        ({**ADD, "set-city": "York"}, "Change the contacts in an edit of their own."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(app, ids, send, sent, message) -> None:
    answer = send("action/", action="review", ids=ids, **sent)

    assert answer.status_code == 422
    assert message in text(answer)
    if sent["link-contacts.contact"]:
        assert f'value="{sent["link-contacts.contact"]}"' in text(answer)
    assert links(app) == []


def test_the_picker_of_a_link_suggests_and_only_for_a_link_of_the_grid(ids, registrar) -> None:
    lookup = "/admin/students/ajax/lookup/?query=acme&name="

    ((number, suggested),) = registrar.get(lookup + "contacts.contact").get_json()

    assert suggested == f"{number} · Acme Ltd"
    assert registrar.get(lookup + "invoices.bill_to").status_code == 404
    assert registrar.get(lookup + "contacts.nothing").status_code == 404
