from __future__ import annotations

import gzip
import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from backoffice.core.web.assets import asset


def address_of(app: Flask, name: str, endpoint: str = "static") -> str:
    with app.test_request_context():
        return asset(name, endpoint)


def test_an_address_holds_the_hash_of_the_file(app: Flask) -> None:
    assert re.fullmatch(r"/static/css/app\.css\?v=[0-9a-f]{12}", address_of(app, "css/app.css"))
    bootstrap = address_of(app, "css/bootstrap.min.css", "bootstrap.static")
    assert re.fullmatch(r"/bootstrap/static/css/bootstrap\.min\.css\?v=[0-9a-f]{12}", bootstrap)


def test_a_file_asked_for_by_its_hash_is_kept_for_a_year_and_any_other_is_asked_for_again(
    app: Flask, client: FlaskClient
) -> None:
    with client.get(address_of(app, "css/app.css")) as hashed, client.get("/static/css/app.css") as bare:
        kept = [answer.headers["Cache-Control"] for answer in (hashed, bare)]

    assert kept == ["public, max-age=31536000, immutable", "no-cache"]


def test_a_font_has_its_version_in_its_name_and_is_kept(client: FlaskClient) -> None:
    with client.get("/static/fonts/inter-4.1.woff2") as font:
        assert font.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_styles_and_scripts_of_a_page_stay_within_their_budget(app: Flask) -> None:
    files = Path(str(app.static_folder))
    bootstrap = Path(str(app.blueprints["bootstrap"].static_folder)) / "css/bootstrap.min.css"

    assert packed(bootstrap, files / "css/app.css", files / "css/parts.css") <= 40 * 1024
    assert packed(*files.glob("js/*.js")) <= 20 * 1024


def packed(*files: Path) -> int:
    return sum(len(gzip.compress(file.read_bytes())) for file in files)


def test_nothing_comes_from_another_site(checkout: Path) -> None:
    ours = [*(checkout / "backoffice/static").rglob("*.css"), *(checkout / "backoffice/static").rglob("*.js")]
    ours += (checkout / "templates").rglob("*.html")

    foreign = [
        file.name for file in ours if re.search(r"(src|href|url|import|fetch)\W{1,3}(https?:)?//", file.read_text())
    ]

    assert foreign == []
