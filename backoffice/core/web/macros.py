"""Templates' macros, for what is drawn in Python: once, and kept."""

from __future__ import annotations

from typing import Any

from flask import current_app


def macros(template: str) -> Any:
    """Returns the macros of a template as functions; what they show comes in as arguments."""
    return current_app.jinja_env.get_template(template).module
