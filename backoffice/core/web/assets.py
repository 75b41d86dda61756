"""Static files have addresses that change when the file changes, so that browsers may keep them for a year."""

from __future__ import annotations

import hashlib
from pathlib import Path
from time import monotonic

from flask import Flask, Response, current_app, request, url_for

YEAR = 365 * 24 * 60 * 60
ENDPOINTS = frozenset({"static", "bootstrap.static"})
VERSIONED_NAMES = "/static/fonts/"  # a stylesheet names these, so their version is in the name

Named = tuple[str, str]  # an endpoint and a file's name
SECONDS = 1.0  # for which nobody looks whether a file has changed


class Addresses(dict[Named, str]):
    """The addresses of files that were looked at since `since`, on the clock of `monotonic`."""

    def __init__(self) -> None:
        super().__init__()
        self.since = 0.0
        self._known: dict[Named, tuple[Path, float, str]] = {}  # the file, when it was changed, its address

    def __missing__(self, named: Named) -> str:
        known = self._known.get(named)
        if known is None or known[1] != known[0].stat().st_mtime:
            known = self._known[named] = _read(*named)
        address = self[named] = known[2]
        return address

    def renewed(self) -> Addresses:
        """Returns these, emptied where they are not to be trusted any more."""
        now = monotonic()
        if now - self.since > SECONDS:
            self.clear()
            self.since = now
        return self


def init_app(app: Flask) -> None:
    """Gives templates `asset()` and lets browsers keep what they asked for by its hash."""
    app.extensions["assets"] = Addresses()
    app.jinja_env.globals["asset"] = asset
    app.after_request(_keep)


def asset(filename: str, endpoint: str = "static") -> str:
    """Returns the address of a static file with `v` set to the hash of its content.

    `endpoint` is "static" for our own files and "bootstrap.static" for those that Bootstrap-Flask ships. A file that has
    changed has its new address a second later: a list's page names seventy.
    """
    addresses: Addresses = current_app.extensions["assets"]
    return addresses.renewed()[endpoint, filename]


def _read(endpoint: str, filename: str) -> tuple[Path, float, str]:
    path = file_of(endpoint, filename)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return path, path.stat().st_mtime, url_for(endpoint, filename=filename, v=digest)


def file_of(endpoint: str, filename: str) -> Path:
    """Returns the file that is served at an endpoint of static files."""
    blueprint, _, _ = endpoint.rpartition(".")
    owner = current_app.blueprints[blueprint] if blueprint else current_app
    return Path(str(owner.static_folder)) / filename


def _keep(response: Response) -> Response:
    named = "v" in request.args or request.path.startswith(VERSIONED_NAMES)
    if request.endpoint in ENDPOINTS and named and response.status_code in (200, 304):
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = YEAR
        response.cache_control.immutable = True
    return response
