"""Big changes need two: the policies that say which, and the requests that wait for a second person."""

from __future__ import annotations

from typing import Any, ClassVar

from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import ColumnElement, or_

from backoffice.core.access import Person, Role, Verb, right
from backoffice.core.grid import answering, approval_pages
from backoffice.core.grid.changes import noun
from backoffice.core.grid.grid import Grid
from backoffice.core.grid.own_work import WORKING, OwnWorkGrid, own_rights, own_rows
from backoffice.core.operations.approvals import Approval, ApprovalPolicy, decidable
from backoffice.core.text import capital

_own = own_rows(Approval.author_id, Approval.approver_id)


def concerning(person: Person) -> ColumnElement[bool]:
    """Returns the condition on requests that a person made, decided, or may decide."""
    return or_(_own(person), decidable(person))


def kind_in_words(kind: str) -> str:
    """Returns what several rows of a table are called."""
    return capital(noun(kind, 2))


class PolicyGrid(Grid):
    """From how many rows, or how much money, a change needs a second person. Administrators say so, on the record."""

    model = ApprovalPolicy
    name = "approval-policies"
    title = "Approval policies"
    nouns = ("policy", "policies")
    group = "Administration"
    icon = "lock"
    columns = ("entity_type", "verb", "rows_above", "amount_above", "currency", "is_active", "updated_at")
    form = ("entity_type", "verb", "rows_above", "amount_above", "currency", "is_active")
    filters = ("entity_type", "verb", "is_active")
    shows: ClassVar[dict[str, Any]] = {"entity_type": kind_in_words}
    rights: ClassVar[Any] = {Role.ADMIN: right("VCEDBX")}


class ApprovalGrid(OwnWorkGrid):
    """Read-only. Each person sees what they asked for and what they may decide, administrators all."""

    model = Approval
    name = "approvals"
    nouns = ("request", "requests")
    icon = "success"
    columns = ("asked_at", "title", "rows", "author_name", "state", "approver_name", "decided_at")
    filters = ("state", "author_name", "approver_name", "asked_at", "kind", "entity_type")
    default_sort = "-id"
    sections: ClassVar[dict[str, tuple[str, ...]]] = {
        "Asked": ("author_name", "asked_at", "reason", "why", "state"),
        "Answered": ("approver_name", "decided_at", "answer", "outcome"),
    }
    shows: ClassVar[dict[str, Any]] = {"entity_type": kind_in_words}
    rights: ClassVar[Any] = own_rights(concerning)
    listed_for = frozenset({Role.ADMIN, *WORKING})
    verbs: ClassVar[dict[str, Verb]] = Grid.verbs | {"decide_view": Verb.VIEW}

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One request: the review as the person may see it, and what they can say."""
        return approval_pages.show(self)

    @expose("/decide/", methods=("POST",))
    def decide_view(self) -> ResponseReturnValue:
        """Approves, declines, withdraws, applies or reviews again; each asks for its own right."""
        return answering.decide(self)


GRIDS = (ApprovalGrid, PolicyGrid)
