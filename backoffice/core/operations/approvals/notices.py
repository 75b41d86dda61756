"""Which requests somebody is still to hear of: those that wait, and answers that their authors have not been told."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select, update

from backoffice.core.operations.approvals.models import Approval
from backoffice.core.operations.plan import storing
from backoffice.extensions import cache, db

KNOWN = 300  # seconds for which it is not looked up again
_KEY = "approvals-to-tell"


def fresh() -> list[int]:
    """Returns the numbers of these requests; most pages learn from the cache that there are none."""
    found = cache.get(_KEY)
    if not (isinstance(found, list) and all(isinstance(number, int) for number in found)):
        untold = or_(Approval.state == "waiting", Approval.notice_seen.is_(False))
        found = list(db.session.scalars(select(Approval.id).where(untold).order_by(Approval.id)))
        cache.set(_KEY, found, timeout=KNOWN)
    return found


def forget() -> None:
    """Lets the next page look them up: something was asked or answered."""
    cache.delete(_KEY)


def note_seen(numbers: Sequence[int]) -> None:
    """Remembers that the authors were told of these answers."""
    with storing() as connection:
        told = Approval.id.in_(numbers) & (Approval.state != "waiting")
        connection.execute(update(Approval).where(told).values(notice_seen=True))
    forget()
