from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from backoffice.core.access import Role
from backoffice.core.views.models import ICONS

ROLES = [role.value for role in Role]


def menu_of(client: FlaskClient) -> dict[str, str]:
    """Returns the names of the menu with their addresses."""
    page = client.get("/admin/account/").get_data(as_text=True)
    menu = page[page.index('aria-label="Main"') : page.index("</nav>")]
    return {name: url for url, name in re.findall(r'<a class="side-link" href="([^"]+)".*?<span>([^<]+)</span>', menu)}


@pytest.mark.parametrize("role", ROLES)
def test_whatever_the_menu_offers_opens(sign_in: Callable[..., FlaskClient], role: str) -> None:
    client = sign_in(role)

    answers = {name: client.get(url).status_code for name, url in menu_of(client).items()}

    assert "Dashboard" in answers
    assert set(answers.values()) == {200}


def test_the_menu_marks_where_one_is(sign_in: Callable[..., FlaskClient]) -> None:
    page = sign_in("admin").get("/admin/students/").get_data(as_text=True)

    assert re.findall(r'href="([^"]+)" aria-current="page"', page) == ["/admin/students/"]


def test_every_icon_is_in_the_sprite_and_the_sprite_holds_no_other(
    sign_in: Callable[..., FlaskClient], checkout: Path
) -> None:
    sprite = (checkout / "backoffice/static/icons/sprite.svg").read_text()
    files = [*(checkout / "templates").rglob("*.html"), *(checkout / "backoffice/static/js").glob("*.js")]
    texts = "\n".join(file.read_text() for file in files)
    drawn = set(re.findall(r"sprite\.svg[^#]*#([\w-]+)", sign_in("admin").get("/admin/").get_data(as_text=True)))

    held = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    asked = drawn | set(re.findall(r'icon\("([\w-]+)"', texts)) | set(ICONS)

    assert asked <= held
    assert {name for name in held if name not in asked and f'"{name}"' not in texts} == set()
