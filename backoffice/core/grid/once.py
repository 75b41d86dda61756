"""A form that makes something is answered once, however often it is sent: the second answer is the first one's."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from backoffice.core.summaries.flight import one_at_a_time
from backoffice.core.web.gate import current_person
from backoffice.extensions import cache

REMEMBERED = 24 * 60 * 60  # seconds
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")


def new_token() -> str:
    """Returns the hidden value that marks one showing of a form."""
    return secrets.token_urlsafe(24)


def only_once(token: str, make: Callable[[], int]) -> tuple[int, bool]:
    """Returns (what `make` returned, is it new); it runs once per token, in whatever thread or process.

    A failed attempt does not count. Without a token, as a script may send the form, there is nothing to compare.
    """
    if not _TOKEN.fullmatch(token):
        return make(), True
    key = f"form:{current_person().id}:{token}"
    with one_at_a_time(key):
        earlier = cache.get(key)
        if isinstance(earlier, int):
            return earlier, False
        made = make()
        cache.set(key, made, timeout=REMEMBERED)
        return made, True
