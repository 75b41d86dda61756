"""Passwords: how they are stored (argon2id), compared in the same time for known and unknown people, and refused."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from secrets import token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext
from zxcvbn import zxcvbn

from backoffice.core.text import fold
from backoffice.core.wording import gettext

SHORTEST, LONGEST = 8, 256
ADVICE = lazy_gettext("At least 8 characters; 15 or more are better. A few unrelated words make a good one.")

_EASY = 2  # zxcvbn scores below this are found within a million guesses: the common ones and their variations
_OWN = 3  # letters: shorter words of one's own, and shorter rests beside them, are chance
_ESTIMATED = 72  # characters that zxcvbn looks at; what is longer is not made of one common password
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's first choice; about 25 ms
_NOBODYS = _hasher.hash(token_urlsafe(16))


def hash_password(password: str) -> str:
    """Returns what is stored in place of a password."""
    return _hasher.hash(_normalised(password))


def verify(stored: str | None, password: str) -> bool:
    """Says whether `password` is the one behind `stored`. Takes as long where nothing is stored."""
    try:
        matches = _hasher.verify(stored or _NOBODYS, _normalised(password))
    except (VerificationError, InvalidHashError):
        return False
    return matches and stored is not None


def outdated(stored: str) -> bool:
    """Says whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def mark(stored: str) -> str:
    """Returns a short sign of one stored password, by which a session knows that it has been changed."""
    return hashlib.sha256(stored.encode()).hexdigest()[:16]


def objection(password: str, own_words: Iterable[str] = ()) -> str | None:
    """Returns why `password` is refused, as a sentence; None if it is fine.

    `own_words` are what an attacker would try first: the person's names and addresses, the organisation's name.
    """
    password = _normalised(password)
    if len(password) < SHORTEST:
        return gettext("Use at least %(number)s characters.", number=SHORTEST)
    if len(password) > LONGEST:
        return gettext("Use at most %(number)s characters.", number=LONGEST)
    words = {part for word in own_words for part in re.split(r"[\W_]+", fold(word)) if len(part) >= _OWN}
    if _is_made_of(password, words):
        return gettext("Do not use your name, your address or the organisation's name as the password.")
    estimate = zxcvbn(password[:_ESTIMATED], user_inputs=sorted(words), max_length=_ESTIMATED)
    if estimate["score"] < _EASY:
        return gettext("This password is among the first that attackers try. Choose a less common one.")
    return None


def _is_made_of(password: str, words: Iterable[str]) -> bool:
    """Says whether hardly a letter is left of the password without `words`: "Maria.Lopez-2026!" is made of names."""
    letters = re.sub(r"[\W\d_]+", "", fold(password))
    rest = letters
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest != letters and len(rest) <= _OWN


def _normalised(password: str) -> str:
    """Returns one spelling for what keyboards and systems compose differently."""
    return unicodedata.normalize("NFKC", password)
