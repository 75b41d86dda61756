"""Forms with lines as a browser fills them in and sends them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backoffice.billing.models import InvoiceLine
from backoffice.core.operations import Operation, apply, plan_undo
from backoffice.extensions import db
from backoffice.staff.models import StaffUser
from tests.core.grid.test_saved_forms import fields_of


def form_of(client: Any, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return _sent(answer)


def press(client: Any, address: str, form: dict[str, Any], deed: str) -> dict[str, Any]:
    answer = client.post(address, data=form | {"_lines": deed})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return _sent(answer)


def _sent(answer: Any) -> dict[str, Any]:
    """What a browser would send: names of boxes and of what is gone may stand there several times."""
    page = answer.get_data(as_text=True)
    form = fields_of(page) | {name: values_of(page, name) for name in ("lines", "lines-gone", "relationships")}
    return {name: value for name, value in form.items() if name not in (None, "_lines", "save") and value != []}


def values_of(page: str, name: str) -> list[str]:
    return [part.split('"', 1)[0] for part in page.split(f'type="hidden" name="{name}" value="')[1:]]


def save(client: Any, address: str, form: dict[str, Any]) -> Any:
    return client.post(address, data=form | {"save": "1"})


def told(app: Any) -> list[tuple[int, str, int]]:
    with app.app_context():
        query = select(InvoiceLine.line_no, InvoiceLine.description, InvoiceLine.amount_minor)
        return [tuple(row) for row in db.session.execute(query.order_by(InvoiceLine.line_no))]


def last_operation(app: Any) -> tuple[str, dict[str, Any]]:
    with app.app_context():
        operation = db.session.scalars(select(Operation).order_by(Operation.id.desc()).limit(1)).one()
        return operation.title, operation.counts


def take_back_last() -> None:
    """Has whoever did it take the last operation back."""
    operation = db.session.scalars(select(Operation).order_by(Operation.id.desc()).limit(1)).one()
    person = db.session.get_one(StaffUser, operation.actor_id)
    apply(plan_undo(operation, person), person)
