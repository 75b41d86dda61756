"""Addresses of static files that change when the file changes, so that browsers may keep them for a year."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

_YEAR = 365 * 24 * 60 * 60
_STATIC_ENDPOINTS = frozenset({"static", "bootstrap.static"})


def init_app(app: Flask) -> None:
    """Gives templates `asset()` and lets browsers keep what was asked for by its hash."""
    app.extensions["asset_hashes"] = {}
    app.jinja_env.globals["asset"] = asset
    app.after_request(_keep_hashed_files)


def asset(filename: str, endpoint: str = "static") -> str:
    """Returns the address of a static file with `v` set to the hash of its content.

    `endpoint` is "static" for our own files and "bootstrap.static" for those that Bootstrap-Flask ships.
    """
    return url_for(endpoint, filename=filename, v=_hash_of(filename, endpoint))


def _hash_of(filename: str, endpoint: str) -> str:
    hashes: dict[tuple[str, str], tuple[float, str]] = current_app.extensions["asset_hashes"]
    path = _folder_of(endpoint) / filename
    modified = path.stat().st_mtime
    known = hashes.get((endpoint, filename))
    if known is None or known[0] != modified:
        known = (modified, hashlib.sha256(path.read_bytes()).hexdigest()[:12])
        hashes[endpoint, filename] = known
    return known[1]


def _folder_of(endpoint: str) -> Path:
    blueprint, _, _ = endpoint.rpartition(".")
    owner = current_app.blueprints[blueprint] if blueprint else current_app
    return Path(str(owner.static_folder))


def _keep_hashed_files(response: Response) -> Response:
    if request.endpoint in _STATIC_ENDPOINTS and "v" in request.args and response.status_code in (200, 304):
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = _YEAR
        response.cache_control.immutable = True
    return response
