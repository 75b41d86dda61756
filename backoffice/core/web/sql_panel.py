"""The development server's SQL panel: under every page, the statements that it cost."""

from __future__ import annotations

from flask import Flask, Response
from flask_sqlalchemy.record_queries import get_recorded_queries
from markupsafe import Markup

_PANEL = Markup(
    '<details class="sql-panel no-print"><summary>{count} SQL statements, {milliseconds:.1f} ms</summary><ol>{rows}</ol></details>'
)
_ROW = Markup("<li><code>{statement}</code> {milliseconds:.1f} ms, {location}</li>")


def init_app(app: Flask) -> None:
    """Adds the panel in development and nothing anywhere else."""
    if app.config["MODE"] == "development":
        app.config["SQLALCHEMY_RECORD_QUERIES"] = True
        app.after_request(_append)


def _append(response: Response) -> Response:
    if response.mimetype != "text/html" or response.direct_passthrough or response.is_streamed:
        return response
    queries = get_recorded_queries()
    rows = Markup("").join(
        _ROW.format(statement=query.statement, milliseconds=query.duration * 1000, location=query.location)
        for query in queries
    )
    panel = _PANEL.format(count=len(queries), milliseconds=sum(q.duration for q in queries) * 1000, rows=rows)
    response.set_data(response.get_data(as_text=True).replace("</body>", f"{panel}</body>", 1))
    return response
