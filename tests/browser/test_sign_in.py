from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Watched
from tests.browser.site import sign_in

MONEY = ["Invoices", "Payments"]
TEACHING = ["Courses", "Lessons", "Terms", "Sections", "Enrollments"]
MENUS = {
    "admin": ["Students", *TEACHING, *MONEY, "Staff", "Operations"],
    "registrar": ["Students", *TEACHING, *MONEY, "Operations"],
    "finance": ["Students", *TEACHING, *MONEY, "Operations"],
    "course_editor": ["Students", *TEACHING],
    "support": ["Students", *TEACHING, *MONEY],
    "read_only": ["Students", *TEACHING, *MONEY],
}


def menu(page: Page) -> set[str]:
    return {link.inner_text().strip() for link in page.get_by_role("navigation", name="Main").get_by_role("link").all()}


@pytest.mark.parametrize("role", MENUS)
def test_each_role_signs_in_sees_its_own_menu_and_signs_out(open_page: Watched, role: str) -> None:
    page = open_page(None)

    sign_in(page, role)
    seen = menu(page)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login*")
    page.goto("/admin/students/")

    assert {name for names in MENUS.values() for name in names} & seen == set(MENUS[role])
    assert "/login?next=" in page.url


def test_every_entry_of_the_menu_opens_and_is_marked(open_page: Watched) -> None:
    page = open_page("admin")
    page.goto("/admin/")
    links = page.get_by_role("navigation", name="Main").get_by_role("link")
    addresses = [str(link.get_attribute("href")) for link in links.all()]

    marked = []
    for address in addresses:
        assert page.goto(address).status == 200
        marked.append(page.locator("nav [aria-current=page]").get_attribute("href"))

    assert marked == addresses


def test_a_wrong_password_is_said_and_the_name_stays(open_page: Watched) -> None:
    page = open_page(None)
    page.goto("/login")

    page.get_by_label("Username or email").fill("registrar")
    page.get_by_label("Password", exact=True).fill("not this one, surely")
    page.keyboard.press("Enter")

    page.get_by_role("alert").wait_for()
    assert page.get_by_label("Username or email").input_value() == "registrar"
    assert page.get_by_label("Password", exact=True).input_value() == ""
