"""What a person is told when their words cannot be understood."""

from __future__ import annotations


class QueryError(ValueError):
    """A part of a query that cannot be used. `part` is what was typed, `message` says why and what to do next, `hint` the latter alone where it can be told apart.

    Doors answer 400 with `str(error)`; nothing is ever left out of a query silently.
    """

    def __init__(self, part: str, message: str, hint: str = "") -> None:
        self.hint = readable(hint)
        self.part = readable(part)
        self.message = readable(message)
        super().__init__(f"“{self.part}”: {self.message}")


def readable(text: str, longest: int = 400) -> str:
    """Returns `text` so that any page can show it: no control characters, no halves of characters, not too long."""
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:longest])
    return shown + "…" if len(text) > longest else shown
