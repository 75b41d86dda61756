"""What narrows and orders the grids: searches, filters, every sortable column."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from backoffice.app import GRIDS
from backoffice.core.grid.declaration import Declaration
from tests.benchmarks.measuring import Bench, Figure
from tests.benchmarks.pages import TABLES, following, middle

SEARCHES = {
    "a common fragment": ("students", "mar"),
    "a rare fragment": ("students", "S000123"),
    "no match": ("students", "zzqqxx"),
    "two words": ("students", "anna leeds"),
    "across a relation": ("enrollments", "mueller"),
}
FILTERS = {
    "by state": ("enrollments", "status:withdrawn"),
    "by related course": ("enrollments", "section.course.code:ACC101"),
    "by date range": ("invoices", "issue_date:-60d..today"),
    "by two at once": ("enrollments", "status:active section.course.code:ACC101"),
}


def measure(bench: Bench) -> Iterator[Figure]:
    """Yields one figure per search, filter and sortable column."""
    for what, (grid, query) in SEARCHES.items():
        yield bench.page(f"search: {what} ({query})", _address(grid, search=query), "60 ms", grid)
    for what, (grid, query) in FILTERS.items():
        yield bench.page(f"filter {what}", _address(grid, search=query), "6x the view", grid)
    for grid in GRIDS:
        if grid.name in TABLES:
            yield from _sorts(bench, grid)


def _sorts(bench: Bench, grid: type[Declaration]) -> Iterator[Figure]:
    for name in grid.columns:
        address = _address(grid.name, sort=name)
        if bench.client.get(address).status_code == 200:
            yield bench.page(f"{grid.name} sorted by {name}", address, "6x the view", grid.name)
            beside = following(bench, f"{address}&page={middle(bench, grid.name)}")
            yield bench.page(f"{grid.name} sorted by {name}, next page deep", beside, "1.2x the first", grid.name)


def _address(grid: str, **parameters: str) -> str:
    return f"/admin/{grid}/?page_size=50&{urlencode(parameters)}"
