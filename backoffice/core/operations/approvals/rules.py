"""What a policy may say, in words for whoever writes one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_

from backoffice.core.model import Record
from backoffice.core.operations import shapes
from backoffice.core.operations.approvals.models import ApprovalPolicy
from backoffice.core.operations.constraints import worded
from backoffice.core.operations.rules import Effect, Row, Rule
from backoffice.core.operations.tables import models, table_of
from backoffice.core.wording import later


def _has_no_money(before: Row | None, after: Row) -> ColumnElement[bool]:
    with_money = [table_of(model).name for model in models() if model.__amount__]
    return and_(after.amount_above_minor.is_not(None), after.entity_type.not_in(with_money))


RULES: Mapping[type[Record], Sequence[Rule]] = {
    ApprovalPolicy: (
        worded(ApprovalPolicy, "limit_given", later("Say above how many rows, or above which amount."), "rows_above"),
        worded(
            ApprovalPolicy, "amount_with_currency", later("An amount needs its currency, and a currency its amount.")
        ),
        worded(ApprovalPolicy, "rows_above_not_negative", later("This cannot be below 0.")),
        worded(ApprovalPolicy, "amount_above_not_negative", later("This cannot be below 0.")),
        worded(ApprovalPolicy, "currency_length", shapes.CURRENCY),
        shapes.currency,
        worded(
            ApprovalPolicy,
            "uq_approval_policy_entity_type_verb",
            later("There is an active policy for this already: change that one."),
            "verb",
        ),
        Rule(
            "amount_of_money",
            later("Rows of this grid hold no amount; limit their number."),
            ("amount_above_minor", "entity_type"),
            _has_no_money,
        ),
    ),
}
EFFECTS: Mapping[type[Record], Sequence[Effect]] = {}
