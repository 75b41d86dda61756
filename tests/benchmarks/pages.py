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
    for grid, table in TABLES.items():
        with bench.app.app_context():
            middle = (db.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0) // 100
        first, deep = f"/admin/{grid}/?page_size=50", f"/admin/{grid}/?page_size=50&page={middle}"
        yield bench.page(f"{grid}: first page", first, "4x the view", grid)
        yield bench.page(f"{grid}: next page", _next(bench, first), "1.2x the first", grid)
        yield bench.page(f"{grid}: jump to the middle", deep, "120 ms", grid)
        yield bench.page(f"{grid}: next page in the middle", _next(bench, deep), "1.2x the first", grid)


def _next(bench: Bench, address: str) -> str:
    """Returns where the page at `address` leads on to."""
    found = _NEXT.search(bench.text(address))
    assert found, f"{address} has no next page"
    return html.unescape(found.group(1))
