"""How Jinja is set up for pages of a dozen templates that import each other."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask import templating


class Environment(templating.Environment):
    """Gives templates the globals of the application as they are.

    Jinja chains them behind an empty mapping of the template's own, and looks each of them up along the chain at every
    import: a list has eleven, which took a twentieth of its time. Templates here have no globals of their own.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return self.globals if d is None else super().make_globals(d)
