"""A form that is saved as a browser sends it: every field, changed or not."""

from __future__ import annotations

from collections.abc import Callable

import html5lib
from flask import Flask
from flask.testing import FlaskClient

from backoffice.core.operations import Operation
from backoffice.extensions import db
from backoffice.students.models import Student
from tests import factories as make

Fields = dict[str, str]


def fields_of(page: str) -> Fields:
    """Returns what a browser would send of the record's form."""
    document = html5lib.parse(page, namespaceHTMLElements=False)
    form = next(form for form in document.iter("form") if "record-form" in form.get("class", ""))
    found = {}
    for control in form.iter("input"):
        if control.get("type") != "checkbox" or "checked" in control.attrib:
            found[control.get("name")] = control.get("value", "")
    for control in form.iter("select"):
        found[control.get("name")] = next(
            (o.get("value") for o in control.iter("option") if "selected" in o.attrib), ""
        )
    for control in form.iter("textarea"):
        found[control.get("name")] = (control.text or "").lstrip("\n")
    return found


def saved(client: FlaskClient, row_id: int, **typed: str) -> int:
    address = f"/admin/students/edit/?id={row_id}"
    form = fields_of(client.get(address).get_data(as_text=True))
    return client.post(address, data=form | typed | {"save": "1"}).status_code


def operations(app: Flask, after: int) -> list[str]:
    with app.app_context():
        titles = db.select(Operation.title).where(Operation.id > after, Operation.door == "form")
        return list(db.session.scalars(titles.order_by(Operation.id)))


def a_student(app: Flask) -> tuple[int, int]:
    with app.app_context():
        student = make.student(full_name="Anna Müller", city="Leeds", bio="Two\nlines", financial_hold=False)
        return student.id, student.version


def test_an_operation_names_only_what_was_changed(app: Flask, sign_in: Callable[..., FlaskClient]) -> None:
    row_id, version = a_student(app)
    client = sign_in("registrar")

    status = saved(client, row_id, city="York")

    assert (status, operations(app, version)) == (302, ["Set city to York for Anna Müller"])


def test_a_form_sent_back_unchanged_records_nothing(app: Flask, sign_in: Callable[..., FlaskClient]) -> None:
    row_id, version = a_student(app)
    client = sign_in("registrar")

    status = saved(client, row_id)

    assert (status, operations(app, version)) == (302, [])


def test_a_field_that_is_emptied_is_changed(app: Flask, sign_in: Callable[..., FlaskClient]) -> None:
    row_id, version = a_student(app)
    client = sign_in("registrar")

    saved(client, row_id, city="")

    with app.app_context():
        assert db.session.get_one(Student, row_id).city is None
    assert operations(app, version) == ["Clear city for Anna Müller"]
