"""Every address of the application, for the sweeps."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask


@dataclass(frozen=True)
class Route:
    """One endpoint by one method, with an address that leads there."""

    endpoint: str
    method: str
    address: str


def routes(app: Flask) -> list[Route]:
    """Returns each endpoint once per method that people use. Parts of addresses are filled with "1", which fits all."""
    adapter = app.url_map.bind("localhost")
    return [
        Route(rule.endpoint, method, adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, "1"), method))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
