"""How the columns of a list stand: how many stay in sight while one scrolls sideways, and which are narrower or wider than usual.

An address and a view say it in one text: "pinned:2,narrow:city,wide:bio".
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Self

from backoffice.core.selection import QueryError
from backoffice.core.text import whole_number
from backoffice.core.wording import gettext

MOST_PINNED = 3
PINNED, WIDTHS = "pinned", ("narrow", "wide")


@dataclass(frozen=True)
class Fit:
    """The first `pinned` columns stay in sight; `widths` are those other than usual, by column."""

    pinned: int = 1
    widths: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        pinned = [] if self.pinned == 1 else [f"{PINNED}:{self.pinned}"]
        return ",".join([*pinned, *(f"{width}:{name}" for name, width in self.widths.items())])

    def among(self, columns: Container[str]) -> Self:
        """Returns the same without the widths of columns that are not shown."""
        return type(self)(self.pinned, {name: width for name, width in self.widths.items() if name in columns})

    def classes(self, place: int, name: str) -> str:
        """Returns the classes of the cells of a column at a place, the first one at 0; that one is pinned by itself."""
        found = [self.widths[name]] if name in self.widths else []
        if place < self.pinned > 1:
            found += ["pin"]
        return " ".join(found)


USUAL = Fit()


def read_fit(text: str) -> Fit:
    """Returns what a text says. Raises QueryError naming the part that cannot be read."""
    pinned, widths = USUAL.pinned, {}
    for part in filter(None, text.split(",")):
        what, _, name = part.partition(":")
        if what == PINNED and whole_number(name) in range(MOST_PINNED + 1):
            pinned = int(name)
        elif what in WIDTHS and name:
            widths[name] = what
        else:
            raise QueryError(
                f"fit={part}", gettext("say pinned:0 to %(most)s, or narrow: or wide: and a column", most=MOST_PINNED)
            )
    return Fit(pinned, widths)
