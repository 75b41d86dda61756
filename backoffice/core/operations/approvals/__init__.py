"""Big changes need two: above a policy, a sealed plan waits for a second person before it is applied.

ApprovalPolicy                              from how many rows, or how much money, of which kind by which verb
above(stored) -> str                        which policy a plan is above, in words; "" where it is above none
above_written(operation) -> str             the same for what an operation has written, of which there is no plan
required(plan) -> str                       why the plan needs a second person, in words; "" where it does not, or has one
ask(plan, person, reason) -> Approval       lets the plan wait; withdraw(approval, person) takes the question back
approve(approval, person, reason), decline  what the second person says; then the plan is applied as any other
plan_of(approval, viewer) -> Plan           the plan that waits, as `viewer` may see it
may_decide(person, approval), decidable     who may: anybody but its author who may do the same to many rows
granted(stored), sign(operation, ...)       `operations.apply` asks and writes it down: there is no door beside it
"""

from __future__ import annotations

from backoffice.core.operations.approvals.asking import ask, of_plan, plan_of, send_back, withdraw
from backoffice.core.operations.approvals.deciding import (
    approve,
    decidable,
    decline,
    granted,
    may_decide,
    required,
    sign,
)
from backoffice.core.operations.approvals.limits import above, above_written
from backoffice.core.operations.approvals.models import Approval, ApprovalPolicy

__all__ = [
    "Approval",
    "ApprovalPolicy",
    "above",
    "above_written",
    "approve",
    "ask",
    "decidable",
    "decline",
    "granted",
    "may_decide",
    "of_plan",
    "plan_of",
    "required",
    "send_back",
    "sign",
    "withdraw",
]
