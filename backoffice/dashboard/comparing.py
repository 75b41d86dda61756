"""A number and what it was before, as a sentence: colour says nothing here, words and the number do."""

from __future__ import annotations

from backoffice.core import reader
from backoffice.core.summaries import COUNT, PERCENT
from backoffice.core.summaries.labels import in_words
from backoffice.core.wording import gettext


def difference(value: int, past: int, unit: str) -> str:
    """Returns how a number differs from what it was, up to that number: "12 fewer than", "3.2 points more than"."""
    by = value - past
    if not by:
        return gettext("the same as")
    if unit == PERCENT:
        points = reader.figures(f"{abs(by) / 10:,.1f}")
        return gettext("%(n)s points more than", n=points) if by > 0 else gettext("%(n)s points less than", n=points)
    number = in_words(abs(by), unit)
    if by > 0:
        return gettext("%(number)s more than", number=number)
    if unit == COUNT:
        return gettext("%(number)s fewer than", number=number)
    return gettext("%(number)s less than", number=number)
