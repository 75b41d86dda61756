"""How often somebody may fail to sign in: per account and per address, each by a setting. Success costs nothing.

An account tried from a strange address has one allowance for all strange addresses together. The address from which its
owner signed in lately has an allowance of its own, so that no stranger can lock the owner out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Any, TypeVar

from flask import Response, current_app, g, request
from flask_login import current_user

from backoffice.core import reader
from backoffice.core.clock import utcnow
from backoffice.core.text import email_key
from backoffice.core.wording import ngettext
from backoffice.extensions import limiter
from backoffice.staff import sessions
from backoffice.staff.models import StaffUser
from backoffice.staff.services import find_account

View = TypeVar("View", bound=Callable[..., Any])

FAILED = 401


def throttled(view: View) -> View:
    """Limits how often the sign-in may answer 401."""
    for setting, key in (("SIGN_IN_PER_ACCOUNT", _account), ("SIGN_IN_PER_ADDRESS", _network)):
        view = _limit(setting, key)(view)
    return view


def throttled_for_oneself(view: View) -> View:
    """Limits how often a signed-in person may mistake the current password."""
    return _limit("SIGN_IN_PER_ACCOUNT", lambda: f"self:{current_user.id}")(view)


def _limit(setting: str, key: Callable[[], str]) -> Callable[[View], View]:
    return limiter.limit(  # type: ignore[return-value]
        partial(_setting, setting), key_func=key, methods=["POST"], deduct_when=_failed
    )


def _setting(name: str) -> str:
    return str(current_app.config[name])


def _failed(response: Response) -> bool:
    return response.status_code == FAILED


def account_tried() -> StaffUser | None:
    """Returns the account that this sign-in is for, under either of its names; looked up once per request."""
    if "account_tried" not in g:
        g.account_tried = find_account(request.form.get("username", ""))
    account: StaffUser | None = g.account_tried
    return account


def _account() -> str:
    account = account_tried()
    if account is None:
        return f"name:{email_key(request.form.get('username', ''))[:254]}"
    if sessions.began_here(account.id, request.remote_addr or ""):
        return f"id:{account.id}:{_network()}"
    return f"id:{account.id}"


def _network() -> str:
    """Returns the address; of IPv6 the /64 network, which one household or attacker has whole."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:  # a local socket
        return request.remote_addr or "local"
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)


def seconds_to_wait() -> int:
    """Returns after how many seconds the next attempt counts again."""
    current = limiter.current_limit
    return max(1, int(current.reset_at - utcnow().timestamp())) if current else 60


def advice(seconds: int) -> str:
    """Returns when to come back, in words."""
    then = datetime.fromtimestamp(utcnow().timestamp() + seconds, UTC)
    minutes = ceil(seconds / 60)
    words = ngettext(
        "Too many attempts. Wait a minute and try again after %(time)s.",
        "Too many attempts. Wait %(num)s minutes and try again after %(time)s.",
        minutes,
        time=reader.hour(then),
    )
    return str(words)
