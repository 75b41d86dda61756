"""Who is asked to decide, and who is answered, hears of it on whatever page they are, once."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, flash, session, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from backoffice.core import access
from backoffice.core.access import Person, Verb
from backoffice.core.grid.afterwards import afterwards
from backoffice.core.operations.approvals import Approval, may_decide, notices
from backoffice.core.web.gate import current_person
from backoffice.core.wording import gettext
from backoffice.extensions import db

TONES = {"approved": "success", "done": "success", "declined": "warning", "moved": "warning"}
ONE_BY_ONE = 3  # requests of which a person is told each by each
_TOLD = "approvals_told"  # in the session: the newest request of which the person was told


def init_app(app: Flask) -> None:
    """Gives templates `approval_notices()`."""
    app.jinja_env.globals["approval_notices"] = announce


def announce() -> str:
    """Adds to the page's messages what is asked of the person, and what became of what they asked. Returns ""."""
    if not current_user.is_authenticated or not access.may(current_person(), Verb.VIEW, Approval):
        return ""
    try:
        numbers = notices.fresh()
        if numbers:
            _flash(current_person(), db.session.scalars(select(Approval).where(Approval.id.in_(numbers))).all())
    except SQLAlchemyError:  # the page that says so has its own words
        db.session.rollback()
    return ""


def _flash(person: Person, found: Sequence[Approval]) -> None:
    told = session.get(_TOLD, 0)
    asked = [one for one in found if one.id > told and may_decide(person, one)]
    if asked:
        _ask(asked)
        session[_TOLD] = max(one.id for one in asked)
    answered = [one for one in found if one.author_id == person.id and one.state in TONES]
    for one in answered:
        _say(_answer(one), _page(one), TONES[one.state])
    if numbers := [one.id for one in answered]:
        afterwards(lambda: notices.note_seen(numbers))


def _ask(asked: Sequence[Approval]) -> None:
    if len(asked) > ONE_BY_ONE:
        _say(
            gettext("%(number)s changes wait for your approval", number=len(asked)),
            url_for("approvals.index_view", search="state:waiting"),
        )
        return
    for one in asked:
        _say(gettext("%(author)s asks for approval: %(what)s", author=one.author_name, what=one.title), _page(one))


def _answer(one: Approval) -> str:
    if one.state == "moved":
        return gettext("Not applied, the rows moved meanwhile: %(what)s", what=one.title)
    if one.state == "declined":
        return gettext("%(approver)s declined: %(what)s", approver=one.approver_name, what=one.title)
    return gettext("%(approver)s approved: %(what)s", approver=one.approver_name, what=one.title)


def _page(one: Approval) -> str:
    return url_for("approvals.details_view", id=one.id)


def _say(text: str, url: str, tone: str = "info") -> None:
    flash({"text": text, "operation_url": url}, tone)  # type: ignore[arg-type]
