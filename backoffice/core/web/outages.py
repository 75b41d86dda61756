"""When the database fails: out of reach, busy, without room, or against a value. Told in words; what was sent can be sent again."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, request
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from backoffice.core.web import kept
from backoffice.core.web.errors import error_page
from backoffice.core.web.forgery import READS, comes_from_here
from backoffice.core.wording import gettext
from backoffice.extensions import db

RETRY_SECONDS = 5
_NO_ROOM = frozenset({"SQLITE_FULL", "SQLITE_IOERR_WRITE", "53100"})  # by SQLite's name, by SQLSTATE

log = logging.getLogger("backoffice")


def init_app(app: Flask) -> None:
    """Registers the pages for what the database does not do."""
    for unreachable in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(unreachable, _on_unreachable)
    for conflict in (IntegrityError, StaleDataError):
        app.register_error_handler(conflict, _on_conflict)
    app.register_error_handler(DataError, _on_bad_value)
    app.teardown_appcontext(_end_session)


def try_again(status: int, text: str = "") -> Response:
    """Returns the page of a failure that may soon be over, with a button that sends the same form once more."""
    resent: dict[str, object] = {}
    if request.method not in READS and comes_from_here():
        again = request.full_path.rstrip("?")
        resent = {"again": again, "fields": kept.typed(), "files_were_sent": kept.files_were_sent()}
    answer = error_page(status, text, **resent)
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _on_unreachable(error: Exception) -> Response:
    log.error("The database does not answer: %s", type(error).__name__, exc_info=error)
    db.session.rollback()
    return try_again(507 if _has_no_room(getattr(error, "orig", None)) else 503)


def _has_no_room(cause: Any) -> bool:
    return not _NO_ROOM.isdisjoint({getattr(cause, "sqlite_errorname", None), getattr(cause, "sqlstate", None)})


def _on_conflict(error: Exception) -> Response:
    log.error("A conflict reached the top: %s", type(error).__name__, exc_info=error)
    db.session.rollback()
    return error_page(409)


def _on_bad_value(error: DataError) -> Response:
    log.error("A value reached the database unchecked", exc_info=error)
    db.session.rollback()
    return error_page(400, gettext("A value is outside what can be stored. Check numbers and dates and try again."))


def _end_session(error: BaseException | None) -> None:
    """Ends the database session. A connection that was cut by now costs the answer nothing: it is already made."""
    try:
        db.session.close()
    except DBAPIError as lost:
        log.warning("A connection was lost after its last use: %s", type(lost).__name__)
        db.session().invalidate()
