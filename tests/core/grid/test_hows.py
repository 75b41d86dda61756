"""Bulk edit beyond setting: beside each field a choice of how it changes, kept from step to step."""

from __future__ import annotations

from datetime import date

import pytest

from backoffice.students.models import Student
from tests import factories
from tests.contracts.grids import hidden_inputs, rows_of

REVIEW = {"action": "review"}


def text(answer) -> str:
    return answer.get_data(as_text=True)


def stored(app, *columns) -> list[tuple]:
    with app.app_context():
        return [tuple(row) for row in factories.db.session.query(*columns).order_by(Student.id)]


def test_each_field_offers_what_suits_it(made, send) -> None:
    page = text(send("action/", action="edit", rowid=made()))
    ways = {
        name: [way for way in ("add", "shift", "append", "replace", "copy:phone") if f'<option value="{way}"' in part]
        for part in page.split('class="bulk-how"')[1:]
        for name in [part.split('name="how-')[1].split('"')[0]]
    }
    assert ways["city"] == ["append", "replace", "copy:phone"]
    assert ways["date_of_birth"] == ["shift"]
    assert "How to change date of birth" in page
    assert "Days to shift date of birth by" in page


def test_several_fields_change_each_in_its_way_and_the_review_says_how(app, made, send) -> None:
    ids = [made(city="Leeds", phone="1", date_of_birth=date(2001, 12, 28)), made(city=None, phone="2")]
    sent = {
        "rowid": ids,
        "set-city": " (old)",
        "how-city": "append",
        "how-date_of_birth": "shift",
        "by-date_of_birth": "7",
        "set-phone": "1",
        "how-phone": "replace",
        "by-phone": "+44",
    }

    page = text(send("action/", **REVIEW, **sent))
    send("action/", **hidden_inputs(page), action="apply")

    assert "append “ (old)” to city" in page.lower()
    assert "shift date of birth by 7 days" in page.lower()
    assert "2 will change" in page
    assert stored(app, Student.city, Student.phone, Student.date_of_birth) == [
        ("Leeds (old)", "+44", date(2002, 1, 4)),
        ("(old)", "2", None),
    ]


def test_a_review_after_rows_moved_asks_for_the_same(app, made, send) -> None:
    ids = [made(city="Leeds"), made(city="Leeds")]
    page = text(send("action/", rowid=ids, **REVIEW, **{"set-city": " ", "how-city": "replace", "set-phone": ""}))
    assert "0 will change" in page
    page = text(send("action/", rowid=ids, **REVIEW, **{"set-city": "Leeds", "how-city": "replace", "by-city": "York"}))
    send(f"edit/?id={ids[0]}", city="Hull")

    moved = send("action/", **hidden_inputs(page), action="apply")
    again = text(send("action/", **hidden_inputs(text(moved)), action="again"))

    assert moved.status_code == 409
    assert "Replace “Leeds” by “York” in city for 1 student" in again


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (
            {"how-date_of_birth": "shift", "by-date_of_birth": "soon"},
            "Date of birth: type a whole number of days, at most 36,525.",
        ),
        ({"how-date_of_birth": "shift"}, "Date of birth: type a whole number of days, at most 36,525."),
        ({"by-date_of_birth": "7"}, "Date of birth: choose how to change it, or empty the second box."),
        (
            {"how-date_of_birth": "shift", "by-date_of_birth": "7", "set-date_of_birth": "2001-01-01"},
            "Date of birth: either set it or shift it; empty the box of its value.",
        ),
        ({"how-city": "append"}, "City: type a text."),
        ({"how-city": "append", "set-city": "x", "clear": "city"}, "City: either clear it or change it."),
        ({"how-city": "shift", "set-city": "x"}, "City: choose one of the ways in the list."),
        ({"how-city": "explode", "set-city": "x"}, "City: choose one of the ways in the list."),
        ({"how-city": "copy:search_text"}, "City: choose a field of the same kind to copy."),
        ({"how-city": "append", "set-city": "\x00"}, "City holds characters that cannot be stored."),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_what_was_typed_stays(app, made, send, sent, message) -> None:
    row = made(city="Leeds")
    before = rows_of(app)

    answer = send("action/", rowid=row, **REVIEW, **sent, **{"set-phone": "0123"})

    assert answer.status_code == 422
    assert message in text(answer)
    assert 'value="0123"' in text(answer)
    if sent.get("by-date_of_birth"):
        assert f'name="by-date_of_birth" value="{sent["by-date_of_birth"]}"' in text(answer)
    if "how-date_of_birth" in sent:
        assert '<option value="shift" selected>' in text(answer)
    assert rows_of(app) == before
