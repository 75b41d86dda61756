"""Every page, light, dark and on a phone: no finding of axe-core, nothing to scroll sideways, a silent console."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Watched
from tests.browser.visits import VISITS, Visit

EVERYTHING: dict[str, Any] = {}
COLOURS = {"runOnly": ["color-contrast"]}
THEMES = {  # by the look that has the size: what is looked for; a theme moves nothing and has other colours
    "light": {"light": EVERYTHING, "dark": COLOURS},
    "phone": {"light": EVERYTHING},
}
FADING = 150  # milliseconds that a colour may take to change


def assert_fine(page: Page, look: str = "light") -> None:
    """By what axe-core finds in the themes of a look, and by whether anything is to be scrolled sideways."""
    page.wait_for_load_state("networkidle")
    for theme, rules in THEMES[look].items():
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.wait_for_timeout(FADING)
        assert (theme, findings(page, rules)) == (theme, [])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


def findings(page: Page, rules: dict[str, Any] = EVERYTHING) -> list[str]:
    """Returns what axe-core finds by these of its rules (WCAG 2.2 AA and best practices): rule and the first elements."""
    found = Axe().run(page, options={"resultTypes": ["violations"], **rules}).response["violations"]
    return [f"{item['id']} ({item['impact']}): {[node['html'][:160] for node in item['nodes'][:3]]}" for item in found]


@pytest.mark.parametrize("look", THEMES)
@pytest.mark.parametrize("visit", VISITS.values(), ids=VISITS)
def test_a_page_is_accessible(open_page: Watched, visit: Visit, look: str) -> None:
    page = open_page("admin", look)

    visit(page)

    assert_fine(page, look)


@pytest.mark.parametrize("look", THEMES)
def test_sign_in_is_accessible(open_page: Watched, look: str) -> None:
    page = open_page(None, look)

    page.goto("/login")

    assert_fine(page, look)


def test_a_refusal_is_accessible(open_page: Watched) -> None:
    page = open_page("read_only")

    page.goto("/admin/staff/")

    assert page.get_by_role("heading", level=1).inner_text() == "You may not do this"
    assert_fine(page)
