from __future__ import annotations

from tests.browser.conftest import Watched

BACKGROUND = "getComputedStyle(document.body).backgroundColor"


def test_the_theme_follows_the_system_until_one_is_chosen(open_page: Watched) -> None:
    page = open_page("admin")
    page.goto("/admin/")
    light = page.evaluate(BACKGROUND)

    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(BACKGROUND)
    page.get_by_role("button", name="Theme: system").click()
    chosen = page.evaluate(BACKGROUND)

    assert (light, dark, chosen) == ("rgb(246, 246, 248)", "rgb(15, 15, 18)", light)


def test_a_chosen_theme_stays(open_page: Watched) -> None:
    page = open_page("admin")
    page.goto("/admin/")
    page.get_by_role("button", name="Theme: system").click()
    page.get_by_role("button", name="Theme: light").click()

    page.goto("/admin/students/")

    assert page.evaluate(BACKGROUND) == "rgb(15, 15, 18)"
    assert page.get_by_role("button", name="Theme: dark").is_visible()


def test_paper_is_white_without_menu_and_buttons(open_page: Watched) -> None:
    page = open_page("admin", "dark")
    page.goto("/admin/students/")

    page.emulate_media(media="print")

    assert page.evaluate(BACKGROUND) == "rgb(255, 255, 255)"
    assert not page.get_by_role("navigation", name="Main").is_visible()
    assert not page.get_by_role("searchbox", name="Search").is_visible()
    assert page.locator("tbody tr").first.is_visible()
