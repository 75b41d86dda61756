"""Pictures of the main pages: `python -m tests.browser.screenshots FOLDER [SCENE ...]`."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.pages import open_grid, open_palette, open_shortcuts, pick_all, rows, wait_for_fonts
from tests.browser.site import FLAGS, LOOKS, Site, chromium, demo, sign_in

STUDENTS = 2000
HEIGHTS = {"dashboard": 1080}  # pixels, where a page says more on a higher screen
ON_A_PIXEL = "() => scrollTo(0, Math.floor(scrollY))"
IN_THE_MIDDLE = "one => scrollBy(0, Math.round(one.getBoundingClientRect().top - innerHeight / 2))"
PHONES: list[str] = []  # that are left for the scenes of one look: which processes take which looks is up to chance


def sign_in_page(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/login")


def dashboard(page: Page) -> None:
    page.goto("/admin/")


def grid(page: Page) -> None:
    open_grid(page, "students", search="status:active age>=21", sort="sort_name")
    for index in (1, 2, 4):
        page.locator("tbody input[type=checkbox]").nth(index).check()
    page.locator("table").hover(position={"x": 300, "y": 8})


def enrollments(page: Page) -> None:
    open_grid(
        page, "enrollments", search="status:withdrawn,dropped end_date:2025-09-01..today", sort="student.sort_name"
    )
    for index in (0, 2, 3):
        page.locator("tbody input[type=checkbox]").nth(index).check()


def conditions(page: Page) -> None:
    query = "student.status:active -(status:active,suspended OR section.course.code~A) created_at:-1y..today"
    page.goto(f"/admin/enrollments/filter/?search={query}")
    page.wait_for_load_state()


def suggestions(page: Page) -> None:
    open_grid(page, "students")
    page.get_by_role("searchbox", name="Search").press_sequentially("status:")
    page.get_by_role("option").first.wait_for()


def palette(page: Page) -> None:
    open_grid(page, "students")
    open_palette(page, "mar")
    page.get_by_role("dialog", name="Find anything").get_by_role("group", name="Students").wait_for()


def details(page: Page) -> None:
    open_grid(page, "students", search="enrollments.status:active status:active")
    rows(page).first.locator("th a").click()
    page.wait_for_load_state()


def record(page: Page) -> None:
    """A record that was changed, met in a list."""
    form(page)
    page.get_by_label("City", exact=True).fill("York")
    page.get_by_label("Phone", exact=True).fill(PHONES.pop(0))
    page.get_by_role("button", name="Save", exact=True).click()
    open_grid(page, "students", search="enrollments.status:active status:active")
    rows(page).nth(1).locator("th a").click()
    page.get_by_role("link", name=re.compile("^Previous:")).click()
    page.wait_for_load_state()
    wait_for_fonts(page)  # letters of another one scroll to another place
    button = page.get_by_role("button", name="Who last changed city")
    button.focus()
    button.evaluate(IN_THE_MIDDLE)


def versions(page: Page) -> None:
    record(page)
    page.get_by_role("link", name=re.compile("^Compare or restore")).last.click()
    page.wait_for_load_state()


def form(page: Page) -> None:
    details(page)
    page.get_by_role("link", name="Edit", exact=True).first.click()
    page.wait_for_load_state()


def bulk_choice(page: Page) -> None:
    open_grid(page, "enrollments", search="status:active,suspended,withdrawn start_date>=2026-01-01")
    page.get_by_label("Select this page").check()
    pick_all(page)
    page.get_by_role("button", name="Edit", exact=True).click()
    page.wait_for_load_state()


def bulk_review(page: Page) -> None:
    bulk_choice(page)
    page.get_by_label("Status", exact=True).select_option(label="Suspended")
    page.get_by_role("button", name="Review").click()
    page.wait_for_load_state()


def bulk_delete(page: Page) -> None:
    open_grid(page, "students", search="status:active")
    for index in (0, 1, 2):
        page.locator("tbody input[type=checkbox]").nth(index).check()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.wait_for_load_state()


def conflict(page: Page) -> None:
    """Two windows on one record: the other one saves first."""
    form(page)
    other = page.context.new_page()
    other.goto(page.url)
    for window, phone, city in ((other, PHONES.pop(0), "York"), (page, PHONES.pop(0), "Leeds")):
        window.get_by_label("Phone", exact=True).fill(phone)
        window.get_by_label("City", exact=True).fill(city)
        window.get_by_role("button", name="Save", exact=True).click()
        window.wait_for_load_state()
    other.close()


def peek(page: Page) -> None:
    open_grid(page, "students", search="status:active", sort="sort_name")
    page.goto(str(page.get_by_role("link", name="Peek", exact=True).get_attribute("href")))


def groups(page: Page) -> None:
    open_grid(page, "invoices", group="state", measure="sum")


def nothing_found(page: Page) -> None:
    open_grid(page, "students", search="zzzzqqqq")


def lines(page: Page) -> None:
    open_grid(page, "invoices", search="state:draft")
    rows(page).first.locator("th a").click()
    page.get_by_role("link", name="Edit", exact=True).first.click()
    page.get_by_role("button", name="Add a line").scroll_into_view_if_needed()


def columns(page: Page) -> None:
    page.goto("/admin/enrollments/columns/")


def cells(page: Page) -> None:
    page.goto("/admin/students/cells/")


def paper(page: Page) -> None:
    page.goto("/admin/enrollments/print/?search=status:withdrawn")


def arrange(page: Page) -> None:
    page.goto("/admin/arrange/")


def account(page: Page) -> None:
    page.goto("/admin/account/")


def not_found(page: Page) -> None:
    page.goto("/admin/students/details/?id=999999999")


def operation(page: Page) -> None:
    open_grid(page, "operations")
    rows(page).first.locator("th a").click()
    page.wait_for_load_state()


SCENES: dict[str, Callable[[Page], None]] = {
    scene.__name__.removesuffix("_page").replace("_", "-"): scene
    for scene in (
        dashboard,
        grid,
        enrollments,
        suggestions,
        palette,
        open_shortcuts,
        conditions,
        details,
        record,
        versions,
        form,
        bulk_choice,
        bulk_review,
        bulk_delete,
        conflict,
        operation,
        peek,
        groups,
        nothing_found,
        lines,
        columns,
        cells,
        paper,
        arrange,
        account,
        not_found,
        sign_in_page,
    )
}


def taken(browser: Browser, site: Site, look: str, scenes: Iterable[str] = SCENES) -> Iterator[tuple[str, bytes]]:
    """Yields scenes with their pictures, as PNG, in the order in which they can follow one another."""
    first = 4 * list(LOOKS).index(look) + 1
    PHONES[:] = map("+44 113 496 {:04}".format, range(first, first + 4))
    scale = 2 if look == "phone" else 1
    context = browser.new_context(base_url=site.url, device_scale_factor=scale, **LOOKS[look])
    page = context.new_page()
    sign_in(page, "admin")
    for name in sorted(scenes, key=list(SCENES).index):  # signing out comes last
        size = LOOKS[look]["viewport"]
        page.set_viewport_size(size | {"height": HEIGHTS.get(name, size["height"])})
        SCENES[name](page)
        page.wait_for_load_state("networkidle")
        page.evaluate(ON_A_PIXEL)
        yield name, page.screenshot(animations="disabled", caret="hide")
    context.close()


def main(folder: Path, scenes: list[str]) -> None:
    """Takes the pictures of `scenes` (all unless named) in every look."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as files, demo(Path(files), STUDENTS) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for look in LOOKS:
            for name, picture in taken(browser, site, look, scenes or SCENES):
                (folder / f"{name}-{look}.png").write_bytes(picture)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
