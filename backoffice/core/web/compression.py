"""Texts travel compressed: pages each time anew, static files once and for all.

A page holds secrets beside what somebody else may have put into its address, and a compressed length could tell one by
the other (BREACH). So every page is a random number of bytes longer, as Django does it: inside gzip's own file name.
"""

from __future__ import annotations

import gzip
import re
import secrets
import zlib
from pathlib import Path
from struct import pack

from flask import Flask, Response, current_app, request

from backoffice.core.web.assets import ENDPOINTS, file_of

TEXTS = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml"})
PAGES = frozenset({"text/html", "application/json"})
SMALLEST = 500  # bytes; below that there is nothing to gain
LONGEST_NAME = 100
LEVEL = 5
COMMENTS = re.compile(rb" ?/\*(?!!).*?\*/", re.DOTALL)


def init_app(app: Flask) -> None:
    """Compresses answers for those who can unpack them. Files that are streamed are left alone."""
    app.extensions["packed_files"] = {}
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    of_file = request.endpoint in ENDPOINTS and response.mimetype in TEXTS
    if not of_file and (response.mimetype not in PAGES or response.is_streamed):
        return response
    response.vary.add("Accept-Encoding")
    wanted = request.accept_encodings["gzip"] and request.method != "HEAD" and not request.range
    if not wanted or response.content_encoding or (of_file and response.status_code != 200):
        return response
    if of_file:
        _replace(response, _packed_file(str(request.endpoint), (request.view_args or {})["filename"]))
        response.set_etag(response.get_etag()[0] or "", weak=True)  # two forms, one content
    elif len(page := response.get_data()) >= SMALLEST:
        _replace(response, packed_page(page))
    return response


def _replace(response: Response, data: bytes) -> None:
    if response.direct_passthrough:  # an open file
        response.response.close()  # type: ignore[union-attr]
        response.direct_passthrough = False
    response.set_data(data)
    response.content_encoding = "gzip"


def _packed_file(endpoint: str, filename: str) -> bytes:
    known: dict[tuple[str, str], tuple[float, bytes]] = current_app.extensions["packed_files"]
    path = file_of(endpoint, filename)
    modified = path.stat().st_mtime
    entry = known.get((endpoint, filename))
    if entry is None or entry[0] != modified:
        entry = known[endpoint, filename] = (modified, gzip.compress(_slim(path), mtime=0))
    return entry[1]


def _slim(path: Path) -> bytes:
    """Returns a file as it travels: what explains a stylesheet stays at home, a licence (`/*!`) goes along."""
    content = path.read_bytes()
    return COMMENTS.sub(b"", content) if path.suffix == ".css" else content


def packed_page(data: bytes) -> bytes:
    """Returns `data` as gzip (RFC 1952) with a file name of random length."""
    name = b"x" * secrets.randbelow(LONGEST_NAME + 1)
    header = b"\x1f\x8b\x08\x08" + pack("<L", 0) + b"\x00\xff" + name + b"\x00"
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = packer.compress(data) + packer.flush()
    return header + body + pack("<LL", zlib.crc32(data), len(data) & 0xFFFFFFFF)
