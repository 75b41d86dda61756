from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backoffice.core.web import assets
from backoffice.core.web.assets import asset


def address_of(app: Flask, name: str, endpoint: str = "static") -> str:
    with app.test_request_context():
        return asset(name, endpoint)


def test_an_address_holds_the_hash_of_the_file(app: Flask) -> None:
    assert re.fullmatch(r"/static/css/app\.css\?v=[0-9a-f]{12}", address_of(app, "css/app.css"))
    bootstrap = address_of(app, "css/bootstrap.min.css", "bootstrap.static")
    assert re.fullmatch(r"/bootstrap/static/css/bootstrap\.min\.css\?v=[0-9a-f]{12}", bootstrap)


def test_a_file_that_changed_has_another_address_as_soon_as_it_is_looked_at_again(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    (tmp_path / "new.css").write_text("a {}")
    before = address_of(app, "new.css")
    (tmp_path / "new.css").write_text("b {}")
    os.utime(tmp_path / "new.css", (1, 1))

    at_once = address_of(app, "new.css")
    monkeypatch.setattr(assets, "SECONDS", 0)
    later = address_of(app, "new.css")

    assert at_once == before
    assert later == f"/static/new.css?v={hashlib.sha256(b'b {}').hexdigest()[:12]}"


def test_a_file_asked_for_by_its_hash_is_kept_for_a_year_and_any_other_is_asked_for_again(
    app: Flask, client: FlaskClient
) -> None:
    with client.get(address_of(app, "css/app.css")) as hashed, client.get("/static/css/app.css") as bare:
        kept = [answer.headers["Cache-Control"] for answer in (hashed, bare)]

    assert kept == ["public, max-age=31536000, immutable", "no-cache"]


def test_a_font_has_its_version_in_its_name_and_is_kept(client: FlaskClient) -> None:
    with client.get("/static/fonts/inter-4.1.woff2") as font:
        assert font.headers["Cache-Control"] == "public, max-age=31536000, immutable"


PAGES = ("students/", "students/?search=colour:red", "students/new/", "enrollments/", "operations/", "rights/")


def test_every_file_that_a_page_names_is_kept_for_a_year_and_texts_travel_compressed(
    sign_in: Callable[..., FlaskClient],
) -> None:
    client = sign_in("admin")
    pages = [client.get(f"/admin/{page}").get_data(as_text=True) for page in PAGES]
    named = {
        address.partition("#")[0] for page in pages for address in re.findall(r'"((?:/bootstrap)?/static/[^"]+)"', page)
    }

    kept, packed = set(), set()
    for address in named:
        with client.get(address, headers={"Accept-Encoding": "gzip"}) as answer:
            kept.add(answer.headers["Cache-Control"])
            packed.add((answer.mimetype == "font/woff2", answer.headers.get("Content-Encoding")))

    assert {"/static/js/grid.js", "/static/js/typing.js"} <= {address.partition("?")[0] for address in named}
    assert kept == {"public, max-age=31536000, immutable"}
    assert packed == {(True, None), (False, "gzip")}


def test_a_stylesheet_names_only_files_whose_version_is_in_their_name(app: Flask) -> None:
    sheets = [sheet.read_text() for sheet in Path(str(app.static_folder)).glob("css/*.css")]

    named = {name for sheet in sheets for name in re.findall(r"url\([\"']?(?!data:)([^)\"']+)", sheet)}

    assert named == {"../fonts/inter-4.1.woff2"}


def test_a_template_is_compiled_once_and_all_of_them_are_kept(app: Flask) -> None:
    templates = app.jinja_env

    assert templates.auto_reload is False
    assert templates.get_template("admin/model/list.html") is templates.get_template("admin/model/list.html")
    assert templates.cache is not None
    assert len(templates.list_templates(["html"])) < templates.cache.capacity


def test_styles_and_scripts_of_a_page_stay_within_their_budget(app: Flask, client: FlaskClient) -> None:
    styles = [("css/bootstrap.min.css", "bootstrap.static"), ("css/app.css", "static"), ("css/parts.css", "static")]
    scripts = [(f"js/{file.name}", "static") for file in Path(str(app.static_folder)).glob("js/*.js")]

    def weight(files: list[tuple[str, str]]) -> int:
        return sum(len(client.get(address_of(app, *file), headers={"Accept-Encoding": "gzip"}).data) for file in files)

    assert weight(styles) <= 40 * 1024
    assert weight(scripts) <= 40 * 1024  # all of them; a page asks for a few, the rest when they are wanted


def test_all_that_is_our_own_stays_under_120_kilobytes_unpacked(app: Flask) -> None:
    files = Path(str(app.static_folder))

    assert sum(file.stat().st_size for file in [*files.glob("css/*.css"), *files.glob("js/*.js")]) <= 120 * 1024


def test_nothing_comes_from_another_site(checkout: Path) -> None:
    ours = [*(checkout / "backoffice/static").rglob("*.css"), *(checkout / "backoffice/static").rglob("*.js")]
    ours += (checkout / "templates").rglob("*.html")

    foreign = [
        file.name for file in ours if re.search(r"(src|href|url|import|fetch)\W{1,3}(https?:)?//", file.read_text())
    ]

    assert foreign == []


def test_no_rule_is_for_a_class_that_nothing_has(checkout: Path) -> None:
    folders = (("templates", "html"), ("backoffice/static/js", "js"), ("backoffice", "py"))
    used = " ".join(file.read_text() for folder, kind in folders for file in (checkout / folder).rglob(f"*.{kind}"))
    sheets = " ".join(sheet.read_text() for sheet in (checkout / "backoffice/static/css").glob("*.css"))
    bare = re.sub(r'/\*.*?\*/|url\([^)]*\)|"[^"]*"', "", sheets, flags=re.DOTALL)

    named = {name for rule in re.findall(r"([^{}]+)\{", bare) for name in re.findall(r"\.(-?[A-Za-z_][\w-]*)", rule)}

    assert {name for name in named if not is_used(name, used)} == set()


def is_used(name: str, text: str) -> bool:
    """Says whether a class stands in a text, or is put together there: of "state-" and a word, of "step" and a number."""
    beginning, dash, end = name.rpartition("-")
    if end.isdecimal() and f'"{beginning}"' in text:
        return True
    whole = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
    made = rf"(?<![\w-]){re.escape(beginning + dash)}(\{{|\$\{{|[\"'] ?~)"
    return re.search(whole, text) is not None or (bool(dash) and re.search(made, text) is not None)
