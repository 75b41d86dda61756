"""The page that finds anything, and the same answer as JSON for js/palette.js."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Flask, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice.core.grid import finding
from backoffice.core.grid.declaration import grids
from backoffice.core.web.gate import current_person, signed_in

blueprint = Blueprint("find", __name__, url_prefix="/admin/find")


def init_app(app: Flask) -> None:
    """Adds the page."""
    app.register_blueprint(blueprint)


@blueprint.route("/")
@signed_in
def index() -> ResponseReturnValue:
    """Shows what the text in `q` may mean, as the person may see it."""
    text = request.args.get("q", "")
    groups = finding.found(current_person(), text)
    if request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json":
        return jsonify([asdict(group) for group in groups])
    return render_template("admin/find.html", text=text, groups=groups)


@blueprint.route("/last/")
@signed_in
def last() -> ResponseReturnValue:
    """Leads to the last operation of one's own that can be taken back: its page asks, or says what to do instead."""
    number = finding.last_own(current_person())
    if number is None:
        return redirect(url_for("find.index", q="undo"))
    return redirect(grids()["operations"].address("details_view", id=number))
