"""Error pages: the right status, words that say what to do next, the request's number, and never a trace of the inside."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_babel import lazy_gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadHost, HTTPException, SecurityError

from backoffice.core.access import Refused
from backoffice.core.web import kept, logs
from backoffice.core.wording import gettext
from backoffice.extensions import login_manager

UNKNOWN_HOST = (SecurityError, BadHost)  # the Host is none of ours, or cannot be one


@dataclass(frozen=True)
class Words:
    """What an error page says: what happened, and what the reader can do."""

    title: str
    text: str


WORDS = {
    400: Words(_("This request is not valid"), _("A part of the address or of the form cannot be read. Check it and try again.")),
    401: Words(_("Please sign in"), _("You are not signed in, or your session has ended.")),
    403: Words(
        _("You may not do this"),
        _("Your role does not include it. If you need it for your work, ask an administrator of the back-office."),
    ),
    404: Words(_("Not found"), _("There is nothing at this address, or it is not yours to see. Search for it in its list.")),
    405: Words(_("Not possible this way"), _("This address does not accept that kind of request. Go back and use the page's own buttons.")),
    409: Words(_("Somebody else changed this"), _("The record changed while you were working. Open it again and repeat your change.")),
    413: Words(_("Too much at once"), _("What you sent is larger than the back-office accepts. Send less, or in parts.")),
    422: Words(_("Some values cannot be saved"), _("Check what you typed and try again.")),
    429: Words(_("Too many attempts"), _("Wait a while, then try again.")),
    500: Words(
        _("Something went wrong here"),
        _("It is not your fault, and nothing was half saved. Try again; if it happens again, tell an administrator the number below."),
    ),
    503: Words(_("Busy or out of reach"), _("The database does not answer just now. Nothing is half done. Try again in a few seconds.")),
    507: Words(
        _("No room to save this"),
        _("The disk that the back-office writes to is full, or takes nothing more. Nothing was changed, and everything can "
        "be read as before. Tell an administrator: as soon as there is room, the same can be done again."),
    ),
}  # fmt: skip


def init_app(app: Flask) -> None:
    """Registers the pages for everything that can go wrong."""
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(CSRFError, _on_forgery)
    app.register_error_handler(Refused, _on_refusal)


def wants_json() -> bool:
    """Says whether the request was made by a script that asks for JSON rather than by a person who waits for a page."""
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def error_page(status: int, text: str = "", **context: object) -> Response:
    """Returns the page (or the JSON) for an HTTP status; `text` takes the place of the usual advice."""
    if status >= 500:
        g._login_user = login_manager.anonymous_user()  # the answer must not ask the database who is signed in
    words = WORDS.get(status, WORDS[400 if status < 500 else 500])
    title, text = str(words.title), str(text or words.text)
    if wants_json():
        body = {"status": status, "title": title, "message": text, "request_id": logs.request_id()}
        return make_response(jsonify(body), status)
    layout = "layout.html" if current_user.is_authenticated else "layout_bare.html"
    page = render_template(
        "errors/error.html",
        layout=layout,
        status=status,
        title=title,
        text=text,
        request_id=logs.request_id(),
        **context,
    )
    return make_response(page, status)


def _on_http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:  # a redirect, or an answer made elsewhere
        return make_response(error.get_response())
    if isinstance(error, UNKNOWN_HOST):
        return make_response(f"{WORDS[400].title}: unknown host.\n", 400, {"Content-Type": "text/plain; charset=utf-8"})
    status = error.code or 500
    if status == 403:
        _log_refusal(str(error.description))
    own_words = error.description if error.description != type(error).description or _is_ours(error) else ""
    answer = error_page(status, own_words or "")
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _is_ours(error: HTTPException) -> bool:
    return type(error).__module__.startswith("backoffice.")


def _on_forgery(error: CSRFError) -> Response:
    """The token is missing, of another session or spoiled: shows what was typed, to be sent again by its author."""
    logs.event("request.refused", person=_person(), level=logging.WARNING, reason=error.description)
    return error_page(
        400,
        gettext(
            "The page you sent this from was no longer valid, for example after signing in anew in another tab. "
            "Nothing was saved yet. Look through what you typed and send it again."
        ),
        again=request.full_path.rstrip("?"),
        fields=kept.typed(),
        files_were_sent=kept.files_were_sent(),
    )


def _on_refusal(error: Refused) -> Response:
    _log_refusal(str(error))
    return error_page(403)


def _log_refusal(reason: str) -> None:
    logs.event("access.refused", person=_person(), level=logging.WARNING, endpoint=request.endpoint, reason=reason)


def _person() -> int | None:
    return current_user.id if current_user.is_authenticated else None
