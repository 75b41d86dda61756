"""Colours as numbers: how well one reads on another (WCAG 2.2, 1.4.3), and what lies between two."""

from __future__ import annotations

import re
from collections.abc import Callable

READABLE = 4.5  # words on their ground
VISIBLE = 3.0  # a ring, an edge, a button beside what is around it
WHITE, BLACK = "#ffffff", "#000000"
STEPS = 64  # in which a colour is moved towards another
HEX = re.compile(r"#[0-9a-f]{6}")


def contrast(one: str, other: str) -> float:
    """Returns the contrast of two colours `#rrggbb`, from 1 (the same) to 21 (black and white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """Returns `colour` with a share (0 to 1) of `other` in it, as CSS mixes in sRGB."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(mine + (theirs - mine) * share):02x}" for mine, theirs in pairs)


def until(colour: str, other: str, holds: Callable[[str], bool], most: float = 1.0) -> str | None:
    """Returns `colour` with as little of `other` in it as makes `holds` true; None where at most `most` of it does not."""
    shares = (step / STEPS for step in range(int(STEPS * most) + 1))
    return next((found for share in shares if holds(found := mixed(colour, other, share))), None)


def ink_on(ground: str) -> str:
    """Returns white or black, whichever reads better on `ground`: one of them always has more than 4.5."""
    return max((WHITE, BLACK), key=lambda ink: contrast(ink, ground))


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
