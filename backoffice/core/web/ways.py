"""Where a page may lead on: to an address of this site, whatever the request asked for."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

HOME = "/admin/"
_PATH_HERE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_NOT_WORTH = frozenset({"/", "/login", "/logout"})


def path_here(target: str | None, otherwise: str = HOME) -> str:
    """Returns `target` if it is an address of this site that is worth going back to, else `otherwise`."""
    if not target or not _PATH_HERE.fullmatch(target):
        return otherwise
    path = urlsplit(target).path
    odd = "//" in path or not {".", ".."}.isdisjoint(
        path.split("/")
    )  # browsers and proxies read these in their own ways
    return otherwise if odd or path in _NOT_WORTH else target
