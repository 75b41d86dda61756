"""Searching: what the address says."""

from __future__ import annotations

from tests.browser.conftest import Watched
from tests.browser.pages import open_grid, search


def test_a_search_leaves_empty_filters_out_of_the_address(open_page: Watched) -> None:
    page = open_page("registrar")
    open_grid(page, "students")

    search(page, "status:active")

    assert page.url.endswith("/admin/students/?search=status%3Aactive")
