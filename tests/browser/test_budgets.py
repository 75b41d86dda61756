"""What a grid of 50 rows costs the browser: requests, bytes, nodes, and nothing that jumps while it loads."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request

from tests.browser.conftest import Watched
from tests.browser.pages import open_grid, wait_for_fonts

SHIFTS = """() => new Promise((resolve) => new PerformanceObserver((list) =>
  resolve(list.getEntries().reduce((sum, entry) => sum + entry.value, 0))).observe({ type: "layout-shift", buffered: true })
  || setTimeout(() => resolve(0), 500))"""


def loaded(page: Page) -> list[Request]:
    """Opens a grid of 50 rows and returns the requests that it took."""
    requests: list[Request] = []
    page.on("requestfinished", lambda request: requests.append(request))
    open_grid(page, "students", page_size="50")
    wait_for_fonts(page)
    page.wait_for_load_state("networkidle")
    return requests


def weight(requests: list[Request]) -> int:
    """Returns the bytes of the answers that came over the wire, headers included; what was kept sums up to none."""
    sizes = [request.sizes() for request in requests]
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


def test_a_first_look_at_a_grid_takes_few_requests_and_bytes(open_page: Watched) -> None:
    requests = loaded(open_page("admin"))

    assert len(requests) <= 12, [request.url for request in requests]
    assert weight(requests) <= 150_000


def test_a_second_look_takes_the_page_alone(open_page: Watched) -> None:
    page = open_page("admin")
    loaded(page)

    again = [request for request in loaded(page) if request.sizes()["responseBodySize"] > 0]

    # A page asks for the notices of an open job every few seconds, whoever began it, and Chromium for the icon of the tab
    # when it has the time, be it during the second look.
    asked = [request.url for request in again if request.resource_type != "fetch" and "favicon" not in request.url]
    assert asked == [page.url]
    assert weight(again) <= 30_000


def test_a_grid_of_50_rows_has_at_most_1500_nodes(open_page: Watched) -> None:
    page = open_page("admin")
    loaded(page)

    assert page.locator("tbody tr").count() == 50
    assert page.evaluate("document.querySelectorAll('*').length") <= 1500


@pytest.mark.parametrize("look", ("light", "phone"))
def test_nothing_jumps_while_a_grid_loads_and_its_scripts_come_late(open_page: Watched, look: str) -> None:
    page = open_page("admin", look)
    page.route("**/static/js/**", lambda route: (page.wait_for_timeout(200), route.continue_()))
    loaded(page)

    assert page.evaluate(SHIFTS) <= 0.05
