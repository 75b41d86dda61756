"""Signing in and out."""

from __future__ import annotations

import logging

from flask import Blueprint, Flask, Response, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_limiter import RateLimitExceeded
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from backoffice.core.web import kept, logs
from backoffice.core.web.errors import error_page, wants_json
from backoffice.core.web.gate import SessionOver, public
from backoffice.core.web.ways import HOME, path_here
from backoffice.core.wording import gettext
from backoffice.staff import account, rights, sessions, style, throttle
from backoffice.staff.forms import SignInForm
from backoffice.staff.models import StaffUser
from backoffice.staff.passwords import outdated, verify
from backoffice.staff.services import set_password, stored_hash

WRONG = lazy_gettext("That username and password do not match. Check both and try again.")
ENDED = lazy_gettext("Your session has ended. Sign in to go on where you were.")

blueprint = Blueprint("entrance", __name__)


def init_app(app: Flask) -> None:
    """Adds sign-in, sign-out, the pages of one's own account, the page of rights and the style guide."""
    sessions.init_app(app)
    for part in (blueprint, account.blueprint, rights.blueprint, style.blueprint):
        app.register_blueprint(part)
    app.register_error_handler(SessionOver, _on_session_over)
    app.register_error_handler(RateLimitExceeded, _on_too_many)


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """Leads to the overview, or to the sign-in page from there."""
    return redirect(HOME)


@blueprint.route("/login", methods=("GET", "POST"))
@public
@throttle.throttled
def sign_in() -> ResponseReturnValue:
    """The sign-in page (GET), and signing in (POST)."""
    form = SignInForm()
    form.next.data = form.next.data or request.args.get("next", "")
    if request.method == "POST":
        return _try(form)
    if current_user.is_authenticated:
        return redirect(path_here(form.next.data))
    return _page(form, note=ENDED if "_user_id" in session else "")


def _try(form: SignInForm) -> ResponseReturnValue:
    tried = throttle.account_tried()
    staff = _admitted(tried, form.password.data or "")
    if staff is None:
        logs.event("sign_in.failed", person=tried.id if tried else None, level=logging.WARNING)
        return _page(form, throttle.FAILED, error=WRONG)
    return _enter(staff, form)


def _admitted(staff: StaffUser | None, password: str) -> StaffUser | None:
    """Returns the account if the password opens it. Unknown, inactive and wrong cost the same time."""
    matches = verify(stored_hash(staff), password)
    return staff if staff and matches and staff.is_active else None


def _enter(staff: StaffUser, form: SignInForm) -> ResponseReturnValue:
    if outdated(stored_hash(staff) or ""):
        set_password(staff, form.password.data or "")
    person = sessions.enter(staff)
    logs.event("sign_in.ok", person=person.id)
    fields = kept.unpack(form.kept.data or "")
    if fields and form.kept_for.data:
        page = render_template("staff/send_again.html", fields=fields, again=path_here(form.kept_for.data))
        return make_response(page)
    return redirect(path_here(form.next.data))


@blueprint.post("/logout")
@public
def sign_out() -> ResponseReturnValue:
    """Ends the session on the server; copies of the cookie are worth nothing afterwards."""
    if current_user.is_authenticated:
        sessions.end(current_user.session_id)
        logs.event("sign_out", person=current_user.id)
    session.clear()
    flash(gettext("You are signed out."), "success")
    return redirect(url_for("entrance.sign_in"))


def _page(form: SignInForm, status: int = 200, *, error: str = "", note: str = "") -> Response:
    fields = kept.unpack(form.kept.data or "")
    return make_response(
        render_template("staff/sign_in.html", form=form, error=str(error), note=str(note), fields=fields), status
    )


@blueprint.errorhandler(CSRFError)
def _on_stale_page(error: CSRFError) -> Response:
    """The sign-in page was older than its session; what was typed stays, but for the password."""
    if wants_json():
        return error_page(400)
    return _page(SignInForm(), 400, error=gettext("This page was no longer valid. Please sign in again."))


def _on_session_over(error: SessionOver) -> Response:
    """Asks to sign in again and keeps the form that came too late."""
    fields = kept.typed()
    form = SignInForm(formdata=None)
    form.kept.data, form.kept_for.data = kept.pack(fields), request.full_path.rstrip("?")
    return _page(form, 401, note=str(error.description))


def _on_too_many(error: RateLimitExceeded) -> Response:
    seconds = throttle.seconds_to_wait()
    words = throttle.advice(seconds)
    logs.event("sign_in.throttled", level=logging.WARNING, seconds=seconds)
    on_sign_in = request.endpoint == "entrance.sign_in" and not wants_json()
    answer = _page(SignInForm(), 429, error=words) if on_sign_in else error_page(429, words)
    answer.headers["Retry-After"] = str(seconds)
    return answer
