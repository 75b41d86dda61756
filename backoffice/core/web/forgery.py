"""A change is accepted only from our own pages: right origin and the token of the same session."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request
from flask_babel import lazy_gettext
from werkzeug.exceptions import Forbidden

from backoffice.extensions import csrf

READS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OWN_SITES = frozenset({"same-origin", "none"})


class ForeignOrigin(Forbidden):
    """Another site sent the request. There is no retry: the person did not ask for it."""

    description = lazy_gettext("This request came from another website, so nothing was changed.")


def refuse_forgeries() -> None:
    """Raises ForeignOrigin or CSRFError for a changing request that does not come from a page of this session."""
    if request.method in READS:
        return
    if not comes_from_here():
        raise ForeignOrigin
    csrf.protect()


def comes_from_here() -> bool:
    """Says whether the browser sent the request from a page of ours, as far as it tells."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in _OWN_SITES and _origin_is_ours()


def _origin_is_ours() -> bool:
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    downgraded = request.is_secure and parts.scheme != "https"
    return parts.netloc.lower() == request.host.lower() and not downgraded
