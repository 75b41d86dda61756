"""What is written down once an answer has been sent: a page that only tells something must not wait for the database."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import after_this_request, current_app
from sqlalchemy.exc import SQLAlchemyError
from werkzeug import Response

from backoffice.core.operations import Busy

log = logging.getLogger("backoffice")


def afterwards(work: Callable[[], None]) -> None:
    """Does `work` when this request's answer has been read; while the database is busy it is left undone."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def do() -> None:
        with app.app_context():
            try:
                work()
            except (Busy, SQLAlchemyError):
                log.warning("Could not note what was told", exc_info=True)

    @after_this_request
    def send(response: Response) -> Response:
        response.call_on_close(do)
        return response
