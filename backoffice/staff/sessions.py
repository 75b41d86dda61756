"""Sessions kept on the server. A browser holds a random token; everything else about the session stays here.

Each request reads its session and its person in one statement, so a deactivated account, a lowered role, a changed
password or a sign-out elsewhere count from the next request on.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from threading import Lock
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask_login import UserMixin, login_user
from sqlalchemy import Row, bindparam, delete, select, update
from sqlalchemy.exc import OperationalError

from backoffice.core import lists
from backoffice.core.clock import utcnow
from backoffice.core.database import writing
from backoffice.extensions import db, login_manager
from backoffice.staff import preferences
from backoffice.staff.models import StaffPassword, StaffPreference, StaffSession, StaffUser
from backoffice.staff.passwords import mark

_TOUCH = timedelta(minutes=1)
_touching = Lock()
_KEPT = timedelta(days=400)  # how long ended sessions tell who was signed in from where


@dataclass(frozen=True, eq=False)
class SignedIn(UserMixin):
    """Whoever is signed in, as read at the beginning of the request: a value, not a row, so no commit makes it stale."""

    id: int
    username: str
    full_name: str
    email: str
    role: str
    session_id: int
    token: str
    single_keys: bool = True  # pages listen to keys that are pressed alone
    locale: str | None = (
        None  # by which dates and numbers are written; None is as the organisation does, here and below
    )
    timezone: str | None = None  # as they chose; None is as their account has it
    language: str | None = None
    account_zone: str = ""

    @property
    def zones(self) -> tuple[str, str]:
        """Names of time zones, of which the first that is known is the person's."""
        return self.timezone or "", self.account_zone

    def get_id(self) -> str:
        """Returns the token: Flask-Login keeps it in the cookie and gives it back to `find()`."""
        return self.token


def init_app(app: Flask) -> None:
    """Makes Flask-Login ask this table who is signed in."""
    login_manager.user_loader(find)
    login_manager.session_protection = None  # the token is enough; addresses change when people move
    login_manager.login_view = "entrance.sign_in"
    app.after_request(_touch_afterwards)


def enter(staff: StaffUser) -> SignedIn:
    """Makes this browser the person's, with a new session and nothing left of the one before."""
    session.clear()
    g.pop("csrf_token", None)  # Flask-WTF's copy of the token that went with the old session
    person = begin(staff, request.remote_addr or "", request.user_agent.string)
    login_user(person)
    return person


def begin(staff: StaffUser, address: str, agent: str) -> SignedIn:
    """Begins a session in its own transaction. Returns the person with the new token."""
    now = utcnow()
    token = token_urlsafe(32)
    with writing(db.session()):
        stored = db.session.scalars(select(StaffPassword.hash).where(StaffPassword.staff_id == staff.id)).one()
        row = StaffSession(
            token_hash=_hash(token),
            staff_id=staff.id,
            password_mark=mark(stored),
            created_at=now,
            last_seen_at=now,
            address=address[:45],
            agent=agent[:200],
        )
        db.session.execute(delete(StaffSession).where(StaffSession.created_at < now - _KEPT))
        lists.forget_ticks(staff.id)
        db.session.add(row)
        db.session.flush()
        return _person(staff, row.id, token, account_zone=staff.timezone)


def find(token: str) -> SignedIn | None:
    """Returns the person whose session `token` names, while it lasts; costs one statement."""
    row = _read(token)
    now = utcnow()
    if row is None or not row.is_active or row.password_mark != mark(row.password_hash):
        return None
    if now - row.created_at > timedelta(hours=current_app.config["SESSION_HOURS"]):
        return None
    idle = timedelta(minutes=current_app.config["SESSION_IDLE_MINUTES"])
    if now - row.last_seen_at > idle:
        return None
    if abs(now - row.last_seen_at) >= min(_TOUCH, idle / 3):
        g.session_to_touch = row.session_id
    wants = {name: row._mapping[name] for name in preferences.NAMES if row._mapping[name] is not None}
    return _person(row, row.session_id, token, account_zone=row.account_zone, **wants)


def _read(token: str) -> Any:
    return db.session.connection().execute(_BY_TOKEN, {"token_hash": _hash(token)}).one_or_none()


# Made once: each request begins with it.
_BY_TOKEN = (
    select(
        StaffUser.id,
        StaffUser.username,
        StaffUser.full_name,
        StaffUser.email,
        StaffUser.role,
        StaffUser.is_active,
        StaffUser.timezone.label("account_zone"),
        StaffPassword.hash.label("password_hash"),
        StaffSession.id.label("session_id"),
        StaffSession.password_mark,
        StaffSession.created_at,
        StaffSession.last_seen_at,
        *(getattr(StaffPreference, name) for name in preferences.NAMES),
    )
    .join(StaffSession, StaffSession.staff_id == StaffUser.id)
    .join(StaffPassword, StaffPassword.staff_id == StaffUser.id)
    .outerjoin(StaffPreference, StaffPreference.staff_id == StaffUser.id)
    .where(StaffSession.token_hash == bindparam("token_hash"), StaffSession.ended_at.is_(None))
)


def _person(staff: StaffUser | Row[Any], session_id: int, token: str, **wants: Any) -> SignedIn:
    return SignedIn(
        id=staff.id,
        username=staff.username,
        full_name=staff.full_name,
        email=staff.email,
        role=staff.role,
        session_id=session_id,
        token=token,
        **wants,
    )


def end(session_id: int) -> None:
    """Ends one session: its cookie is dead from now on, wherever a copy of it lies."""
    with writing(db.session()):
        db.session.execute(update(StaffSession).where(StaffSession.id == session_id).values(ended_at=utcnow()))


def end_all(staff_id: int) -> None:
    """Ends every session of a person. The caller commits."""
    live = (StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None))
    db.session.execute(update(StaffSession).where(*live).values(ended_at=utcnow()))


def began_here(staff_id: int, address: str) -> bool:
    """Says whether the person has signed in from this address within the last month."""
    since: datetime = utcnow() - timedelta(days=30)
    known = (StaffSession.staff_id == staff_id, StaffSession.created_at > since, StaffSession.address == address)
    return db.session.scalar(select(StaffSession.id).where(*known).limit(1)) is not None


def leave_idle() -> None:
    """Lets this request count as no use of the session: the page sent it, not a person."""
    g.pop("session_to_touch", None)


def _touch_afterwards(response: Response) -> Response:
    """Notes that the session is in use once the answer has been sent: nobody waits for a busy database."""
    session_id: int | None = g.pop("session_to_touch", None)
    if session_id is not None:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        response.call_on_close(lambda: touch(app, session_id))
    return response


def touch(app: Flask, session_id: int) -> None:
    """Sets the time at which the session was last seen; a database that cannot be written to is no reason to fail.

    One thread at a time may wait for a busy database. The others leave it to the next request.
    """
    if not _touching.acquire(blocking=False):
        return
    with app.app_context():
        try:
            with writing(db.session()):
                seen = update(StaffSession).where(StaffSession.id == session_id).values(last_seen_at=utcnow())
                db.session.execute(seen)
        except OperationalError:
            logging.getLogger("backoffice").warning("The session %s could not be noted as in use", session_id)
        finally:
            _touching.release()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
