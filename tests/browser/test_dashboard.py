"""The overview in a browser: it answers in one choice, leads on to the next step, keeps itself fresh and stays where it is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.pages import open_grid, rows
from tests.browser.test_accessibility import assert_fine

SHIFTS = """() => new Promise((resolve) => { let sum = 0; new PerformanceObserver((list) =>
  list.getEntries().forEach((entry) => { sum += entry.value; })).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum))); })"""


def figure(page: Page, title: str):
    """The figure of this title."""
    return page.get_by_role("article", name=re.compile(f"^{title}"))


def counted(page: Page) -> None:
    """Waits until every figure of the overview is counted."""
    page.goto("/admin/")
    expect(page.locator("[data-counting]")).to_have_count(0, timeout=30_000)


def test_one_choice_says_how_many_active_students_there_were_last_term(open_page: Watched) -> None:
    page = open_page("registrar")
    counted(page)

    page.get_by_role("button", name="Last term", exact=True).click()

    tile = figure(page, "Active students in the period")
    expect(tile).to_contain_text(re.compile(r"\d (fewer|more) than|the same as"))
    expect(page).to_have_url(re.compile("period=last-term"))
    page.get_by_role("button", name="This term", exact=True).click()
    expect(page).to_have_url(re.compile("period=term"))


def test_the_next_step_leads_to_its_review_and_back(open_page: Watched) -> None:
    page = open_page("registrar")
    counted(page)
    queue = figure(page, "Applied more than 3 days ago")
    waits = queue.get_by_role("heading").inner_text()

    queue.get_by_role("button", name=re.compile("^Admit")).first.click()

    page.get_by_role("heading", name=re.compile("Review")).first.wait_for()
    assert_fine(page)
    page.get_by_role("link", name=re.compile("Cancel|Back")).first.click()
    expect(page).to_have_url(re.compile("/admin/$"))
    assert queue.get_by_role("heading").inner_text() == waits  # nothing has changed


def test_an_open_page_shows_what_colleagues_did_says_so_and_does_not_jump(open_page: Watched) -> None:
    page = open_page("admin")
    page.clock.install()
    counted(page)
    tile = figure(page, "Students by status")
    tile.locator("summary", has_text="Table").click()
    before = tile.locator("table").inner_text()
    shifted = page.evaluate(SHIFTS)
    other = open_page("admin")
    open_grid(other, "students", search="status:active")
    rows(other).first.locator("th[scope=row] a").click()
    other.get_by_role("link", name="Edit", exact=True).first.click()
    other.get_by_label("Status", exact=True).select_option(label="On leave")
    with other.expect_navigation():
        other.get_by_role("button", name="Save", exact=True).click()

    page.clock.fast_forward("01:01")

    expect(page.locator("[data-told]")).to_contain_text("Students by status", timeout=15_000)
    expect(page.locator("[data-age]")).to_contain_text("Updated just now")
    assert tile.locator("table").is_visible()
    assert tile.locator("table").inner_text() != before
    assert page.evaluate(SHIFTS) - shifted <= 0.01


@pytest.mark.parametrize("javascript", [True, False])
def test_figures_are_arranged_by_buttons_with_and_without_javascript(open_page: Watched, javascript: bool) -> None:
    page = open_page("support", javascript=javascript)
    page.goto("/admin/arrange/")

    page.get_by_role("button", name="Hide: Overbooked sections").click()
    page.get_by_role("button", name="Move down: To do").click()

    page.get_by_role("link", name="Done").click()
    assert page.locator(".figure-group-title").first.inner_text() == "Today"
    expect(figure(page, "Overbooked sections")).to_have_count(0)
    page.goto("/admin/arrange/")
    page.get_by_role("button", name="Reset to my role’s").click()
    page.get_by_role("button", name="Hide: Overbooked sections").wait_for()


def test_dragging_does_what_the_buttons_do(open_page: Watched) -> None:
    page = open_page("finance")
    page.goto("/admin/arrange/")
    names = page.locator("ol.arrange-rows").first.locator(".arrange-name")
    before = names.all_inner_texts()

    page.locator("[data-figure]").nth(1).drag_to(
        page.locator("[data-figure]").nth(0), target_position={"x": 40, "y": 2}
    )

    expect(names.first).to_have_text(before[1])
    page.reload()
    assert names.all_inner_texts()[:2] == [before[1], before[0]]
    page.get_by_role("button", name="Reset to my role’s").click()
    page.wait_for_load_state()


NAMES_OVER_BARS = """() => [...document.querySelectorAll("svg.picture")].flatMap((picture) => {
  const bars = [...picture.querySelectorAll("rect.bar")].map((bar) => bar.getBoundingClientRect());
  return [...picture.querySelectorAll("text")].filter((text) => {
    const box = text.getBoundingClientRect();
    return bars.some((bar) => bar.width && box.left < bar.right - 1 && box.right > bar.left + 1
      && box.top < bar.bottom - 1 && box.bottom > bar.top + 1);
  }).map((text) => text.textContent);
})"""


def test_pictures_are_drawn_alike_where_pages_run_from_right_to_left(open_page: Watched) -> None:
    page = open_page("admin")
    counted(page)

    page.evaluate("document.documentElement.dir = 'rtl'")

    expect(page.locator("svg.picture rect.bar").first).to_be_visible()
    assert page.evaluate(NAMES_OVER_BARS) == []
