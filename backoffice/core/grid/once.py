"""A form that makes something is answered once, however often it is sent: the second answer is the first one's."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable

from backoffice.core.web.gate import current_person
from backoffice.extensions import cache

REMEMBERED = 24 * 60 * 60  # seconds
PATIENCE = 10.0  # seconds to wait for the first of two simultaneous sendings
UNDER_WAY = 0
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")


def new_token() -> str:
    """Returns the hidden value that marks one showing of a form."""
    return secrets.token_urlsafe(24)


def only_once(token: str, make: Callable[[], int]) -> tuple[int, bool]:
    """Returns (what `make` returned, is it new), where `make` runs once per token. A failed attempt does not count."""
    if not _TOKEN.fullmatch(token):
        return make(), True
    key = f"form:{current_person().id}:{token}"
    if not cache.add(key, UNDER_WAY, timeout=REMEMBERED):
        earlier = _earlier(key)
        if earlier:
            return earlier, False
    try:
        made = make()
    except BaseException:
        cache.delete(key)
        raise
    cache.set(key, made, timeout=REMEMBERED)
    return made, True


def _earlier(key: str) -> int:
    """Returns what the first sending made, once it is finished; 0 if it failed."""
    deadline = time.monotonic() + PATIENCE
    while (made := cache.get(key)) == UNDER_WAY and made is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    return made or 0
