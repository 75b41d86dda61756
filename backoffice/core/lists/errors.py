"""What a person is told about a list that cannot be."""

from __future__ import annotations


class ListError(ValueError):
    """A list that cannot be made, shared or found; the text says why and what to do next."""
