"""The dashboard: cold, and warm, when no SQL but the session's is left."""

from __future__ import annotations

from collections.abc import Iterator

from backoffice.extensions import cache
from tests.benchmarks.measuring import Bench, Figure, timed


def measure(bench: Bench) -> Iterator[Figure]:
    """Yields the cold and the warm look."""
    with bench.app.app_context():
        cache.clear()
    cold, _ = timed(lambda: bench.client.get("/admin/"))
    yield Figure("dashboard: cold", cold, "ms", "300 ms")
    yield bench.page("dashboard: warm", "/admin/", "20 ms")
