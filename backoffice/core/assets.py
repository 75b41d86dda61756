"""Static files: addresses that change when the file changes, so that browsers may keep them for a year, and compressed."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

YEAR = 365 * 24 * 60 * 60
ENDPOINTS = frozenset({"static", "bootstrap.static"})
COMPRESSED = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml"})


@dataclass
class Assets:
    """What is known about the files of one application: (endpoint, name) -> time of the file and what was made of it."""

    hashes: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)
    packed: dict[tuple[str, str], tuple[float, bytes]] = field(default_factory=dict)


def init_app(app: Flask) -> None:
    """Gives templates `asset()`; lets browsers keep what they asked for by its hash; packs texts for those that can unpack."""
    app.extensions["assets"] = Assets()
    app.jinja_env.globals["asset"] = asset
    app.after_request(_keep)
    app.after_request(_pack)


def asset(filename: str, endpoint: str = "static") -> str:
    """Returns the address of a static file with `v` set to the hash of its content.

    `endpoint` is "static" for our own files and "bootstrap.static" for those that Bootstrap-Flask ships.
    """
    known: dict[tuple[str, str], tuple[float, str]] = current_app.extensions["assets"].hashes
    path = _path(endpoint, filename)
    modified = path.stat().st_mtime
    entry = known.get((endpoint, filename))
    if entry is None or entry[0] != modified:
        entry = known[endpoint, filename] = modified, hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return url_for(endpoint, filename=filename, v=entry[1])


def _path(endpoint: str, filename: str) -> Path:
    blueprint, _, _ = endpoint.rpartition(".")
    owner = current_app.blueprints[blueprint] if blueprint else current_app
    return Path(str(owner.static_folder)) / filename


def _keep(response: Response) -> Response:
    if request.endpoint in ENDPOINTS and "v" in request.args and response.status_code in (200, 304):
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = YEAR
        response.cache_control.immutable = True
    return response


def _pack(response: Response) -> Response:
    """Compresses a static text once and keeps it. Pages stay as they are: their length must not tell what is in them."""
    if request.endpoint not in ENDPOINTS or response.mimetype not in COMPRESSED:
        return response
    response.vary.add("Accept-Encoding")
    if (
        response.status_code == 200
        and request.accept_encodings["gzip"]
        and request.method == "GET"
        and not request.range
    ):
        response.response.close()  # type: ignore[union-attr]  # the open file
        response.direct_passthrough = False
        response.set_data(_packed(request.endpoint, (request.view_args or {})["filename"]))
        response.content_encoding = "gzip"
        response.set_etag(response.get_etag()[0] or "", weak=True)  # two forms, one content
    return response


def _packed(endpoint: str, filename: str) -> bytes:
    known: dict[tuple[str, str], tuple[float, bytes]] = current_app.extensions["assets"].packed
    path = _path(endpoint, filename)
    modified = path.stat().st_mtime
    entry = known.get((endpoint, filename))
    if entry is None or entry[0] != modified:
        entry = known[endpoint, filename] = modified, gzip.compress(path.read_bytes(), mtime=0)
    return entry[1]
