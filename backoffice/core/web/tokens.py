"""The tokens of css/app.css as it declares them: the one place where a colour, a size of type or a corner has its value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

_GROUP = re.compile(r"^  /\* (.+) \*/$")
_TOKEN = re.compile(r"^  --(?!bs-)([\w-]+): (.+?);(?: /\* (.+) \*/)?$")
_COLOURS = re.compile(r"light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")


class Theme(IntEnum):
    """Which of a colour's two values holds."""

    LIGHT = 0
    DARK = 1


@dataclass(frozen=True)
class Token:
    """A custom property: its value as written, what it is for, and the heading that it stands under."""

    name: str
    value: str
    words: str
    group: str

    @property
    def colours(self) -> tuple[str, str] | None:
        """Returns its colour in light and dark; None where it is no plain colour."""
        found = _COLOURS.fullmatch(self.value)
        return (found[1], found[2]) if found else None


def read_tokens(stylesheet: Path) -> list[Token]:
    """Returns every token in the order of declaration."""
    return list(_tokens(stylesheet.read_text()))


def _tokens(text: str) -> Iterator[Token]:
    group = ""
    for line in text.partition("/* Tokens")[2].partition("\n}")[0].splitlines():
        if heading := _GROUP.match(line):
            group = heading[1]
        elif found := _TOKEN.match(line):
            yield Token(found[1], found[2], found[3] or "", group)
