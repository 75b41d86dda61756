"""The gate: who may call which endpoint. What declares no right is refused.

Every view says what it asks for with `@public`, `@signed_in` or `@requires(verb, model)`; a class of views may answer
`need_of(name)` for its methods instead, as grids do. The check runs before the view, and before any of its code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge, Unauthorized
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import RequestRedirect

from backoffice.core import access, reader
from backoffice.core.access import Person, Verb
from backoffice.core.model import Record
from backoffice.core.web.errors import UNKNOWN_HOST, wants_json
from backoffice.core.web.forgery import READS, refuse_forgeries
from backoffice.core.wording import gettext
from backoffice.extensions import login_manager

View = TypeVar("View", bound=Callable[..., Any])

FILES = frozenset({"static", "bootstrap.static", "brand.logo", "brand.style"})  # the same for everybody, and kept
STAFF_FILES = frozenset({"admin.static"})  # Flask-Admin's own, which no page of ours uses
MOST_FIELDS = 5_000  # of one form; the largest page of ours sends some hundred


@dataclass(frozen=True)
class Need:
    """What an endpoint asks of whoever calls it: nothing, to be signed in, or a right on a model."""

    signed_in: bool = True
    verb: Verb | None = None
    model: type[Record] | None = None


PUBLIC = Need(signed_in=False)
SIGNED_IN = Need()


class SessionOver(Unauthorized):
    """A form was sent after its session had ended. The answer keeps what was typed."""

    description = lazy_gettext("You were signed out before this was sent. Nothing was saved yet.")


def init_app(app: Flask) -> None:
    """Puts the gate before every request: size, then right, then forgery."""
    if app.config["PROXIES"]:
        hops = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # the gate asks, once it knows who is asking
    app.config["WTF_CSRF_SSL_STRICT"] = False  # asks for a Referer, which some people's browsers never send
    app.before_request(guard)


def public(view: View) -> View:
    """Marks a view that anybody may call: sign-in and health, nothing that shows data."""
    return _mark(view, PUBLIC)


def signed_in(view: View) -> View:
    """Marks a view for every member of staff; what it shows to whom, it asks of access itself."""
    return _mark(view, SIGNED_IN)


def requires(verb: Verb, model: type[Record]) -> Callable[[View], View]:
    """Marks a view that asks for a right on a model."""
    return lambda view: _mark(view, Need(verb=verb, model=model))


def _mark(view: View, need: Need) -> View:
    view.need = need  # type: ignore[attr-defined]
    return view


def need_of(app: Flask, endpoint: str) -> Need | None:
    """Returns what `endpoint` asks for; None where nothing was declared, which the gate refuses."""
    if endpoint in FILES:
        return PUBLIC
    if endpoint in STAFF_FILES:
        return SIGNED_IN
    view = app.view_functions[endpoint]
    declared = getattr(view, "need", None)
    answer = getattr(getattr(view, "__self__", None), "need_of", None)
    if declared is None and answer is not None:
        declared = answer(view.__name__)
    return cast("Need | None", declared)


def current_person() -> Person:
    """Returns the member of staff who is signed in. Answers 401 where nobody is."""
    person = current_user._get_current_object()
    if not person.is_authenticated:
        abort(401)
    return cast(Person, person)


def guard() -> ResponseReturnValue | None:
    """Stops a request that is malformed, lacks the right or is forged; None lets it pass."""
    if isinstance(request.routing_exception, UNKNOWN_HOST):
        raise request.routing_exception
    answer = _stop_without_right()
    if answer is None and isinstance(request.routing_exception, RequestRedirect):
        return redirect(_without_host(request.routing_exception.new_url), request.routing_exception.code)
    if answer is None and request.endpoint is not None and request.method not in READS:
        _refuse_excess()
        refuse_forgeries()
    return answer


def _without_host(address: str) -> str:
    """Returns the address on this site alone: the host in it is what the request says, whoever made that up."""
    return "/" + urlsplit(address)._replace(scheme="", netloc="").geturl().lstrip("/")


def _stop_without_right() -> ResponseReturnValue | None:
    if request.endpoint is None:  # no such address: not even that is said to a stranger
        hidden = request.path == "/admin" or request.path.startswith("/admin/")
        return _to_sign_in() if hidden and not current_user.is_authenticated else None
    need = need_of(current_app, request.endpoint)
    if need is None:
        current_app.logger.error("The endpoint %s declares no right", request.endpoint)
        abort(403)
    if need.signed_in and not current_user.is_authenticated:
        return _to_sign_in()
    if need.verb is not None and need.model is not None:
        access.require(current_person(), need.verb, need.model)
    return None


def _to_sign_in() -> ResponseReturnValue:
    """Leads to the sign-in page and back to where the request wanted to go. Typed text is not lost on the way."""
    if wants_json():
        abort(401)
    if request.method in READS:
        return redirect(url_for(login_manager.login_view, next=request.full_path.rstrip("?")))
    if "_user_id" in session:
        _refuse_excess()
        raise SessionOver
    return redirect(url_for(login_manager.login_view, next="/admin/"))


def _refuse_excess() -> None:
    fields = request.form.items(multi=True)
    if next(islice(fields, MOST_FIELDS, None), None) is not None:
        raise RequestEntityTooLarge(
            gettext("A form may hold at most %(number)s fields.", number=reader.number(MOST_FIELDS))
        )
