"""What happened, one line of JSON per event, on standard error: for the administrator and for whoever investigates.

JSON escapes line breaks, so no typed text can forge a line. Passwords, tokens, cookies and query strings never go in.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from flask import Flask, g, has_request_context, request

_logger = logging.getLogger("backoffice.events")
_LONGEST = 500  # characters kept of one value


def init_app(app: Flask) -> None:
    """Writes the application's log as JSON lines and gives every answer the number of its request."""
    if not app.testing:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        app.logger.handlers = [handler]
        app.logger.setLevel(logging.INFO)
        app.logger.propagate = False
        _logger.handlers = [handler]
        _logger.propagate = False
    _logger.setLevel(logging.INFO)
    app.before_request(_number_request)


def event(name: str, *, person: int | None = None, level: int = logging.INFO, **facts: object) -> None:
    """Writes one event: "sign_in.failed", who it concerns (a staff id), and facts that hold no secret."""
    _logger.log(level, name, extra={"person": person, "facts": facts})


def request_id() -> str:
    """Returns the number of this request, which error pages show and the log repeats; "-" outside a request."""
    if not has_request_context():
        return "-"
    if "request_id" not in g:
        g.request_id = uuid4().hex[:12]
    return str(g.request_id)


def _number_request() -> None:
    request_id()


class JsonLines(logging.Formatter):
    """One record, one line: UTC time, level, event, request, address, person, facts, and the traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage()[:_LONGEST],
            **_of_request(),
        }
        if getattr(record, "person", None) is not None:
            line["person"] = record.__dict__["person"]
        line |= {name: str(value)[:_LONGEST] for name, value in getattr(record, "facts", {}).items()}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True)


def _of_request() -> dict[str, str]:
    if not has_request_context():
        return {}
    return {
        "request": request_id(),
        "address": request.remote_addr or "-",
        "method": request.method,
        "path": request.path[:_LONGEST],
    }
