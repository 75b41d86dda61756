"""The organisation's logo and colour: judged at the start, safe to look at, readable in both themes."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backoffice.app import create_app
from backoffice.config import SettingError, Settings
from backoffice.core.web.brand import GROUNDS, WORDS, accents, grounds
from backoffice.core.web.colours import contrast
from backoffice.core.web.tokens import Theme

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#0b6e4f"/></svg>'
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 22, 22) + b"\x08\x02\0\0\0"
USABLE = ("#0b6e4f", "#FFCC00", "#c8102e", "#000080", "#00a3e0", "#767676", "#ff69b4", "#228b22")


@pytest.fixture
def branded(settings: Settings, app: Flask) -> Callable[..., FlaskClient]:
    """Returns a function: settings of the brand -> a stranger's browser at an application that has them."""
    return lambda **changed: create_app(replace(settings, **changed)).test_client()


def at(folder: Path, content: bytes, name: str = "logo") -> str:
    file = folder / name
    file.write_bytes(content)
    return str(file)


def refusal(branded: Callable[..., FlaskClient], **changed: str) -> str:
    with pytest.raises(SettingError) as error:
        branded(**changed)
    return str(error.value)


@pytest.mark.parametrize(("content", "kind"), [(SVG, "image/svg+xml"), (PNG, "image/png")])
def test_a_logo_is_shown_by_its_hash_with_the_type_of_its_content(branded, tmp_path: Path, content, kind) -> None:
    client = branded(LOGO=at(tmp_path, content, "logo.txt"))

    page = client.get("/login").get_data(as_text=True)
    addresses = set(re.findall(r'"(/brand/logo\?v=[0-9a-f]{12})"', page))
    answer = client.get(addresses.pop())

    assert (addresses, answer.data) == (set(), content)
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"


def test_without_the_settings_there_is_our_own_mark_and_nothing_more_to_fetch(client: FlaskClient) -> None:
    page = client.get("/login").get_data(as_text=True)

    assert ("/brand/" in page, "#brand" in page) == (False, True)
    assert [client.get(f"/brand/{name}").status_code for name in ("logo", "style.css")] == [404, 404]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"GIF89a", "is neither a PNG nor an SVG without entities"),
        (b"<html/>", "is neither a PNG nor an SVG"),
        (b"\x89PNG\r\n\x1a\n", "is no picture of 1 to 4096 pixels a side"),
        (b'<!DOCTYPE s [<!ENTITY a "b">]><s/>', "is neither a PNG nor an SVG without entities"),
        (b'<?xml version="1.0" encoding="none"?><s/>', "is neither a PNG nor an SVG without entities"),
        (SVG.replace(b"<circle", b"<script/><circle"), "holds a script or a link to elsewhere"),
        (SVG.replace(b"<circle", b'<circle onload="f()"'), "holds a script or a link to elsewhere"),
        (SVG.replace(b"<circle", b'<use href="https://elsewhere.example/#a"/><circle'), "holds a script or a link"),
        (SVG + b" " * 100_000, "is larger than 100 KB"),
    ],
)
def test_a_logo_that_cannot_be_used_stops_the_start_with_one_line(branded, tmp_path: Path, content, why) -> None:
    said = refusal(branded, LOGO=at(tmp_path, content))

    assert said.startswith(f"BACKOFFICE_LOGO='{tmp_path / 'logo'}' {why}")
    assert "\n" not in said


def test_a_logo_that_is_not_there_stops_the_start(branded, tmp_path: Path) -> None:
    assert "cannot be read" in refusal(branded, LOGO=str(tmp_path / "nothing.svg"))
    assert "cannot be read" in refusal(branded, LOGO=str(tmp_path))


@pytest.mark.parametrize("colour", USABLE)
def test_everything_in_or_on_the_colour_can_be_read_in_both_themes(app: Flask, colour: str) -> None:
    known = grounds(app)
    made = accents(colour, known)

    for theme in Theme:
        ours, page = {name: pair[theme] for name, pair in made.items()}, known[theme]
        words = [contrast(ours["on-accent"], ours[ground]) for ground in ("accent", "accent-hover")]
        words += [contrast(ours["accent-text"], page[ground]) for ground in GROUNDS]
        words += [contrast(page[ink], ours["accent-soft"]) for ink in WORDS]
        words += [contrast(ours["accent-text"], ours["accent-soft"])]
        shapes = [
            contrast(ours[shape], page[ground]) for shape in ("accent", "focus") for ground in ("canvas", "surface")
        ]
        assert (min(words) >= 4.5, min(shapes) >= 3) == (True, True), (theme.name, ours)


@pytest.mark.parametrize(
    ("colour", "why"),
    [
        ("#ffffff", "cannot be told from a light page (contrast below 3:1). Set a darker colour."),
        ("#ffff00", "cannot be told from a light page (contrast below 3:1). Set a darker colour."),
        ("#000000", "cannot be told from a dark page (contrast below 3:1). Set a lighter colour."),
        ("green", "is no colour. Set one such as #0b6e4f."),
        ("#0b6", "is no colour. Set one such as #0b6e4f."),
    ],
)
def test_a_colour_that_cannot_be_used_stops_the_start_with_one_line(branded, colour: str, why: str) -> None:
    assert refusal(branded, COLOUR=colour) == f"BACKOFFICE_COLOUR={colour!r} {why}"


def test_the_colour_takes_the_place_of_the_accent_after_our_own_styles(branded) -> None:
    client = branded(COLOUR="#0b6e4f")

    page = client.get("/login").get_data(as_text=True)
    sheets = re.findall(r'<link rel="stylesheet" href="([^"?]+)', page)
    style = client.get("/brand/style.css")

    assert sheets[-1] == "/brand/style.css"
    assert style.mimetype == "text/css"
    assert "--accent: light-dark(#0b6e4f, " in style.get_data(as_text=True)
