"""The style guide shows every part there is, by the part itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from backoffice.core.access import Role
from backoffice.core.web.tokens import read_tokens
from backoffice.staff.style import swatches

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "templates/staff/style.html").read_text()
WHOLE_PAGES = {"parts/head.html", "admin/parts/record.html", "admin/parts/job_notices.html"}
IN_EVERY_PAGE = {"messages"}
PARTS = sorted(
    (file for folder in ("parts", "admin/parts") for file in (ROOT / "templates" / folder).glob("*.html")), key=str
)
OURS = read_tokens(ROOT / "backoffice/static/css/app.css")


def drawn(name: str) -> set[str]:
    """Returns the macros of a template that the guide calls, by whatever name it gives them."""
    imports = re.search(rf'{{% from "{name}" import ([^%]+?) ?%}}', GUIDE)
    pairs = [part.strip().partition(" as ") for part in imports[1].split(",")] if imports else []
    return {macro for macro, _, alias in pairs if re.search(rf"(?:{{{{|{{% call) {alias or macro}\(", GUIDE)}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: str(part.relative_to(ROOT / "templates")))
def test_every_part_stands_in_the_guide(part: Path) -> None:
    name = str(part.relative_to(ROOT / "templates"))
    macros = set(re.findall(r"{% macro (\w+)\(", part.read_text()))
    included = GUIDE + "".join(other.read_text() for other in PARTS)

    missing = (
        macros - drawn(name) - IN_EVERY_PAGE if macros else {name} - set(re.findall(r'include "([^"]+)"', included))
    )

    assert missing - WHOLE_PAGES == set()


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_the_guide_is_for_administrators(sign_in: Callable[..., FlaskClient], role: str) -> None:
    assert sign_in(role).get("/admin/style/").status_code == (200 if role == "admin" else 403)


def test_the_guide_names_every_token_and_no_id_twice(sign_in: Callable[..., FlaskClient]) -> None:
    page = sign_in("admin").get("/admin/style/").get_data(as_text=True)

    assert [token.name for token in OURS if f"<code>{token.name}</code>" not in page] == []
    assert [name for name, times in Counter(re.findall(r'\sid="([^"]+)"', page)).items() if times > 1] == []


def test_every_colour_has_the_contrast_that_it_needs_in_both_themes() -> None:
    weak = {
        name: [both.contrast for both in pair]
        for name, pair in swatches(OURS, {}).items()
        if not all(s.enough for s in pair)
    }

    assert weak == {}


def test_the_guide_shows_the_colours_that_the_organisation_chose() -> None:
    shown = swatches(OURS, {"accent": ("#0b6e4f", "#18a878"), "on-accent": ("#ffffff", "#000000")})

    assert [(swatch.ink, swatch.ground) for swatch in shown["accent"]] == [
        ("#ffffff", "#0b6e4f"),
        ("#000000", "#18a878"),
    ]
