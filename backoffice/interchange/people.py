"""Made-up people: the same number always gives the same name, on every machine and whatever else is made up."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from itertools import accumulate

from backoffice.core.text import fold
from backoffice.interchange.languages import LANGUAGES, SINGLE_NAMES

_SINGLE_PER_THOUSAND = 15
_WEIGHTS = list(accumulate(language.weight for language in LANGUAGES))


@dataclass(frozen=True)
class MadeUp:
    """A person's names and address; a person with one name has no given name."""

    full_name: str
    given_name: str | None
    family_name: str
    email: str


class Dice:
    """Throws that depend on a text alone."""

    def __init__(self, text: str) -> None:
        self._rest = int.from_bytes(blake2b(text.encode(), digest_size=24).digest(), "big")

    def throw(self, sides: int) -> int:
        """Returns a number from 0 to `sides` - 1."""
        self._rest, shown = divmod(self._rest, sides)
        return shown

    def pick(self, items: tuple[str, ...]) -> str:
        return items[self.throw(len(items))]


def made_up(seed: str, number: str) -> MadeUp:
    """Returns the person that `number` stands for under `seed`."""
    dice = Dice(f"{seed}:{number}")
    if dice.throw(1000) < _SINGLE_PER_THOUSAND:
        name = dice.pick(SINGLE_NAMES)
        return MadeUp(name, None, name, _email(name, number, seed))
    language = LANGUAGES[bisect(_WEIGHTS, dice.throw(_WEIGHTS[-1]))]
    given, family = dice.pick(language.given), dice.pick(language.family)
    full = f"{family} {given}" if language.family_first else f"{given} {family}"
    return MadeUp(full, given, family, _email(f"{given} {family}", number, seed))


def _email(name: str, number: str, seed: str) -> str:
    latin = "".join(letter if letter.isascii() and letter.isalnum() else "." for letter in fold(name))
    words = ".".join(part for part in latin.split(".") if part)
    return f"{words or 'student'}.{number}@{seed}.example.org"  # reserved (RFC 2606): no letter ever reaches anybody


def birthday(seed: str, number: str, earliest: date, latest: date) -> date:
    """Returns the date of birth that `number` stands for, between two dates, both included."""
    return earliest + timedelta(days=Dice(f"{seed}:{number}:born").throw((latest - earliest).days + 1))
