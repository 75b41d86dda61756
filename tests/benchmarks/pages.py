"""Pages of the three large grids: the first, the next at any depth, a jump to the middle."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from sqlalchemy import text

from backoffice.extensions import db
from tests.benchmarks.measuring import Bench, Figure

TABLES = {"students": "student", "enrollments": "enrollment", "invoices": "invoice"}
_NEXT = re.compile(r'rel="next" href="([^"]+)"')


def measure(bench: Bench) -> Iterator[Figure]:
    """Yields four figures per grid."""
    for grid in TABLES:
        first = f"/admin/{grid}/?page_size=50"
        deep = f"{first}&page={middle(bench, grid)}"
        yield bench.page(f"{grid}: first page", first, "4x the view", grid)
        yield bench.page(f"{grid}: next page", following(bench, first), "1.2x the first", grid)
        yield bench.page(f"{grid}: jump to the middle", deep, "120 ms", grid)
        yield bench.page(f"{grid}: next page in the middle", following(bench, deep), "1.2x the first", grid)


def middle(bench: Bench, grid: str) -> int:
    """Returns the number of the page of 50 rows in the middle of a grid."""
    with bench.app.app_context():
        rows = db.session.scalar(text(f"SELECT count(*) FROM {TABLES[grid]}")) or 0
    return int(rows) // 100


def following(bench: Bench, address: str) -> str:
    """Returns where the page at `address` leads on to."""
    found = _NEXT.search(bench.text(address))
    assert found, f"{address} has no next page"
    return html.unescape(found.group(1))
