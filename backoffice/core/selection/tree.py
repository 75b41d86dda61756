"""A query as a tree of plain values, which print as the query language writes them.

Nothing here knows a model: what a name or a value means is decided where the tree is resolved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

PATH = re.compile(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*)(:|>=|<=|>|<|~)")
BARE_VALUE = re.compile(r'[^\s",]+')
BARE_WORD = re.compile(r'[^\s"]+')
RANGE = ".."
OR = "OR"


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
        special = RANGE in self.text or has_brackets(self.text) or self.text in ("none", "any")
        special = special or self.text.startswith("=")  # behind ">" it would be another comparison
        return self.text if BARE_VALUE.fullmatch(self.text) and not special else quote(self.text)


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
        special = self.text.startswith("-") or PATH.match(self.text) or has_brackets(self.text) or self.text == OR
        plain = BARE_WORD.fullmatch(self.text) and not special
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


@dataclass(frozen=True)
class Group:
    """Two or more parts of which `either` any one will do, or all are asked for."""

    parts: tuple[Part, ...]
    either: bool = False
    negated: bool = False

    def __str__(self) -> str:
        return f"{'-' * self.negated}({self.inner})"

    @property
    def inner(self) -> str:
        """What stands between the brackets."""
        return (f" {OR} " if self.either else " ").join(map(str, self.parts))


Part = Word | Term | Group


def grouped(parts: tuple[Part, ...], either: bool = False, negated: bool = False) -> Part:
    """Returns the group of `parts`; a single one needs no group, and may be turned around itself."""
    if len(parts) == 1:
        return replace(parts[0], negated=parts[0].negated is not negated)
    return Group(parts, either, negated)


def leaves(parts: Iterable[Part]) -> Iterator[Word | Term]:
    """Yields the words and terms, those within groups too."""
    for part in parts:
        if isinstance(part, Group):
            yield from leaves(part.parts)
        else:
            yield part


def equals(path: str, *values: str) -> Term:
    """Returns the term for "the field at `path` is any of `values`"."""
    return Term(tuple(path.split(".")), Op.EQUALS, tuple(map(Literal, values)))


def has_brackets(text: str) -> bool:
    """Says whether the text could be taken for the beginning or the end of a group."""
    return "(" in text or ")" in text


def quote(text: str) -> str:
    """Returns `text` in quotes, to be taken as it is."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def printed(parts: tuple[Part, ...]) -> str:
    """Returns the text whose parse is `parts`."""
    match parts:
        case (Group(either=True, negated=False) as group,):
            return group.inner
    return " ".join(map(str, parts))
