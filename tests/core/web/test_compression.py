from __future__ import annotations

import gzip
import re
from collections.abc import Callable

from flask.testing import FlaskClient

from backoffice.core.web.compression import packed_page

PACKED = {"Accept-Encoding": "gzip, br"}


def test_static_texts_are_compressed_without_comments_for_those_who_can_unpack_them(client: FlaskClient) -> None:
    with client.get("/static/css/app.css") as plain:
        content = plain.data
    packed = client.get("/static/css/app.css", headers=PACKED)

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == re.sub(rb" ?/\*.*?\*/", b"", content, flags=re.DOTALL)
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_the_licence_in_a_stylesheet_goes_along(client: FlaskClient) -> None:
    packed = client.get("/bootstrap/static/css/bootstrap.min.css", headers=PACKED)

    assert b"Licensed under MIT" in gzip.decompress(packed.data)[:400]


def test_an_unchanged_file_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/static/css/app.css", headers=PACKED)

    with client.get("/static/css/app.css", headers=PACKED | {"If-None-Match": first.headers["ETag"]}) as again:
        assert (again.status_code, again.data) == (304, b"")


def test_a_font_is_sent_as_it_is(client: FlaskClient) -> None:
    with client.get("/static/fonts/inter-4.1.woff2", headers=PACKED) as font:
        assert "Content-Encoding" not in font.headers


def test_pages_are_compressed_and_whole(sign_in: Callable[..., FlaskClient]) -> None:
    client = sign_in("registrar")

    packed = client.get("/admin/students/", headers=PACKED)
    text = gzip.decompress(packed.data).decode()

    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(text) / 2
    assert text.lstrip().startswith("<!doctype html>")
    assert text.rstrip().endswith("</html>")


def test_the_length_of_a_page_does_not_tell_what_is_in_it() -> None:
    page = b"the same page " * 100

    packed = [packed_page(page) for _ in range(40)]

    assert {gzip.decompress(answer) for answer in packed} == {page}
    assert len({len(answer) for answer in packed}) > 10
