"""A query as a tree of plain values, which print as the query language writes them.

Nothing here knows a model: what a name or a value means is decided where the tree is resolved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

PATH = re.compile(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*)(:|>=|<=|>|<|~)")
BARE_VALUE = re.compile(r'[^\s",]+')
BARE_WORD = re.compile(r'[^\s"]+')
RANGE = ".."


class Op(StrEnum):
    EQUALS = ":"
    CONTAINS = "~"
    GREATER = ">"
    AT_LEAST = ">="
    SMALLER = "<"
    AT_MOST = "<="


@dataclass(frozen=True)
class Literal:
    """A value as typed; its field gives it a type."""

    text: str

    def __str__(self) -> str:
        plain = BARE_VALUE.fullmatch(self.text) and RANGE not in self.text and self.text not in ("none", "any")
        return self.text if plain else quote(self.text)


@dataclass(frozen=True)
class Empty:
    """`none`: there is no value."""

    def __str__(self) -> str:
        return "none"


@dataclass(frozen=True)
class Filled:
    """`any`: there is a value."""

    def __str__(self) -> str:
        return "any"


@dataclass(frozen=True)
class Range:
    """From `low` to `high`, both included; one of them may be open."""

    low: Literal | None
    high: Literal | None

    def __str__(self) -> str:
        return RANGE.join(end.text if end else "" for end in (self.low, self.high))


Value = Literal | Empty | Filled | Range


@dataclass(frozen=True)
class Word:
    """A word or phrase that occurs in a searched column, in any case, with or without accents."""

    text: str
    negated: bool = False

    def __str__(self) -> str:
        plain = BARE_WORD.fullmatch(self.text) and not self.text.startswith("-") and not PATH.match(self.text)
        return "-" * self.negated + (self.text if plain else quote(self.text))


@dataclass(frozen=True)
class Term:
    """A condition on the field at the end of `path`; with several values any of them will do."""

    path: tuple[str, ...]
    op: Op
    values: tuple[Value, ...]
    negated: bool = False

    def __str__(self) -> str:
        return "-" * self.negated + self.name + self.op + ",".join(map(str, self.values))

    @property
    def name(self) -> str:
        return ".".join(self.path)


Part = Word | Term


def equals(path: str, *values: str) -> Term:
    """Returns the term for "the field at `path` is any of `values`"."""
    return Term(tuple(path.split(".")), Op.EQUALS, tuple(map(Literal, values)))


def quote(text: str) -> str:
    """Returns `text` in quotes, to be taken as it is."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def printed(parts: tuple[Part, ...]) -> str:
    """Returns the text whose parse is `parts`."""
    return " ".join(map(str, parts))
