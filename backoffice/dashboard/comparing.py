"""A number and what it was before, as a sentence: colour says nothing here, words and the number do."""

from __future__ import annotations

from backoffice.core.summaries import COUNT, PERCENT
from backoffice.core.summaries.data import in_words


def difference(value: int, past: int, unit: str) -> str:
    """Returns how a number differs from what it was, up to that number: "12 fewer than", "3.2 points more than"."""
    by = value - past
    if not by:
        return "the same as"
    if unit == PERCENT:
        return f"{abs(by) / 10:,.1f} points {'more' if by > 0 else 'less'} than"
    less = "fewer" if unit == COUNT else "less"
    return f"{in_words(abs(by), unit)} {'more' if by > 0 else less} than"
